import { Exact, minorDigits } from '@attain/values';

const factors = new Map<string, Exact>();

/** Minor units in one unit of a currency. */
export function minorFactor(currency: string): Exact {
  let factor = factors.get(currency);
  if (factor === undefined) factors.set(currency, (factor = Exact.of(10 ** minorDigits(currency))));
  return factor;
}

/** Minor units as units of the currency. */
export function major(minor: Exact | bigint, currency: string): Exact {
  return (minor instanceof Exact ? minor : Exact.of(minor)).over(minorFactor(currency));
}
