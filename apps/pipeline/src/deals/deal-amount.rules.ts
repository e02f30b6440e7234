import { Exact, isCurrency, minorDigits } from '@attain/values';

/** Digits of an amount whose currency is the company's, which a single deal doesn't know: enough for any currency in use. */
const UNNAMED = 3;

export function scaleOf(currency: string | null): number {
  return currency !== null && isCurrency(currency) ? minorDigits(currency) : UNNAMED;
}

/** An amount in minor units of its currency, thousandths where none is named, rounded half-up; null beyond 2^53, where sums would lie. */
export function minorOf(amount: string, currency: string | null): number | null {
  const digits = scaleOf(currency);
  const point = amount.indexOf('.');
  if (amount.length <= 12 && (point < 0 || amount.length - point - 1 <= digits)) return Math.round(Number(amount) * 10 ** digits);
  const minor = Number(Exact.parse(amount).times(Exact.of(10 ** digits)).round('half-up'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** Back to a decimal text in the currency that stands for an unnamed one. */
export function decimalOf(minor: number, currency: string | null, company: string): string {
  const digits = minorDigits(currency ?? company);
  return Exact.of(minor, 10 ** scaleOf(currency)).toDecimal(digits, 'half-up');
}
