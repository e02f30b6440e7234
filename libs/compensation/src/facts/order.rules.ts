import { compareBytes, type LocalDate } from '@attain/values';

/** The properties that decide the order of records in a window. */
export interface Placed {
  readonly date: LocalDate;
  /** The time of that day as the source states it; a blank comes first. */
  readonly time: string;
  readonly source: string;
  readonly id: string;
  /** The number of a dated reversal, from 1; 0 for the record itself. */
  readonly nth: number;
}

/**
 * The order of credits: by date, the source's time of that day, source and id in byte order, and a record before its
 * reversals; never by arrival.
 */
export function byOrder(a: Placed, b: Placed): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if (a.time !== b.time) return compareBytes(a.time, b.time);
  if (a.source !== b.source) return compareBytes(a.source, b.source);
  return compareBytes(a.id, b.id) || a.nth - b.nth;
}
