import { decimalText } from './decimal-text.js';
import { Exact, type Rounding } from './exact.js';
import { compareBytes } from './ids.js';

const BY_MINOR_DIGITS: ReadonlyArray<readonly [digits: number, codes: string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
      'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ' +
      'ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN ' +
      'MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
      'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ' +
      'ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  // Recently withdrawn: payments in them must stay readable.
  [2, 'ANG BGN CUC HRK SLL ZWL'],
];

// Not from Intl, which has the digits of daily use (IQD 0), not those of ISO 4217.
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map(
  BY_MINOR_DIGITS.flatMap(([digits, codes]) => codes.split(' ').map((code): [string, number] => [code, digits])),
);

// Amounts of an unnamed currency: no currency in use has smaller parts.
const UNNAMED_DIGITS = 3;
const LIMIT = Exact.of(2n ** 53n);

/** Whether `code` is an ISO 4217 currency for payments; metals and test codes are not. */
export function isCurrency(code: string): boolean {
  return MINOR_DIGITS.has(code);
}

/** The number of decimal digits of a currency's minor unit, by ISO 4217; throws RangeError on an unknown code. */
export function minorDigits(currency: string): number {
  const digits = MINOR_DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`Not a currency: ${JSON.stringify(currency)}`);
  return digits;
}

/**
 * Whether reports can sum an amount: it is below 2^53 minor units, so whole numbers are still exact. Without a currency (a count,
 * or an amount in the company's own currency) the unit is the thousandth. Throws RangeError on an invalid decimal.
 */
export function isSummable(amount: string, currency?: string | null): boolean {
  const digits = currency == null || !isCurrency(currency) ? UNNAMED_DIGITS : minorDigits(currency);
  const whole = /^-?0*(\d*)/.exec(amount)?.[1] ?? '';
  // Most amounts are short and need no computation.
  if (whole.length + digits < 15) return true;
  const minor = Exact.parse(amount).times(Exact.of(10 ** digits));
  return minor.compare(LIMIT) < 0 && minor.compare(LIMIT.negated()) > 0;
}

/** An amount in units of the currency as an amount in its minor units, not rounded; throws RangeError on an unknown currency. */
export function toMinor(amount: Exact, currency: string): Exact {
  return amount.times(Exact.of(10 ** minorDigits(currency)));
}

/** An amount in minor units as the decimal text of units: `123456n USD` is `1234.56`; throws RangeError on an unknown currency. */
export function minorToDecimal(minor: bigint, currency: string): string {
  return decimalText(minor.toString(), minorDigits(currency));
}

/**
 * Rounds an amount in minor units to whole ones, or to a multiple of `step`, also in minor units; throws RangeError on
 * a step that is not a whole number above 0.
 */
export function roundToMinor(minor: Exact, mode: Rounding, step: Exact = Exact.one): bigint {
  const size = step.floor();
  if (size <= 0n || !step.equals(Exact.of(size))) throw new RangeError(`Not a step of whole minor units: ${step}`);
  return size === 1n ? minor.round(mode) : minor.over(step).round(mode) * size;
}

/**
 * Splits a total in proportion to weights, in the order of `weights`. Each part is rounded towards −∞ (of a negative total
 * towards +∞). The rest goes, unit by unit, to the largest remainders, ties in byte order of the ids. Weights may
 * have both signs. Throws RangeError if an id occurs twice, or if the weights of a total other than 0 sum to 0.
 */
export function splitByLargestRemainder(
  total: bigint,
  weights: ReadonlyArray<{ readonly id: string; readonly weight: Exact }>,
): Map<string, bigint> {
  const size = total < 0n ? -total : total;
  const unit = total < 0n ? -1n : 1n;
  const sum = weights.reduce((all, { weight }) => all.plus(weight), Exact.zero);
  if (sum.isZero() && total !== 0n) throw new RangeError(`${total} cannot be split by weights whose sum is 0`);
  const scale = sum.isZero() ? Exact.zero : Exact.of(size).over(sum);

  let left = size;
  const shares = weights.map(({ id, weight }) => {
    const share = weight.times(scale);
    const part = share.floor();
    left -= part;
    return { id, part, remainder: share.minus(Exact.of(part)) };
  });
  const parts = new Map(shares.map(({ id, part }) => [id, part * unit]));
  if (parts.size !== weights.length) throw new RangeError('An id occurs twice among the weights');

  shares.sort((a, b) => b.remainder.compare(a.remainder) || compareBytes(a.id, b.id));
  for (const { id, part } of shares.slice(0, Number(left))) parts.set(id, (part + 1n) * unit);
  return parts;
}
