import { Exact, isCurrency, minorDigits } from '@attain/values';

const factors = new Map<string, Exact>();

/** The decimals of units other than money: days off, points. */
const UNIT_DIGITS = 2;

/** The decimals of a currency, or of another unit. */
export function digitsOf(unit: string): number {
  return isCurrency(unit) ? minorDigits(unit) : UNIT_DIGITS;
}

/** The number of minor units in one unit of a currency; hundredths for other units. */
export function minorFactor(unit: string): Exact {
  let factor = factors.get(unit);
  if (factor === undefined) factors.set(unit, (factor = Exact.of(10 ** digitsOf(unit))));
  return factor;
}

/** Converts minor units to units of the currency. */
export function major(minor: Exact | bigint, currency: string): Exact {
  return (minor instanceof Exact ? minor : Exact.of(minor)).over(minorFactor(currency));
}

/** A written amount in minor units, not rounded; null if it is not a number. */
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

// Number() also accepts 1e3, 0x10 and blanks.
const PLAIN = /^-?\d+(\.\d+)?$/;
