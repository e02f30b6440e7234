/** A value of a key: a text of a column, JSON in a column, null, or an object of such values. */
export type Leaf = { readonly key: string } & (
  { readonly text: number } | { readonly json: number } | { readonly none: true } | { readonly of: readonly Leaf[] }
);
/** The type of a fact and the keys of its data, in their order; data with a rare form is JSON in one column. */
export interface Shape {
  readonly type: string;
  readonly data: readonly Leaf[] | { readonly json: number };
}
/** Objects with more columns are stored as JSON, because each person's name in a split would be a column. */
const MOST_COLUMNS = 512;
const MOST_SHAPES = 4096;
const DEEPEST = 2;

/** Sorts the data of facts into columns by type and key, and records the form of each fact. */
export class Shapes {
  readonly shapes: Shape[] = [];
  readonly columns: string[][] = [];
  private readonly byForm = new Map<string, number>();
  private readonly byPath = new Map<string, number>();

  /** Adds the data of a fact; returns the number of its shape. */
  add(type: string, data: object): number {
    const form = isPlain(data) ? formOf(type, data as Values, DEEPEST) : undefined;
    const known = form === undefined ? undefined : this.byForm.get(form);
    if (known !== undefined) {
      this.put(data as Values, this.shapes[known]!.data as readonly Leaf[]);
      return known;
    }
    if (form === undefined || this.shapes.length >= MOST_SHAPES) return this.whole(type, data);
    const leaves = this.leavesOf(type, data as Values, DEEPEST);
    this.put(data as Values, leaves);
    this.byForm.set(form, this.shapes.length);
    return this.shapes.push({ type, data: leaves }) - 1;
  }

  private whole(type: string, data: object): number {
    const form = `${type}\u0000json`;
    const json = this.column(form);
    let shape = this.byForm.get(form);
    if (shape === undefined) this.byForm.set(form, (shape = this.shapes.push({ type, data: { json } }) - 1));
    this.columns[json]!.push(JSON.stringify(data));
    return shape;
  }

  private leavesOf(path: string, values: Values, deep: number): readonly Leaf[] {
    return Object.keys(values).flatMap((key): Leaf[] => {
      const value = values[key];
      const of = `${path}\u0000${key}`;
      if (value === undefined) return [];
      if (value === null) return [{ key, none: true }];
      if (typeof value === 'string') return [{ key, text: this.column(`${of}\u0000text`) }];
      if (deep > 1 && isPlain(value) && this.columns.length < MOST_COLUMNS)
        return [{ key, of: this.leavesOf(of, value as Values, deep - 1) }];
      return [{ key, json: this.column(`${of}\u0000json`) }];
    });
  }

  private put(values: Values, leaves: readonly Leaf[]): void {
    for (const leaf of leaves) {
      const value = values[leaf.key];
      if ('text' in leaf) this.columns[leaf.text]!.push(value as string);
      else if ('json' in leaf) this.columns[leaf.json]!.push(JSON.stringify(value));
      else if ('of' in leaf) this.put(value as Values, leaf.of);
    }
  }

  private column(path: string): number {
    let column = this.byPath.get(path);
    if (column === undefined) this.byPath.set(path, (column = this.columns.push([]) - 1));
    return column;
  }
}

type Values = Readonly<Record<string, unknown>>;

/** The data of a fact of a shape; `text` gives its text in a column. */
export function dataOf({ data }: Shape, text: (column: number) => string): unknown {
  return 'json' in data ? JSON.parse(text(data.json)) : read(data, text);
}

/** The numbers of the columns that have a text for each fact of a shape. */
export function columnsOf({ data }: Shape): readonly number[] {
  return 'json' in data ? [data.json] : columnsOfLeaves(data);
}

function columnsOfLeaves(leaves: readonly Leaf[]): readonly number[] {
  return leaves.flatMap((leaf) =>
    'text' in leaf ? [leaf.text] : 'json' in leaf ? [leaf.json] : 'of' in leaf ? columnsOfLeaves(leaf.of) : [],
  );
}

function read(leaves: readonly Leaf[], text: (column: number) => string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const leaf of leaves) {
    if ('text' in leaf) values[leaf.key] = text(leaf.text);
    else if ('none' in leaf) values[leaf.key] = null;
    else if ('of' in leaf) values[leaf.key] = read(leaf.of, text);
    else values[leaf.key] = JSON.parse(text(leaf.json));
  }
  return values;
}

/** The key of a form: each name follows its length, so that two forms never have the same key. */
function formOf(start: string, values: Values, deep: number): string {
  let form = `${start}\u0000`;
  for (const key in values) {
    const value = values[key];
    if (value === undefined) continue;
    form += `${key.length}:${key}`;
    if (value === null) form += 'n';
    else if (typeof value === 'string') form += 's';
    else if (deep > 1 && isPlain(value)) form += `{${formOf('', value as Values, deep - 1)}}`;
    else form += 'j';
  }
  return form;
}

/** An assignment to the key `__proto__` creates no key. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__');
}
