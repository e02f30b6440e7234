/** Whole numbers from 0 on, in as few bytes each as the largest of them needs. */
export type Whole = Uint8Array | Uint16Array | Uint32Array;
const WIDTHS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;
type Width = keyof typeof WIDTHS;

/**
 * The place of a column: the widths of its numbers, and the encoding of its text. Sections follow one another in the
 * order of the columns.
 */
export interface TextColumn {
  /** The number of texts in the dictionary, or in the column if all are written out. */
  readonly texts: number;
  readonly lengths: Width;
  /** Absent if all texts are written out in order. */
  readonly codes?: Width;
  readonly encoding: 'utf-8' | 'utf-16';
}
/**
 * If more than this share of a column's texts differ, they are written out, because a dictionary would only add codes.
 */
const DIFFERENT = 0.75;
/** Dictionaries up to this size, such as dates and products, share their texts with other parts. */
const SHARED = 4096;

/** Packs texts: with a dictionary and codes if they repeat, else written out. */
export function packedTexts(values: readonly string[]): { column: TextColumn; sections: (Whole | Uint8Array)[] } {
  const codes = new Map<string, number>();
  const coded = new Uint32Array(values.length);
  const most = Math.max(16, values.length * DIFFERENT);
  for (let i = 0; i < values.length && codes.size <= most; i += 1) {
    const value = values[i]!;
    let code = codes.get(value);
    if (code === undefined) codes.set(value, (code = codes.size));
    coded[i] = code;
  }
  const isCoded = codes.size <= most;
  const texts = isCoded ? [...codes.keys()] : values;
  const text = texts.join('');
  const lengths = narrowed(Uint32Array.from(texts, ({ length }) => length));
  const encoding = text.isWellFormed() ? 'utf-8' : 'utf-16';
  const written = encoding === 'utf-8' ? new TextEncoder().encode(text) : unitsOf(text);
  const column = { texts: texts.length, lengths: widthOf(lengths), encoding } as const;
  if (!isCoded) return { column, sections: [lengths, written] };
  const narrow = narrowed(coded);
  return { column: { ...column, codes: widthOf(narrow) }, sections: [lengths, written, narrow] };
}

/** The texts of a column. */
export class Texts {
  /** For each text its length, or undefined if the texts are in a dictionary. */
  readonly lengths: Whole | undefined;
  private readonly text: string;
  private readonly codes: Whole | undefined;
  private readonly dictionary: readonly string[] = [];

  /** `section` gives the next section; `shared` are texts of other parts, by themselves. */
  constructor({ texts, lengths, codes, encoding }: TextColumn, section: () => Uint8Array, shared: Map<string, string>) {
    const written = numbersOf(section(), lengths);
    if (written.length !== texts) throw new RangeError(`a column has ${written.length} lengths for ${texts} texts`);
    this.text =
      encoding === 'utf-8'
        ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(section())
        : textOf(numbersOf(section(), 2));
    this.codes = codes === undefined ? undefined : numbersOf(section(), codes);
    if (this.codes === undefined) {
      this.lengths = written;
      return;
    }
    let offset = 0;
    const dictionary = Array.from(written, (length) => this.text.slice(offset, (offset += length)));
    this.dictionary = texts <= SHARED ? dictionary.map((one) => sharedText(one, shared)) : dictionary;
  }

  /** The text with a number; `offset` is the sum of the lengths before it. */
  at(nth: number, offset: number): string {
    return this.codes === undefined
      ? this.text.slice(offset, offset + this.lengths![nth]!)
      : this.dictionary[this.codes[nth]!]!;
  }
}

function sharedText(text: string, shared: Map<string, string>): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  shared.set(text, text);
  return text;
}

export function narrowed(numbers: Uint32Array): Whole {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most < 1 << 8 ? Uint8Array.from(numbers) : most < 1 << 16 ? Uint16Array.from(numbers) : numbers;
}

export function widthOf(numbers: Whole): Width {
  return numbers.BYTES_PER_ELEMENT as Width;
}

export function numbersOf(bytes: Uint8Array, width: Width): Whole {
  return new WIDTHS[width](bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / width);
}

/** A lone half of a surrogate pair has no UTF-8 encoding. */
function unitsOf(text: string): Uint8Array {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return new Uint8Array(units.buffer);
}

function textOf(units: Whole): string {
  let text = '';
  for (const unit of units) text += String.fromCharCode(unit);
  return text;
}
