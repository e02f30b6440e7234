import type { LocalDate } from '@attain/values';
import { sees, type View } from './view.js';

/** The days that facts name. */
export class FactDays {
  /** The latest date that a cut could leave out, of credits, reversals and leaves. */
  last: LocalDate = '';
  private readonly latest: { readonly at: number; readonly date: LocalDate }[] = [];
  /** Every such date, and the day of each approval, with the position of the first fact that names it. */
  private readonly named = new Map<LocalDate, number>();

  /** Notes a date that a cut could leave out. */
  cut(date: LocalDate, at: number): void {
    this.note(date, at);
    if (date <= this.last) return;
    this.last = date;
    this.latest.push({ at, date });
  }

  /** Notes a day on which something may be paid. */
  note(day: LocalDate, at: number): void {
    if (!this.named.has(day)) this.named.set(day, at);
  }

  /** The latest date that a cut could leave out, of what a view sees. */
  lastIn(view: View): LocalDate {
    return this.latest.findLast(({ at }) => sees(view, at))?.date ?? '';
  }

  /** All days that facts up to a position name. */
  upTo(position: number): LocalDate[] {
    return [...this.named].flatMap(([day, at]) => (at <= position ? [day] : []));
  }
}
