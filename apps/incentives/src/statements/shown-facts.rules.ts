import type { AttainEvent } from '@attain/contracts';
import type { FiscalCalendar, LocalDate } from '@attain/values';
import { daysOf, type Days, type Seer } from './withheld.rules.js';

/** Of whose pay a fact is shown, and of which days. */
export interface Concerned {
  readonly participant: string;
  readonly when: LocalDate | Days;
}

/**
 * Whether what an event says may be shown beside the pay that follows from it: a reversal and a quota by their own dates, and a deal as
 * it was opened to whoever sees its owner of then. Everything else is of the pay itself.
 */
export function isShown(
  { type, data }: AttainEvent,
  scope: Seer,
  { participant, when }: Concerned,
  calendar: FiscalCalendar,
): boolean {
  switch (type) {
    case 'DealOpened':
      return data.fields['owner'] !== undefined && scope.covers(data.fields['owner'], when);
    case 'DealReversed':
      return scope.covers(participant, data.date);
    case 'QuotaAssigned':
    case 'QuotaChanged': {
      const days = daysOf(data.period, calendar);
      return days !== null && scope.covers(participant, days);
    }
    default:
      return true;
  }
}

/** Whether a record is shown by its own days, to somebody who sees one of those who own or share it on all of them. */
export function isRecordSeen(
  { sellers, days }: { readonly sellers: readonly string[]; readonly days: readonly LocalDate[] },
  scope: Seer,
  { when }: Concerned,
): boolean {
  const dates = days.length > 0 ? days : [when];
  return sellers.some((seller) => dates.every((date) => scope.covers(seller, date)));
}
