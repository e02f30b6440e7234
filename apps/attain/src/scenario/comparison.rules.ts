import { Exact } from '@attain/values';

const WRITTEN = /^-?\d+(?:\.(\d+))?(%?)$/;

/**
 * Whether a number matches the written one after rounding (half-up) to the written digits: `13.3333%` matches 2/15. A
 * share such as `1/3` matches only itself; `undefined` matches a number that does not exist.
 */
export function meets(written: string, actual: Exact | null): boolean {
  if (written === 'undefined' || actual === null) return written === 'undefined' && actual === null;
  const form = WRITTEN.exec(written);
  if (form === null) return Exact.parse(written).equals(actual);
  const [, digits = '', percent] = form;
  const value = percent === '%' ? actual.times(Exact.of(100)) : actual;
  return Exact.parse(written.replace('%', '')).equals(Exact.parse(value.toDecimal(digits.length, 'half-up')));
}

/** A number in the form of the written one, with as many digits as distinguish it (at most six more). */
export function inTheMannerOf(written: string, actual: Exact | null): string {
  if (actual === null) return 'undefined';
  const form = WRITTEN.exec(written);
  if (form === null) return actual.toString();
  const [, digits = '', percent] = form;
  const value = percent === '%' ? actual.times(Exact.of(100)) : actual;
  const most = digits.length + 6;
  const decimal = /^-?\d+(?:\.(\d+))?$/.exec(value.toString());
  const exact = decimal === null ? most : (decimal[1] ?? '').length;
  return `${value.toDecimal(Math.min(Math.max(digits.length, exact), most), 'half-up')}${percent}`;
}
