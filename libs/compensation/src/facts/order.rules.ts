import { compareBytes, type LocalDate } from '@attain/values';

/** What decides the order of records in a window. */
export interface Placed {
  readonly date: LocalDate;
  /** The source's time of that day; blank: before all others. */
  readonly time: string;
  readonly source: string;
  readonly id: string;
}

/** Credit date, then the source's time of that day, then source and id in byte order; never by arrival. */
export function byOrder(a: Placed, b: Placed): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if (a.time !== b.time) return compareBytes(a.time, b.time);
  return a.source === b.source ? compareBytes(a.id, b.id) : compareBytes(a.source, b.source);
}
