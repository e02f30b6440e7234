import type { LocalDate } from '@attain/values';
import type { RowDate } from './scope.js';

interface DatedDeal {
  readonly status: string;
  readonly closed: string | null;
}

/** The date by which a deal is seen: of a won or lost one the day on which it closed, of an open or undated one today. */
export function dateOfDeal({ status, closed }: DatedDeal, today: LocalDate): LocalDate {
  return status === 'open' || closed === null ? today : closed;
}

/** The same for a filter on a read model of deals, with their `status` and `closed`. */
export function datesOfDeals(today: LocalDate): [RowDate, ...RowDate[]] {
  const closed = { status: { in: ['won', 'lost'] } };
  return [
    { on: today, where: { status: 'open' } },
    { on: today, where: { ...closed, closed: null } },
    { field: 'closed', where: closed },
  ];
}
