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

/** An amount as it is written, in minor units, not rounded; null when it is no number. */
export function minorOf(text: string, currency: string): Exact | null {
  const digits = minorDigits(currency);
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  if (text.length <= 14 && decimals <= digits) {
    const whole = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1));
    if (Number.isSafeInteger(whole) && PLAIN.test(text)) return Exact.of(whole * 10 ** (digits - decimals));
  }
  try {
    return Exact.parse(text).times(minorFactor(currency));
  } catch {
    return null;
  }
}

// Number() also reads 1e3, 0x10 and blanks.
const PLAIN = /^-?\d+(\.\d+)?$/;
