import { compareBytes, type LocalDate } from '@attain/values';

/** What decides the order of records in a window. */
export interface Placed {
  readonly date: LocalDate;
  /** The source's time of that day; blank: before all others. */
  readonly time: string;
  readonly source: string;
  readonly id: string;
  /** Of a record's dated reversals its number, from 1; of the record itself 0. */
  readonly nth: number;
}

/** Credit date, then the source's time of that day, then source and id in byte order, a record before its reversals; never by arrival. */
export function byOrder(a: Placed, b: Placed): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if (a.time !== b.time) return compareBytes(a.time, b.time);
  if (a.source !== b.source) return compareBytes(a.source, b.source);
  return compareBytes(a.id, b.id) || a.nth - b.nth;
}
