import { daysBetween, Exact, type LocalDate } from '@attain/values';

/** A quota in its time: `due` is the amount at an even pace. Days are whole, including the first and the last. */
export interface Pace {
  elapsed: number;
  days: number;
  due: Exact | null;
  /** credited ÷ due; null (undefined) without a quota, at one of 0, and before the period begins. */
  attained: Exact | null;
}

/** quota × elapsed days ÷ days of the period (AT-47), at the end of the day `on`. */
export function paceOf(
  period: { from: LocalDate; to: LocalDate },
  on: LocalDate,
  quota: Exact | null,
  credited: Exact,
): Pace {
  const days = daysBetween(period.from, period.to) + 1;
  const elapsed = Math.min(days, Math.max(0, daysBetween(period.from, on) + 1));
  const due = quota && quota.times(Exact.of(elapsed, days));
  return { elapsed, days, due, attained: due === null || due.isZero() ? null : credited.over(due) };
}
