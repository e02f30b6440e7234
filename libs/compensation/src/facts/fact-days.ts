import type { LocalDate } from '@attain/values';
import { sees, type View } from './view.js';

/** The days that facts name. */
export class FactDays {
  /** The latest date of credits, reversals and leaves that a cut could exclude. */
  last: LocalDate = '';
  private readonly latest: { readonly at: number; readonly date: LocalDate }[] = [];
  /** Every such date, and the day of each approval, with the position of the first fact that names it. */
  private readonly named = new Map<LocalDate, number>();
  private sorted: readonly LocalDate[] = [];

  /** Records a date that a cut could exclude. */
  cut(date: LocalDate, at: number): void {
    this.note(date, at);
    if (date <= this.last) return;
    this.last = date;
    this.latest.push({ at, date });
  }

  /** Records a day on which something may be paid. */
  note(day: LocalDate, at: number): void {
    if (!this.named.has(day)) this.named.set(day, at);
  }

  /** The latest date in a view that a cut could exclude. */
  lastIn(view: View): LocalDate {
    return this.latest.findLast(({ at }) => sees(view, at))?.date ?? '';
  }

  /** The number of named days; it never decreases. */
  get count(): number {
    return this.named.size;
  }

  /** The latest day up to `day` that any fact names; undefined if there is none. */
  latestUpTo(day: LocalDate): LocalDate | undefined {
    if (this.sorted.length !== this.count) this.sorted = [...this.named.keys()].sort();
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]! <= day) low = middle + 1;
      else high = middle;
    }
    return this.sorted[low - 1];
  }

  /** All days that facts up to a position name. */
  upTo(position: number): LocalDate[] {
    return [...this.named].flatMap(([day, at]) => (at <= position ? [day] : []));
  }
}
