import type { AttainEvent } from '@attain/contracts';
import type { FiscalCalendar, LocalDate } from '@attain/values';
import { daysOf, type Days, type Seer } from './withheld.rules.js';

/** The participant whose pay a fact explains, and its days. */
export interface Concerned {
  readonly participant: string;
  readonly when: LocalDate | Days;
}

/**
 * Whether the content of an event may be shown with the pay that depends on it. Reversals and quotas are shown by their own dates, and the
 * opening of a deal to those who see its owner at that time. All other facts are shown with the pay.
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

/** Whether the scope shows an owner or a sharer of the record on all days of the record. */
export function isRecordSeen(
  { sellers, days }: { readonly sellers: readonly string[]; readonly days: readonly LocalDate[] },
  scope: Seer,
  { when }: Concerned,
): boolean {
  const dates = days.length > 0 ? days : [when];
  return sellers.some((seller) => dates.every((date) => scope.covers(seller, date)));
}
