import { comparePeriods, type FiscalCalendar, type LocalDate, type Period, type PeriodKind } from '@attain/values';

const kinds: Readonly<Record<string, PeriodKind>> = { monthly: 'month', quarterly: 'quarter', yearly: 'year' };

/** The pay periods of plans, from the first that a plan holds in to the one of `today`, in the order in which they are closed. */
export function payPeriods(
  plans: readonly { pays: string; from: LocalDate; to: LocalDate | null }[],
  calendar: FiscalCalendar,
  today: LocalDate,
): Period[] {
  const found = new Map<string, Period>();
  for (const { pays, from, to } of plans) {
    const kind = kinds[pays];
    const last = to !== null && to < today ? to : today;
    if (kind === undefined || from > last) continue;
    for (let period = calendar.periodOf(from, kind); period.from <= last; period = calendar.next(period))
      found.set(period.name, period);
  }
  return [...found.values()].sort(comparePeriods);
}
