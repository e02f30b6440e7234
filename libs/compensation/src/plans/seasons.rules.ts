import { Exact, type FiscalCalendar, type Period } from '@attain/values';

/** How a year's quota is divided among its months: 4 shares for the quarters or 12 for the months; equal if empty. */
export type Seasons = readonly Exact[];

/** The weight of a period in its year: the sum of the shares of its months. */
export function seasonWeight(
  period: Period,
  { calendar, seasons }: { readonly calendar: FiscalCalendar; readonly seasons: Seasons },
): Exact {
  const months = calendar.pieces(period, 'month');
  if (seasons.length === 0) return Exact.of(months.length);
  const year = calendar.pieces(calendar.enclosing(period, 'year'), 'month');
  const first = year.findIndex((month) => month.name === months[0]!.name);
  return months.reduce((sum, _, index) => {
    const month = first + index;
    const share = seasons.length === 12 ? seasons[month]! : seasons[Math.floor(month / 3)]!.over(Exact.of(3));
    return sum.plus(share);
  }, Exact.zero);
}
