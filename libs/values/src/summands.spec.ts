import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Exact } from './exact.js';
import { amountOf, summandOf } from './summands.js';

describe('an amount for sums', () => {
  it.each([
    ['1054', 1054, 0],
    ['1054.5', 1054, 5000],
    ['-0.25', -1, 7500],
    ['0.00005', 0, 1],
    ['-12345678901.2345', -12345678902, 7655],
    ['123456789012.5', 123456789012, 5000],
    ['-0', 0, 0],
  ])('of %s is %d units and %d parts', (text, units, parts) => {
    const summand = summandOf(text)!;
    expect([summand.units + 0, summand.parts]).toEqual([units, parts]);
  });

  it('is none where sums would lie', () => {
    expect(summandOf('99999999999999999999')).toBeNull();
  });

  it('comes back to the ten-thousandth', () => {
    const decimals = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 9999 }));
    fc.assert(
      fc.property(decimals, ([negative, whole, rest]) => {
        const text = `${negative ? '-' : ''}${whole}.${String(rest).padStart(4, '0')}`;
        expect(amountOf(summandOf(text)!).equals(Exact.parse(text))).toBe(true);
      }),
    );
  });
});
