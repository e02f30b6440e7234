import { addDays, daysBetween, type FiscalCalendar, type LocalDate } from '@attain/values';

export type Every = 'week' | 'month';

/** A week from Monday to Sunday, or a month of the fiscal calendar; both days inclusive. */
export interface Bucket {
  from: LocalDate;
  to: LocalDate;
}
export interface Series {
  buckets: Bucket[];
  /** The amounts won in each bucket. Floating point, because a forecast is an estimate and never pay. */
  values: number[];
}

const aMonday = '1970-01-05';

export function bucketOf(date: LocalDate, every: Every, calendar: FiscalCalendar): Bucket {
  if (every === 'month') {
    const { from, to } = calendar.periodOf(date, 'month');
    return { from, to };
  }
  const from = addDays(date, -(((daysBetween(aMonday, date) % 7) + 7) % 7));
  return { from, to: addDays(from, 6) };
}

export function nextBuckets(last: Bucket, count: number, every: Every, calendar: FiscalCalendar): Bucket[] {
  const buckets: Bucket[] = [];
  for (let bucket = last; buckets.length < count; buckets.push(bucket)) {
    bucket = bucketOf(addDays(bucket.to, 1), every, calendar);
  }
  return buckets;
}

/**
 * Whole buckets only: from the first that begins on or after the first record (an earlier one may lack its beginning) to
 * the last that ends by `until`. Buckets without a record hold 0.
 */
export function seriesOf(
  records: readonly { date: LocalDate; amount: number }[],
  until: LocalDate,
  every: Every,
  calendar: FiscalCalendar,
): Series {
  const series: Series = { buckets: [], values: [] };
  const first = records.reduce<LocalDate | undefined>(
    (least, { date }) => (least === undefined || date < least ? date : least),
    undefined,
  );
  if (first === undefined) return series;

  const index = new Map<LocalDate, number>();
  let bucket = bucketOf(first, every, calendar);
  if (bucket.from < first) bucket = bucketOf(addDays(bucket.to, 1), every, calendar);
  while (bucket.to <= until) {
    index.set(bucket.from, series.buckets.length);
    series.buckets.push(bucket);
    series.values.push(0);
    bucket = bucketOf(addDays(bucket.to, 1), every, calendar);
  }
  // Many records share a day.
  const days = new Map<LocalDate, number | undefined>();
  for (const { date, amount } of records) {
    if (!days.has(date)) days.set(date, index.get(bucketOf(date, every, calendar).from));
    const at = days.get(date);
    if (at !== undefined) series.values[at]! += amount;
  }
  return series;
}

/** Lengths of season that a series of weeks or months may have: a quarter and a year. */
export const seasons: Readonly<Record<Every, readonly number[]>> = { week: [13, 52], month: [3, 12] };

/**
 * The length of season with the highest autocorrelation, by the test of the M4 competition at 90 %
 * (acf_m > 1.645/√n · √(1 + 2 Σ acf_k², k < m)); null where none does, or where fewer than three seasons are known.
 */
export function seasonOf(values: readonly number[], candidates: readonly number[]): number | null {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(variance > 0)) return null;
  const autocorrelation = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i += 1) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    return sum / variance;
  };

  let best: { season: number; excess: number } | null = null;
  for (const season of candidates) {
    if (season < 2 || n < 3 * season) continue;
    let squares = 0;
    for (let lag = 1; lag < season; lag += 1) squares += autocorrelation(lag) ** 2;
    const excess = autocorrelation(season) - (1.645 / Math.sqrt(n)) * Math.sqrt(1 + 2 * squares);
    if (excess > 0 && excess > (best?.excess ?? 0)) best = { season, excess };
  }
  return best?.season ?? null;
}
