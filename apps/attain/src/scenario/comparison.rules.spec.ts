import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { inTheMannerOf, meets } from './comparison.rules.js';

describe('an expected number', () => {
  it.each([
    ['2000.00', '2000', true],
    ['2000.00', '1999.996', true],
    ['2000.00', '1999.994', false],
    ['9000', '9000.49', true],
    ['9000', '9000.5', false],
    ['13.3333%', '2/15', true],
    ['13.3334%', '2/15', false],
    ['1.33%', '1/75', true],
    ['120%', '1.2', true],
    ['120%', '1.204', true],
    ['-0.00', '0', true],
    ['-2.35', '-2.345', true],
    ['1/3', '1/3', true],
    ['1/3', '0.3333', false],
  ])('%s is compared with %s after rounding to the digits written: %s', (written, actual, met) => {
    expect(meets(written, Exact.parse(actual))).toBe(met);
  });

  it('can be that there is none', () => {
    expect(meets('undefined', null)).toBe(true);
    expect(meets('undefined', Exact.zero)).toBe(false);
    expect(meets('0%', null)).toBe(false);
  });

  it.each([
    ['9000', '9000.5', '9000.5'],
    ['13.3334%', '2/15', '13.3333333333%'],
    ['2.00', '3', '3.00'],
    ['1/3', '0.25', '0.25'],
  ])('the form of %s shows %s as %s', (written, actual, shown) => {
    expect(inTheMannerOf(written, Exact.parse(actual))).toBe(shown);
  });
});
