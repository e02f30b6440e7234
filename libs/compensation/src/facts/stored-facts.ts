import { type AttainEvent, eventTypes } from '@attain/contracts';
import type { Entry } from './entries.js';
import { aligned, type Contents, STEP } from './fact-columns.js';
import type { Fact } from './fact.js';
import { columnsOf, dataOf, type Shape } from './fact-shapes.js';
import { numbersOf, Texts, type Whole } from './text-columns.js';

/** Facts between two marks are skipped one by one; each mark takes 8 bytes for each column. */
const MARK = 16;
/** The columns of ids, streams and instants come before those of the shapes. */
const [ID, STREAM, RECORDED, OWN] = [0, 1, 2, 3];

interface StoredShape {
  readonly type: string;
  readonly shape: Shape;
  /** All columns that have a text for each fact of the shape. */
  readonly columns: readonly number[];
}

/**
 * Packed facts that stay in their columns, because the objects of a million deals take gigabytes and seconds. A fact is
 * made each time that it is read. Facts that are read in order are the fastest.
 */
export class StoredFacts {
  readonly count: number;
  private readonly positions: BigInt64Array;
  private readonly shape: Whole;
  private readonly shapes: readonly StoredShape[];
  private readonly columns: readonly Texts[];
  /** The number of the next fact; for each column the number of its next text, and the offset of that text. */
  private next = 0;
  private readonly places: Uint32Array;
  /** The places at each fact whose number divides by `MARK`, as far as facts were ever read. */
  private readonly marks: Uint32Array;
  private marked = 0;
  private readonly made = new Map<number, RecordEntry>();
  private readonly text = (column: number) => this.take(OWN + column);

  /** `shared` holds the texts of other parts, by themselves. Throws an Error if `packedFacts` did not write the bytes. */
  constructor(bytes: Uint8Array, shared = new Map<string, string>()) {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const contents = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Contents;
    let [at, nth] = [aligned(8 + length), 0];
    const section = (): Uint8Array => {
      const from = at;
      at = aligned(from + contents.sections[nth]!);
      // Copied, because numbers must start at multiples of their width.
      return new Uint8Array(bytes.subarray(from, from + contents.sections[nth++]!));
    };
    this.count = contents.facts;
    this.positions = new BigInt64Array(section().buffer as ArrayBuffer);
    this.shape = numbersOf(section(), contents.shape);
    this.columns = contents.columns.map((column) => new Texts(column, section, shared));
    this.shapes = contents.shapes.map((shape) => ({
      type: typeNamed(shape.type),
      shape,
      columns: [ID, STREAM, RECORDED, ...columnsOf(shape).map((column) => OWN + column)],
    }));
    this.places = new Uint32Array(2 * this.columns.length);
    this.marks = new Uint32Array(Math.ceil(this.count / MARK) * this.places.length);
  }

  /** Entries for one look at each fact, some in each step. */
  *entries(): Generator<RecordEntry[], void> {
    for (let from = 0; from < this.count; from += STEP)
      yield Array.from(
        { length: Math.min(STEP, this.count - from) },
        (_, i) => new RecordEntry(this.position(from + i), this, from + i),
      );
  }

  /** The one entry of a fact, made at the first call. */
  entry(row: number): RecordEntry {
    let entry = this.made.get(row);
    if (entry === undefined) this.made.set(row, (entry = new RecordEntry(this.position(row), this, row)));
    return entry;
  }

  position(row: number): number {
    return Number(this.positions[row]);
  }

  read(row: number): Fact {
    const { type, shape } = this.at(row);
    return {
      type,
      data: dataOf(shape, this.text),
      id: this.take(ID),
      position: this.positions[row]!,
      stream: this.take(STREAM),
      recorded: this.take(RECORDED),
    } as Fact;
  }

  id(row: number): string {
    const { columns } = this.at(row);
    const id = this.take(ID);
    for (const column of columns) if (column !== ID) this.skip(column);
    return id;
  }

  /** The type and the data of a fact, which are all that a state is folded from. */
  content(row: number): AttainEvent {
    const { type, shape } = this.at(row);
    for (const column of [ID, STREAM, RECORDED]) this.skip(column);
    return { type, data: dataOf(shape, this.text) } as AttainEvent;
  }

  /** The shape of a fact, whose texts are the next ones. */
  private at(row: number): StoredShape {
    this.seek(row);
    this.mark();
    this.next += 1;
    return this.shapes[this.shape[row]!]!;
  }

  private take(column: number): string {
    const text = this.columns[column]!.at(this.places[2 * column]!, this.places[2 * column + 1]!);
    this.skip(column);
    return text;
  }

  private skip(column: number): void {
    const nth = this.places[2 * column]!++;
    const { lengths } = this.columns[column]!;
    if (lengths !== undefined) this.places[2 * column + 1]! += lengths[nth]!;
  }

  /** Goes to a fact: from the last mark up to it, or from the next fact if that is nearer. */
  private seek(row: number): void {
    const mark = Math.min(Math.floor(row / MARK), this.marked - 1);
    if (mark >= 0 && (row < this.next || mark * MARK > this.next)) {
      this.places.set(this.marks.subarray(mark * this.places.length, (mark + 1) * this.places.length));
      this.next = mark * MARK;
    }
    for (; this.next < row; this.next += 1) {
      this.mark();
      for (const column of this.shapes[this.shape[this.next]!]!.columns) this.skip(column);
    }
  }

  private mark(): void {
    if (this.next !== this.marked * MARK) return;
    this.marks.set(this.places, this.marked * this.places.length);
    this.marked += 1;
  }
}

/** The entry of a fact about a record, which is in memory, in stored columns, or in both. */
export class RecordEntry implements Entry {
  private kept: Fact | undefined = undefined;
  private row = 0;

  constructor(
    readonly at: number,
    private facts: StoredFacts | null,
    of: Fact | number,
  ) {
    if (typeof of === 'number') this.row = of;
    else this.kept = of;
  }

  /** The fact, which is then kept in memory. */
  get fact(): Fact {
    return (this.kept ??= this.read());
  }

  /** The fact, without keeping it. */
  read(): Fact {
    return this.kept ?? this.facts!.read(this.row);
  }

  content(): AttainEvent {
    return this.kept ?? this.facts!.content(this.row);
  }

  id(): string {
    return this.kept?.id ?? this.facts!.id(this.row);
  }

  /** The columns that contain the fact, and its row; null while the fact is only in memory. */
  get place(): { readonly facts: StoredFacts; readonly row: number } | null {
    return this.facts === null ? null : { facts: this.facts, row: this.row };
  }

  /** Leaves the fact to stored columns that contain it. */
  settle(facts: StoredFacts, row: number): void {
    // Columns have no stretch of the clock.
    if (this.kept?.stretch !== undefined) return;
    [this.facts, this.row, this.kept] = [facts, row, undefined];
  }
}

/** The fact of an entry for one look at it; a stored fact stays in its columns. */
export function glance<F extends Fact>(entry: Entry<F>): F {
  return entry instanceof RecordEntry ? (entry.read() as F) : entry.fact;
}

/** The one entry of a fact, for an entry that may be for one look. */
export function lasting<E extends Entry>(entry: E): E {
  const place = entry instanceof RecordEntry ? entry.place : null;
  return place === null ? entry : (place.facts.entry(place.row) as Entry as E);
}

/** The type and the data of an entry's fact. */
export function contentOf(entry: Entry): AttainEvent {
  return entry instanceof RecordEntry ? entry.content() : entry.fact;
}

/** One shared text for each type, whichever part it was read from. */
function typeNamed(name: string): string {
  const known = eventTypes.get(name);
  if (known === undefined) throw new Error(`unknown event type ${name}`);
  return known.type;
}
