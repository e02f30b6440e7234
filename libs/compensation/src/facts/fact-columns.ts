import { eventTypes } from '@attain/contracts';
import { dataOf, type Shape, Shapes } from './fact-shapes.js';
import type { Fact } from './fact.js';
import { narrowed, numbersOf, packedTexts, type TextColumn, TextReader, widthOf } from './text-columns.js';

interface Contents {
  readonly facts: number;
  readonly shapes: readonly Shape[];
  /** Width of the number of each fact's shape. */
  readonly shape: 1 | 2 | 4;
  /** The columns of ids, streams and instants, followed by those of the shapes. */
  readonly columns: readonly TextColumn[];
  /** Bytes of each section; each begins at a multiple of 8. */
  readonly sections: readonly number[];
}
/** The number of facts that are packed or unpacked in one step, so that other work can run in between. */
const STEP = 1024;

/** Facts as bytes, by column. `unpackedFacts` restores the same facts, so a history gives the same answers. */
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

/** The packed facts, some in each step. Throws an Error if `packedFacts` did not write the bytes. */
export function* unpackedFacts(bytes: Uint8Array, shared = new Map<string, string>()): Generator<Fact[], void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const {
    facts,
    shapes,
    shape: width,
    columns,
    sections,
  } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Contents;
  let [at, nth] = [aligned(8 + length), 0];
  const section = (): Uint8Array => {
    const from = at;
    at = aligned(from + sections[nth]!);
    // Copied, because numbers must start at multiples of their width.
    return new Uint8Array(bytes.subarray(from, from + sections[nth++]!));
  };
  const positions = new BigInt64Array(section().buffer as ArrayBuffer);
  const shape = numbersOf(section(), width);
  const [ids, streams, instants, ...texts] = columns.map((column) => new TextReader(column, section, shared));
  const types = shapes.map(({ type }) => typeNamed(type));
  for (let from = 0; from < facts; from += STEP) {
    const page: Fact[] = [];
    for (let i = from; i < Math.min(facts, from + STEP); i += 1) {
      const nth = shape[i]!;
      page.push({
        type: types[nth]!,
        data: dataOf(shapes[nth]!, texts),
        id: ids!.read(),
        position: positions[i]!,
        stream: streams!.read(),
        recorded: instants!.read(),
      } as Fact);
    }
    yield page;
  }
}

/** One shared text for each type, whichever part it was read from. */
function typeNamed(name: string): string {
  const known = eventTypes.get(name);
  if (known === undefined) throw new Error(`unknown event type ${name}`);
  return known.type;
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

function aligned(offset: number): number {
  return (offset + 7) & ~7;
}
