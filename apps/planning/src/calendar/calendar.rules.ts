import { comparePeriods, type FiscalCalendar, type Period } from '@attain/values';
import type { CalendarPeriod } from './calendar.answers.js';

export type { CalendarPeriod } from './calendar.answers.js';

/** Every month, quarter, half and the year itself, by their end, the shorter first: the order in which they close. */
export function periodsOf(
  calendar: FiscalCalendar,
  year: Period,
  closed: ReadonlyMap<string, string>,
): CalendarPeriod[] {
  const kinds = ['month', 'quarter', 'half', 'year'] as const;
  return kinds
    .flatMap((kind) => calendar.pieces(year, kind))
    .sort(comparePeriods)
    .map((period) => {
      const known = closed.get(period.name) ?? null;
      return { ...period, state: known === null ? 'open' : 'closed', known };
    });
}
