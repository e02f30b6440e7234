import { addDays, addMonths, type LocalDate } from '@attain/values';

/** A duration as documents write it: `90 days`, `6 months`, `1 year`. */
export interface Duration {
  readonly count: number;
  readonly unit: 'days' | 'months';
  readonly written: string;
}

export function durationOf(written: string): Duration {
  const [number, unit = ''] = written.split(' ');
  if (unit.startsWith('day')) return { count: Number(number), unit: 'days', written };
  return { count: Number(number) * (unit.startsWith('year') ? 12 : 1), unit: 'months', written };
}

/** The day that is a duration after another day. */
export function dayAfterTime(date: LocalDate, { count, unit }: Duration): LocalDate {
  return unit === 'days' ? addDays(date, count) : addMonths(date, count);
}
