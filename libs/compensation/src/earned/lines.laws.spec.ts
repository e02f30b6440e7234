import { describe, expect, it, jest } from '@jest/globals';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import { type NaiveComponent, naiveLines, type NaiveRecord, windowName } from '../testing/naive-tiers.js';
import { Story } from '../testing/story.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
jest.setTimeout(3_600_000);

interface Tier {
  from: number;
  percent: boolean;
  /** Tenths of a percent. */
  rate: number;
  retroactive: 'no' | 'yes' | number;
}
interface Version {
  per: NaiveComponent['per'];
  byCount: boolean;
  crossing: NaiveComponent['crossing'];
  product: string | null;
  rate: number;
  tiers: Tier[];
  /** Whether the tiers multiply the base rate. */
  times: boolean;
}

const date = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, day]) => `2025-0${month}-${String(day).padStart(2, '0')}`);
const records = fc
  .array(
    fc.record({
      date,
      amount: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.integer({ min: -30, max: 0 })),
      reverse: fc.constantFrom('none', 'none', 'none', 'all', 'half'),
      product: fc.constantFrom('X', 'Y'),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((record, index) => ({ ...record, id: `D${String(index).padStart(2, '0')}` })));
const tiers = (percent: boolean) =>
  fc
    .uniqueArray(
      fc.record({
        from: fc.integer({ min: 0, max: 15 }).map((n) => n * 10),
        percent: percent ? fc.boolean() : fc.constant(false),
        rate: fc.integer({ min: 0, max: 400 }),
        retroactive: fc.oneof(
          fc.constant('no' as const),
          fc.constant('yes' as const),
          fc.integer({ min: 0, max: 9 }).map((n) => n * 5),
        ),
      }),
      { minLength: 1, maxLength: 4, selector: ({ from }) => from },
    )
    .map((list) => list.sort((a, b) => a.from - b.from));
const version: fc.Arbitrary<Version> = fc
  .record({
    per: fc.constantFrom('deal' as const, 'month' as const, 'quarter' as const, 'half' as const, 'year' as const),
    byCount: fc.boolean(),
    crossing: fc.constantFrom('split' as const, 'split' as const, 'higher' as const, 'lower' as const),
    product: fc.constantFrom(null, null, 'X'),
    rate: fc.integer({ min: 1, max: 100 }).map((n) => 2 * n),
    times: fc.boolean(),
    flat: fc.boolean(),
  })
  .chain(({ flat, ...rest }): fc.Arbitrary<Version> => {
    if (flat) return fc.constant({ ...rest, per: null, byCount: false, crossing: 'split', tiers: [] });
    // Multiples of the base rate stay whole tenths of a percent, because the naive way knows no others.
    const whole = (tier: Tier): Tier => (rest.times ? { ...tier, rate: Math.round(tier.rate / 50) * 50 } : tier);
    return tiers(rest.per !== 'deal').map((list) => ({ ...rest, tiers: list.map(whole) }));
  });

/** Retroactive tiers exclude a crossing policy. */
const sound = ({ crossing, tiers: list }: Version): boolean =>
  crossing === 'split' || list.every(({ retroactive }) => retroactive === 'no');

const percentText = (tenths: number) => `${Exact.of(tenths, 10)}%`;
const bound = ({ from, percent }: { from: number; percent: boolean }) => (percent ? `${from}%` : String(from));

function componentOf(
  { per, byCount, crossing, product, rate, tiers: list, times }: Version,
  count: NaiveComponent['count'],
) {
  return {
    name: 'Commission',
    measure: 'revenue',
    ...(byCount && { by: 'contracts' }),
    ...(per !== null && { per }),
    ...(product !== null && { where: `product = "${product}"` }),
    ...((list.length === 0 || times) && { rate: percentText(rate) }),
    ...(list.length > 0 && {
      crossing,
      tiers: list.map((tier) => ({
        from: bound(tier),
        [times ? 'times' : 'rate']: times ? String(Exact.of(tier.rate, 100)) : percentText(tier.rate),
        retroactive:
          typeof tier.retroactive === 'number'
            ? bound({ from: tier.retroactive, percent: tier.percent })
            : tier.retroactive,
      })),
    }),
    ...(count !== null && { cap: { count: String(count.limit), per: count.per } }),
  };
}

/** The same for the naive way: tiers on the axis, rates in tenths of a percent. */
function naiveOf(
  versionOn: (date: string) => Version,
  first: Version,
  quotas: ReadonlyMap<string, number>,
  count: NaiveComponent['count'],
): NaiveComponent {
  return {
    per: first.per,
    byCount: first.byCount,
    crossing: first.crossing,
    product: first.product,
    count,
    tiers(window, on) {
      const { tiers: list, rate, times } = versionOn(on);
      if (list.length === 0) return [{ from: -Infinity, rate, back: null }];
      const quota = quotas.get(window) ?? 0;
      return list.flatMap((tier) => {
        if (tier.percent && tier.from > 0 && quota === 0) return [];
        const place = (n: number) => (tier.percent ? (n * quota) / 100 : n);
        const back =
          tier.retroactive === 'no'
            ? null
            : tier.retroactive === 'yes'
              ? -Infinity
              : tier.percent && quota === 0 && tier.retroactive > 0
                ? null
                : place(tier.retroactive);
        return [{ from: place(tier.from), rate: times ? (rate * tier.rate) / 100 : tier.rate, back }];
      });
    },
  };
}

const quotaOf = fc.constantFrom(0, 20, 40, 100);

describe('lines', () => {
  it('are those of the naive way for any plan, versions and records', () => {
    fc.assert(
      fc.property(
        records,
        version.filter(sound),
        fc.option(version.filter(sound), { nil: null }),
        fc.option(
          fc.record({
            limit: fc.integer({ min: 1, max: 4 }),
            per: fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
          }),
          { nil: null },
        ),
        fc.array(quotaOf, { minLength: 12, maxLength: 12 }),
        (list, first, other, count, amounts) => {
          // A version continues in the windows of the one before; they differ in the rates of their tiers.
          const second: Version | null =
            other === null || other.tiers.length * first.tiers.length === 0 ? null : { ...other, ...pick(first) };
          fc.pre(second === null || sound(second));
          const measure = first.byCount ? 'contracts' : 'revenue';
          const story = new Story({
            currency: 'JPY',
            measures: { revenue: { counts: 'amount', of: 'deals' }, contracts: { counts: '1', of: 'deals' } },
          }).person('ann', 'AE', '2025-01-01');
          story.plan('AE', {
            version: '1',
            effective: { from: '2025-01-01' },
            components: [componentOf(first, count)],
          });
          if (second !== null)
            story.plan('AE', {
              version: '2',
              effective: { from: '2025-03-15' },
              components: [componentOf(second, count)],
            });
          const naive: NaiveRecord[] = list.map(({ reverse, amount, ...rest }) => {
            // A part of a record is a part of its count, which the naive way does not support.
            const reversed =
              reverse === 'all' ? amount : reverse === 'half' && !first.byCount ? Math.trunc(amount / 2) : 0;
            return { ...rest, amount, reversed, undone: reverse === 'all' };
          });
          const windows = new Map(
            [...new Set(naive.map((record) => windowName(first.per, record)))].map((name, index) => [
              name,
              first.per === 'deal' ? 0 : amounts[index]!,
            ]),
          );
          if (first.per !== null && first.per !== 'deal')
            for (const [name, amount] of windows) story.quota('ann', measure, name, amount);
          for (const { id, date: closed, amount, reversed, undone, product } of naive) {
            story.sold('ann', id, amount, closed, { product });
            if (undone || reversed !== 0) story.cancel(id, '2025-06-30', undone ? null : Math.abs(reversed));
          }
          const expected = naiveLines(
            naive,
            naiveOf((on) => (second !== null && on >= '2025-03-15' ? second : first), first, windows, count),
          );
          const actual = story
            .history()
            .earned({ participant: 'ann', period: '2025' })
            .lines.map(({ kind, record, causedBy, date: on, earned }) => ({
              kind,
              id: record?.id,
              cause: causedBy?.id ?? null,
              date: on,
              amount: Number(earned),
            }));
          expect(actual).toEqual(expected);
        },
      ),
      { numRuns },
    );
  });
});

function pick({ per, byCount, crossing, product }: Version) {
  return { per, byCount, crossing, product };
}
