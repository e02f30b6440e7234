import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Exact } from './exact.js';
import { minorToDecimal, roundToMinor, splitByLargestRemainder, toMinor } from './money.js';

const laws = { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) };

const total = fc.oneof(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }));
const weights = fc.uniqueArray(
  fc.record({
    id: fc.string({ unit: 'binary', maxLength: 3 }),
    weight: fc.tuple(fc.nat({ max: 1000 }), fc.constantFrom(1, 3, 7, 100)).map(([n, d]) => Exact.of(n, d)),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const sumOf = (parts: ReadonlyArray<{ weight: Exact }>) =>
  parts.reduce((sum, { weight }) => sum.plus(weight), Exact.zero);
const splittable = weights.filter((parts) => !sumOf(parts).isZero());

test('the parts sum to the total, and each is less than a cent from its share', () => {
  fc.assert(
    fc.property(total, splittable, (cents, parts) => {
      const split = splitByLargestRemainder(cents, parts);
      expect([...split.values()].reduce((sum, part) => sum + part, 0n)).toBe(cents);
      for (const { id, weight } of parts) {
        const share = weight.times(Exact.of(cents)).over(sumOf(parts));
        const off = Exact.of(split.get(id) ?? 0n).minus(share);
        expect(off.abs().compare(Exact.one)).toBe(-1);
      }
    }),
    laws,
  );
});

test('a split depends neither on the order nor on the scale of the weights, and changes its sign with the total', () => {
  fc.assert(
    fc.property(total, splittable, (cents, parts) => {
      const split = splitByLargestRemainder(cents, parts);
      const turned = parts.toReversed().map(({ id, weight }) => ({ id, weight: weight.times(Exact.of(7, 3)) }));
      expect(splitByLargestRemainder(cents, turned)).toEqual(split);
      for (const [id, part] of splitByLargestRemainder(-cents, parts)) expect(part).toBe(-(split.get(id) ?? 0n));
    }),
    laws,
  );
});

test('a larger weight never gets less', () => {
  fc.assert(
    fc.property(total, splittable, (cents, parts) => {
      const split = splitByLargestRemainder(cents, parts);
      const size = (id: string) => (cents < 0n ? -(split.get(id) ?? 0n) : (split.get(id) ?? 0n));
      for (const a of parts) {
        for (const b of parts) if (a.weight.compare(b.weight) > 0) expect(size(a.id) >= size(b.id)).toBe(true);
      }
    }),
    laws,
  );
});

test('what is written in minor units reads back', () => {
  fc.assert(
    fc.property(total, fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (minor, currency) => {
      expect(toMinor(Exact.parse(minorToDecimal(minor, currency)), currency)).toStrictEqual(Exact.of(minor));
    }),
    laws,
  );
});

test('rounding to a step gives the nearest multiple, symmetric in sign', () => {
  fc.assert(
    fc.property(total, fc.integer({ min: 1, max: 500 }), fc.bigInt({ min: 1n, max: 1000n }), (n, d, step) => {
      const amount = Exact.of(n, d);
      const rounded = roundToMinor(amount, 'half-up', Exact.of(step));
      expect(rounded % step).toBe(0n);
      expect(Exact.of(rounded).minus(amount).abs().compare(Exact.of(step, 2n))).not.toBe(1);
      expect(roundToMinor(amount.negated(), 'half-up', Exact.of(step))).toBe(-rounded);
    }),
    laws,
  );
});
