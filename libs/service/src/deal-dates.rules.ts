import type { LocalDate } from '@attain/values';
import type { RowDate } from './scope.js';

interface DatedDeal {
  readonly status: string;
  readonly closed: string | null;
}

/**
 * The date that decides who may see a deal: the closing day of a won or lost deal, today for an open or undated one.
 */
export function dateOfDeal({ status, closed }: DatedDeal, today: LocalDate): LocalDate {
  return status === 'open' || closed === null ? today : closed;
}

/** The same as a filter on a read model of deals with `status` and `closed`. */
export function datesOfDeals(today: LocalDate): [RowDate, ...RowDate[]] {
  const closed = { status: { in: ['won', 'lost'] } };
  return [
    { on: today, where: { status: 'open' } },
    { on: today, where: { ...closed, closed: null } },
    { field: 'closed', where: closed },
  ];
}
