import { type Shape, Shapes } from './fact-shapes.js';
import type { Fact } from './fact.js';
import { narrowed, packedTexts, type TextColumn, widthOf } from './text-columns.js';

/** The description of packed facts, as JSON after its length at the beginning of the bytes. */
export interface Contents {
  readonly facts: number;
  readonly shapes: readonly Shape[];
  /** Width of the number of each fact's shape. */
  readonly shape: 1 | 2 | 4;
  /** The columns of ids, streams and instants, followed by those of the shapes. */
  readonly columns: readonly TextColumn[];
  /** Bytes of each section; each begins at a multiple of 8. */
  readonly sections: readonly number[];
}
/** The number of facts that are packed or loaded in one step, so that other work can run in between. */
export const STEP = 1024;

/** Facts as bytes, by column. `StoredFacts` reads the same facts, so a history gives the same answers. */
export function* packedFacts(facts: readonly Fact[]): Generator<undefined, Uint8Array> {
  const shapes = new Shapes();
  const [ids, streams, instants]: string[][] = [[], [], []];
  const positions = new BigInt64Array(facts.length);
  const shape = new Uint32Array(facts.length);
  for (const [i, fact] of facts.entries()) {
    positions[i] = fact.position;
    shape[i] = shapes.add(fact.type, fact.data);
    ids!.push(fact.id);
    streams!.push(fact.stream);
    instants!.push(fact.recorded);
    if (i % STEP === STEP - 1) yield;
  }
  const narrow = narrowed(shape);
  const sections: ArrayBufferView[] = [positions, narrow];
  const columns: TextColumn[] = [];
  for (const values of [ids!, streams!, instants!, ...shapes.columns]) {
    const { column, sections: own } = packedTexts(values);
    columns.push(column);
    sections.push(...own);
    yield;
  }
  const contents: Contents = {
    facts: facts.length,
    shapes: shapes.shapes,
    shape: widthOf(narrow),
    columns,
    sections: sections.map(({ byteLength }) => byteLength),
  };
  return joined(new TextEncoder().encode(JSON.stringify(contents)), sections);
}

function joined(contents: Uint8Array, sections: readonly ArrayBufferView[]): Uint8Array {
  const size = sections.reduce((sum, { byteLength }) => aligned(sum + byteLength), aligned(8 + contents.byteLength));
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, contents.byteLength, true);
  bytes.set(contents, 8);
  let at = aligned(8 + contents.byteLength);
  for (const { buffer, byteOffset, byteLength } of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at = aligned(at + byteLength);
  }
  return bytes;
}

/** Sections begin at multiples of 8. */
export function aligned(offset: number): number {
  return (offset + 7) & ~7;
}
