import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import { curveParts, earnedUpTo, type PlacedCurve } from '../plans/curves.rules.js';
import { Story } from '../testing/story.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

const sold = (curve: readonly object[], amounts: readonly number[], more: object = {}) => {
  const story = new Story().person('ann', 'AE', '2025-01-01');
  story.plan('AE', { components: [{ name: 'Curve', measure: 'revenue', per: 'month', curve, ...more }] });
  amounts.forEach((amount, index) => story.sold('ann', `D${index + 1}`, amount, `2025-01-1${index}`));
  return story;
};
const lines = (story: Story) =>
  story
    .history()
    .earned({ participant: 'ann', period: '2025-01' })
    .lines.map(({ kind, record, earned }) => `${kind} ${record?.id} ${earned}`);
const steps = [
  { at: '0', earns: '0' },
  { at: '1000', earns: '10' },
  { at: '3000', earns: '50' },
];

describe('a curve', () => {
  it('is filled up over its window, each deal from the point that the previous deal reached', () => {
    expect(lines(sold(steps, [500, 1500, 1000]))).toEqual(['earning D1 5.00', 'earning D2 25.00', 'earning D3 20.00']);
  });
  it('pays nothing below its first point, and jumps where two points lie at one place', () => {
    const cliff = [
      { at: '1000', earns: '0' },
      { at: '1000', earns: '100' },
      { at: '2000', earns: '150' },
    ];
    expect(lines(sold(cliff, [999, 1, 500]))).toEqual(['earning D1 0.00', 'earning D2 100.00', 'earning D3 25.00']);
  });
  it('is flat past its last point unless it goes on', () => {
    expect(lines(sold(steps, [4000]))).toEqual(['earning D1 50.00']);
    expect(lines(sold(steps, [4000], { beyond: 'continue' }))).toEqual(['earning D1 70.00']);
  });
  it('moves a rate that pays for all sales of the window', () => {
    // 2 % of 2,500 = 50; 3 % of 5,000 = 150
    const rates = [
      { at: '0', rate: '1%' },
      { at: '5000', rate: '3%' },
    ];
    expect(lines(sold(rates, [2500, 2500]))).toEqual(['earning D1 50.00', 'earning D2 100.00']);
  });
  it('needs the quota, and without one pays nothing and names the missing quota', () => {
    const shares = [
      { at: '0%', earns: '0' },
      { at: '100%', earns: '1000' },
    ];
    expect(lines(sold(shares, [500]).quota('ann', 'revenue', '2025-01', 1000))).toEqual(['earning D1 500.00']);
    const without = sold(shares, [500]);
    expect(lines(without)).toEqual(['earning D1 0.00']);
    expect(
      without
        .history()
        .exceptions()
        .map(({ code, record }) => [code, record?.id]),
    ).toEqual([['NO_QUOTA', 'D1']]);
  });
  it('takes back the earnings of a cancelled deal and moves the later deals down', () => {
    expect(lines(sold(steps, [500, 1500, 1000]).cancel('D2', '2025-01-20'))).toEqual([
      'earning D1 5.00',
      'earning D2 25.00',
      'reversal D2 -25.00',
      'earning D3 15.00',
    ]);
  });
  it('explains a deal by the stretches that it covers', () => {
    const [, line] = sold(steps, [500, 1500]).history().earned({ participant: 'ann', period: '2025-01' }).lines;
    expect(line!.trace.slices.map(({ from, to, credited, amount }) => [from, to, credited, amount])).toEqual([
      ['0', '1000', '500', '5'],
      ['1000', '3000', '1000', '20'],
    ]);
    expect(line!.trace.rule).toContain('curve at 0 earns 0, at 1000 earns 10, at 3000 earns 50 of revenue per month');
  });
});

describe('the parts of a curve', () => {
  const whole = fc.integer({ min: -50, max: 400 }).map((n) => Exact.of(n));
  const points = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 30 }).map((n) => Exact.of(n * 10)),
      value: fc.integer({ min: 0, max: 90 }).map((n) => Exact.of(n)),
    }),
    { minLength: 1, maxLength: 5 },
  );
  const curve: fc.Arbitrary<PlacedCurve> = fc
    .record({
      kind: fc.constantFrom('earns' as const, 'rate' as const),
      beyond: fc.constantFrom('flat' as const, 'continue' as const),
      points,
    })
    .map((random) => ({
      ...random,
      points: random.points
        .map((point) => ({ ...point, written: String(point.at) }))
        .sort((a, b) => a.at.compare(b.at)),
    }));

  it('sum to the earnings of the curve between two places, in both directions', () => {
    fc.assert(
      fc.property(curve, whole, whole, (random, start, end) => {
        const parts = curveParts(random, start, end);
        const sum = (of: 'amount' | 'length') => parts.reduce((total, part) => total.plus(part[of]), Exact.zero);
        expect(sum('amount')).toEqual(earnedUpTo(random, end).minus(earnedUpTo(random, start)));
        expect(sum('length')).toEqual(end.minus(start));
      }),
      { numRuns },
    );
  });
});
