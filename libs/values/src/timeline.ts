import { isDate, type LocalDate } from './dates.js';

/** A value that holds on each day from `from` to `to`, both inclusive; open on a side that is absent. */
export interface TimelineRow<T> {
  readonly from?: LocalDate | undefined;
  readonly to?: LocalDate | undefined;
  readonly value: T;
}

/** A row cut to a window: both its days are known. */
export interface TimelineSpan<T> {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly value: T;
}

/** Effective-dated rows, in the order of their days; no two of them hold on the same day. */
export class Timeline<T> {
  readonly rows: ReadonlyArray<TimelineRow<T>>;

  /** Throws RangeError if two rows overlap, if a row ends before it begins, and on an invalid date. */
  constructor(rows: Iterable<TimelineRow<T>> = []) {
    this.rows = Object.freeze([...rows].sort((a, b) => compareText(start(a), start(b))));
    this.rows.forEach((row, index) => {
      for (const date of [row.from, row.to]) {
        if (date !== undefined && !isDate(date)) throw new RangeError(`Not a date: ${JSON.stringify(date)}`);
      }
      if (end(row) < start(row)) throw new RangeError(`A row ends before it begins: ${span(row)}`);
      const before = this.rows[index - 1];
      if (before !== undefined && end(before) >= start(row)) {
        throw new RangeError(`Two rows overlap: ${span(before)} and ${span(row)}`);
      }
    });
  }

  /** The value that holds on a day, undefined in a gap. */
  at(date: LocalDate): T | undefined {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start(this.rows[middle]) <= date) low = middle + 1;
      else high = middle;
    }
    const row = this.rows[low - 1];
    return row !== undefined && end(row) >= date ? row.value : undefined;
  }

  /** The rows that hold on some day from `from` to `to`, both inclusive, cut to these days. */
  between(from: LocalDate, to: LocalDate): TimelineSpan<T>[] {
    return this.rows
      .filter((row) => start(row) <= to && end(row) >= from)
      .map((row) => ({
        from: start(row) > from ? start(row) : from,
        to: end(row) < to ? end(row) : to,
        value: row.value,
      }));
  }

  /** This timeline with one more row; throws RangeError if the row overlaps another, or ends before it begins. */
  insert(row: TimelineRow<T>): Timeline<T> {
    return new Timeline([...this.rows, row]);
  }
}

function start(row: TimelineRow<unknown> | undefined): string {
  return row?.from ?? '';
}

function end(row: TimelineRow<unknown>): string {
  // The tilde sorts behind every digit, so that an open end compares as later than any date.
  return row.to ?? '~';
}

function span(row: TimelineRow<unknown>): string {
  return `${row.from ?? ''}..${row.to ?? ''}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
