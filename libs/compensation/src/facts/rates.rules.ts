import { Exact, type LocalDate } from '@attain/values';
import type { RateFact, Stream } from './entries.js';
import { sees, type View } from './view.js';

/** The units of the other currency for one unit, from a date until the next rate. */
export interface ExchangeRate {
  readonly date: LocalDate;
  readonly rate: Exact;
  readonly event: string;
}

/** The rates of one pair in the order of their dates. */
export function ratesOf(entries: Stream<RateFact>, view: View): readonly ExchangeRate[] {
  const rates = new Map<LocalDate, ExchangeRate>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    const { date } = fact.data;
    if (fact.type === 'ExchangeRateRecorded')
      rates.set(date, { date, rate: Exact.parse(fact.data.rate), event: fact.id });
    else rates.delete(date);
  }
  return [...rates.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** The latest rate on or before a day; a pair is never inverted. */
export function rateOn(rates: readonly ExchangeRate[], date: LocalDate): ExchangeRate | undefined {
  for (let i = rates.length - 1; i >= 0; i -= 1) if (rates[i]!.date <= date) return rates[i];
  return undefined;
}
