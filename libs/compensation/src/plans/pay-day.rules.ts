import { addDays, dayAfter, type LocalDate, type Period } from '@attain/values';
import type { PlanVersion } from './plans.js';

/** The day on which a period of a plan is paid: its last day, or a day of the month after it. */
export function payDate({ payDay }: Pick<PlanVersion, 'payDay'>, period: Period): LocalDate {
  if (payDay === 'last day') return period.to;
  const day = Number(payDay.split(' ')[0]);
  let next = dayAfter(period.to);
  const month = next.slice(0, 7);
  for (let i = 1; i < day && addDays(next, 1).slice(0, 7) === month; i += 1) next = addDays(next, 1);
  return next;
}
