import { describe, expect, it, test } from '@jest/globals';
import { Exact } from './exact.js';
import {
  isCurrency,
  minorDigits,
  minorToDecimal,
  roundToMinor,
  splitByLargestRemainder,
  toMinor,
  isSummable,
} from './money.js';

const exact = (text: string) => Exact.parse(text);

describe('currencies', () => {
  test.each([
    ['USD', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['IQD', 3],
    ['HUF', 2],
    ['CLF', 4],
    ['XCG', 2],
    ['BGN', 2],
  ])('%s has %d digits', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
    expect(isCurrency(code)).toBe(true);
  });

  test.each([[''], ['usd'], ['US'], ['XAU'], ['XXX'], ['ZZZ'], ['constructor']])('%j is none', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => minorDigits(code)).toThrow(RangeError);
    expect(() => toMinor(Exact.one, code)).toThrow(RangeError);
    expect(() => minorToDecimal(1n, code)).toThrow(RangeError);
  });

  it('turns units into minor units, not rounded', () => {
    expect(toMinor(exact('9999.99'), 'USD')).toEqual(Exact.of(999999));
    expect(toMinor(exact('0.001'), 'USD')).toEqual(exact('0.1'));
    expect(toMinor(exact('1234.5'), 'JPY')).toEqual(exact('1234.5'));
  });

  test.each([
    [123456n, 'USD', '1234.56'],
    [-5n, 'USD', '-0.05'],
    [0n, 'USD', '0.00'],
    [1235n, 'JPY', '1235'],
    [1n, 'KWD', '0.001'],
    [-(10n ** 30n), 'EUR', '-10000000000000000000000000000.00'],
  ])('writes %d minor units of %s as %s', (minor, currency, text) => {
    expect(minorToDecimal(minor, currency)).toBe(text);
  });
});

describe('roundToMinor (AT-30)', () => {
  test.each([
    ['2.345', 'USD', 'half-up', '2.35'],
    ['2.344999', 'USD', 'half-up', '2.34'],
    ['-2.345', 'USD', 'half-up', '-2.35'],
    ['2.345', 'USD', 'half-even', '2.34'],
    ['2.355', 'USD', 'half-even', '2.36'],
    ['1234.5', 'JPY', 'half-up', '1235'],
  ] as const)('%s %s, %s, is %s', (amount, currency, mode, text) => {
    expect(minorToDecimal(roundToMinor(toMinor(exact(amount), currency), mode), currency)).toBe(text);
  });

  it('rounds each line of three deals apart, or their total', () => {
    const line = toMinor(exact('1000.50').times(exact('1%')), 'USD');
    expect(roundToMinor(line, 'half-up') * 3n).toBe(3003n);
    expect(roundToMinor(line.times(Exact.of(3)), 'half-up')).toBe(3002n);
  });

  it('rounds to a step of minor units', () => {
    const five = Exact.of(5);
    expect(roundToMinor(exact('102.5'), 'half-up', five)).toBe(105n);
    expect(roundToMinor(exact('102.5'), 'half-even', five)).toBe(100n);
    expect(roundToMinor(exact('-102.5'), 'half-up', five)).toBe(-105n);
    expect(roundToMinor(exact('102.49'), 'half-up', five)).toBe(100n);
  });

  test.each(['0', '-5', '0.5', '5/3'])('refuses a step of %s', (step) => {
    expect(() => roundToMinor(Exact.one, 'half-up', exact(step))).toThrow(RangeError);
  });
});

describe('splitByLargestRemainder (AT-23)', () => {
  const split = (total: bigint, weights: Record<string, string>) =>
    Object.fromEntries(
      splitByLargestRemainder(
        total,
        Object.entries(weights).map(([id, weight]) => ({ id, weight: exact(weight) })),
      ),
    );

  it('splits cents', () => {
    expect(split(10000n, { cid: '1', ann: '1', bob: '1' })).toEqual({ ann: 3334n, bob: 3333n, cid: 3333n });
    expect(split(10000n, { ann: '1/3', bob: '1/3', cid: '1/3' })).toEqual({ ann: 3334n, bob: 3333n, cid: 3333n });
    expect(split(5n, { ann: '50%', bob: '50%' })).toEqual({ ann: 3n, bob: 2n });
    expect(split(10001n, { ann: '50%', bob: '30%', cid: '20%' })).toEqual({ ann: 5001n, bob: 3000n, cid: 2000n });
  });

  it('splits a negative total to the opposite parts', () => {
    expect(split(-5n, { ann: '1', bob: '1' })).toEqual({ ann: -3n, bob: -2n });
  });

  it('takes weights of both signs', () => {
    expect(split(100n, { ann: '2', bob: '-1' })).toEqual({ ann: 200n, bob: -100n });
  });

  it('breaks ties by the bytes of the ids, and keeps the order of the weights', () => {
    expect(split(1n, { é: '1', z: '1' })).toEqual({ é: 0n, z: 1n });
    expect([
      ...splitByLargestRemainder(
        1n,
        ['b', 'a'].map((id) => ({ id, weight: Exact.one })),
      ).keys(),
    ]).toEqual(['b', 'a']);
  });

  it('splits nothing among nobody', () => {
    expect(split(0n, {})).toEqual({});
    expect(split(0n, { ann: '0' })).toEqual({ ann: 0n });
  });

  it('rejects a split without a solution', () => {
    expect(() => split(1n, {})).toThrow(RangeError);
    expect(() => split(1n, { ann: '0' })).toThrow(RangeError);
    expect(() => split(1n, { ann: '1', bob: '-1' })).toThrow(RangeError);
    const twice = [1, 2].map(() => ({ id: 'ann', weight: Exact.one }));
    expect(() => splitByLargestRemainder(1n, twice)).toThrow(RangeError);
  });
});

describe('an amount that reports can sum', () => {
  it('is below 2^53 minor units of its currency, in both directions', () => {
    for (const [limit, currency] of [
      ['90071992547409.91', 'USD'],
      ['9007199254740991', 'JPY'],
      ['9007199254740.991', 'KWD'],
      ['9007199254740.991', undefined],
    ] as const) {
      expect(isSummable(limit, currency)).toBe(true);
      expect(isSummable(`-${limit}`, currency)).toBe(true);
      expect(isSummable(`000${limit}`, currency)).toBe(true);
      const beyond = limit.replace(/1$/, '2');
      expect(isSummable(beyond, currency)).toBe(false);
      expect(isSummable(`-${beyond}`, currency)).toBe(false);
    }
    expect(isSummable('9'.repeat(30), 'USD')).toBe(false);
    expect(isSummable('0.00000000000000000001', 'USD')).toBe(true);
  });
});
