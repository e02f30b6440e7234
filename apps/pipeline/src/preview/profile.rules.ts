const MOST_DISTINCT = 5_000;
const MOST_FORMS = 500;

/** What the cells of one column look like. */
export class ColumnProfile {
  rows = 0;
  filled = 0;
  /** Whether a filled text came twice among the texts that are kept. */
  repeated = false;
  private readonly counts = new Map<string, number>();

  constructor(readonly header: string) {}

  add(cell: string): void {
    this.rows += 1;
    const text = cell.trim();
    if (text === '') return;
    this.filled += 1;
    const count = this.counts.get(text);
    if (count !== undefined) {
      this.repeated = true;
      this.counts.set(text, count + 1);
    } else if (this.counts.size < MOST_DISTINCT) this.counts.set(text, 1);
  }

  /** Different texts, the first ones of the file first. */
  get texts(): readonly string[] {
    return [...this.counts.keys()];
  }

  /** Enough texts to recognise a form by. */
  get sampled(): readonly string[] {
    return this.texts.slice(0, MOST_FORMS);
  }

  countOf(text: string): number {
    return this.counts.get(text) ?? 0;
  }
}
