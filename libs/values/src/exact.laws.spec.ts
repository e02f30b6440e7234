import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Exact, type Rounding } from './exact.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

interface Ratio {
  n: bigint;
  d: bigint;
}

const edge = 2n ** 53n;
const integer = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -edge * 4n, max: edge * 4n }),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => edge + offset),
  fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
);
const denominator = fc.oneof(
  fc.constantFrom(1n, 2n, 3n, 7n, 10n, 100n, 10_000n, edge - 1n, edge, edge + 1n),
  fc.bigInt({ min: 1n, max: edge * 4n }),
);
const ratio = fc.record({ n: integer, d: denominator });
// Where products of the parts pass 2^53 while their sums and differences do not.
const middling = fc.record({
  n: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
  d: fc.bigInt({ min: 2n ** 20n, max: 2n ** 29n }),
});
const offset = fc.bigInt({ min: -2n, max: 2n });
const neighbours = fc
  .tuple(middling, offset, fc.bigInt({ min: 2n ** 10n, max: 2n ** 29n }), fc.boolean())
  .map(([a, off, d, opposite]): [Ratio, Ratio] => {
    const n = (a.n * d) / a.d + off;
    return [a, { n: opposite ? -n : n, d }];
  });
const unitFractions = fc.tuple(offset, middling, offset, middling).map(([m, { d }, n, { d: e }]): [Ratio, Ratio] => [
  { n: m, d },
  { n, d: e },
]);
const pair = fc.oneof(fc.tuple(ratio, ratio), neighbours, unitFractions);
const mode = fc.constantFrom<Rounding>('half-up', 'half-even');
const exact = ({ n, d }: Ratio) => Exact.of(n, d);

function lowest({ n, d }: Ratio): Ratio {
  let [x, y] = [n < 0n ? -n : n, d];
  while (y !== 0n) [x, y] = [y, x % y];
  return { n: n / x, d: d / x };
}

function textOf(value: Ratio): string {
  const { n, d } = lowest(value);
  const size = n < 0n ? -n : n;
  const minus = n < 0n ? '-' : '';
  let digits = '';
  for (let rest = size % d; rest !== 0n && digits.length < 200; rest = (rest * 10n) % d) digits += (rest * 10n) / d;
  if (digits.length === 200) return `${n}/${d}`;
  return `${minus}${size / d}${digits === '' ? '' : `.${digits}`}`;
}

function same(actual: Exact, expected: Ratio): void {
  expect(actual.toString()).toBe(textOf(expected));
  expect(actual).toStrictEqual(exact(expected));
}

describe('an Exact is the ratio of two big integers', () => {
  test('in sums, differences, products and quotients', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        same(exact(a).plus(exact(b)), { n: a.n * b.d + b.n * a.d, d: a.d * b.d });
        same(exact(a).minus(exact(b)), { n: a.n * b.d - b.n * a.d, d: a.d * b.d });
        same(exact(a).times(exact(b)), { n: a.n * b.n, d: a.d * b.d });
        if (b.n !== 0n) {
          const turned = b.n < 0n ? { n: -b.d, d: -b.n } : { n: b.d, d: b.n };
          same(exact(a).over(exact(b)), { n: a.n * turned.n, d: a.d * turned.d });
        }
      }),
      laws,
    );
  });

  test('in order, sign and size', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const difference = a.n * b.d - b.n * a.d;
        expect(exact(a).compare(exact(b))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(exact(a).equals(exact(b))).toBe(difference === 0n);
        expect(exact(a).equals(Exact.of(a.n * b.d, a.d * b.d))).toBe(true);
        expect(exact(a).sign()).toBe(a.n < 0n ? -1 : a.n > 0n ? 1 : 0);
        expect(exact(a).isZero()).toBe(a.n === 0n);
        same(exact(a).abs(), { n: a.n < 0n ? -a.n : a.n, d: a.d });
        same(exact(a).negated(), { n: -a.n, d: a.d });
      }),
      laws,
    );
  });

  test('in its text, which reads back', () => {
    fc.assert(
      fc.property(ratio, (a) => {
        expect(exact(a).toString()).toBe(textOf(a));
        expect(Exact.parse(exact(a).toString())).toStrictEqual(exact(a));
        expect(Exact.parse(`${a.n}/${a.d}`)).toStrictEqual(exact(a));
      }),
      laws,
    );
  });
});

describe('rounding', () => {
  test('is to the nearest integer, a half by its mode', () => {
    fc.assert(
      fc.property(ratio, mode, (a, rounding) => {
        const rounded = exact(a).round(rounding);
        const twiceOff = 2n * (rounded * a.d - a.n);
        const size = twiceOff < 0n ? -twiceOff : twiceOff;
        expect(size <= a.d).toBe(true);
        if (size === a.d) {
          if (rounding === 'half-even') expect(rounded % 2n).toBe(0n);
          else expect(twiceOff > 0n).toBe(a.n > 0n);
        }
      }),
      laws,
    );
  });

  test('of halves follows its mode', () => {
    fc.assert(
      fc.property(integer, (n) => {
        const half = Exact.of(2n * n + 1n, 2n);
        expect(half.round('half-even')).toBe(n % 2n === 0n ? n : n + 1n);
        expect(half.round('half-up')).toBe(n >= 0n ? n + 1n : n);
      }),
      laws,
    );
  });

  test('is symmetric in sign', () => {
    fc.assert(
      fc.property(ratio, mode, (a, rounding) => {
        expect(exact(a).negated().round(rounding)).toBe(-exact(a).round(rounding));
      }),
      laws,
    );
  });

  test('to digits is rounding of the number scaled', () => {
    fc.assert(
      fc.property(ratio, mode, fc.nat({ max: 30 }), (a, rounding, digits) => {
        const text = exact(a).toDecimal(digits, rounding);
        expect(text).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
        expect(BigInt(text.replace('.', ''))).toBe(Exact.of(a.n * 10n ** BigInt(digits), a.d).round(rounding));
      }),
      laws,
    );
  });

  test('down is the greatest integer not above', () => {
    fc.assert(
      fc.property(ratio, (a) => {
        const floor = exact(a).floor();
        expect(floor * a.d <= a.n && a.n < (floor + 1n) * a.d).toBe(true);
      }),
      laws,
    );
  });
});
