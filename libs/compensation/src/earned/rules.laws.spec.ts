import { describe, expect, it, jest } from '@jest/globals';
import { Exact, FiscalCalendar } from '@attain/values';
import fc from 'fast-check';
import { atMostWhole, cutShares } from '../credits/credits.rules.js';
import { type Quota, quotaParts } from '../plans/quotas.rules.js';
import { spreadTotal, type RoundingRule, rounded } from '../plans/rounding.rules.js';
import { dividedRounded, paidUpTo, ratesOf, slopesOf } from './slopes.rules.js';
import { type Ladder, ladderOf, partsOf, type TierRule } from '../plans/tiers.rules.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
jest.setTimeout(3_600_000);

const sum = (values: readonly Exact[]) => values.reduce((total, value) => total.plus(value), Exact.zero);
const cents = fc.integer({ min: -1e9, max: 1e9 }).map((n) => Exact.of(n));
const shares = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }).map((weights) => {
  const total = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight, index) => ({ participant: `p${index}`, share: Exact.of(weight, total) }));
});

describe('splits', () => {
  it('sum to the whole cents of the deal, each within a cent of its share, and mirror in sign', () => {
    fc.assert(
      fc.property(cents, shares, (amount, parties) => {
        const parts = cutShares(amount, parties, true);
        expect(sum(parts)).toEqual(amount);
        parts.forEach((part, index) => {
          expect(part.wholeNumber()).toBeDefined();
          expect(part.minus(amount.times(parties[index]!.share)).abs().compare(Exact.one)).toBeLessThan(0);
        });
        expect(cutShares(amount.negated(), parties, true)).toEqual(parts.map((part) => part.negated()));
        expect(sum(cutShares(amount, parties, false))).toEqual(amount);
      }),
      { numRuns },
    );
  });
  it('never credit more than the record', () => {
    fc.assert(
      fc.property(cents, cents, (credited, whole) =>
        expect(atMostWhole(credited, whole).abs().compare(whole.abs())).toBeLessThanOrEqual(0),
      ),
      { numRuns },
    );
  });
});

describe('rounding a total', () => {
  it('spreads exactly the rounded total, each line less than a step from its own', () => {
    const rule = fc.record({
      mode: fc.constantFrom('half-up' as const, 'half-even' as const),
      step: fc.constantFrom(1, 5).map((n) => Exact.of(n)),
      perTotal: fc.constant(true),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -1e6, max: 1e6 }).map((n) => Exact.of(n, 300)),
          { maxLength: 8 },
        ),
        rule,
        (lines, by: RoundingRule) => {
          const amounts = spreadTotal(lines, by);
          expect(amounts.reduce((total, amount) => total + amount, 0n)).toBe(rounded(sum(lines), by));
          amounts.forEach((amount, index) =>
            expect(Exact.of(amount).minus(lines[index]!).abs().compare(by.step)).toBeLessThanOrEqual(0),
          );
        },
      ),
      { numRuns },
    );
  });
});

const tierRules = fc
  .uniqueArray(
    fc.record({ from: fc.integer({ min: 0, max: 40 }), rate: fc.integer({ min: 0, max: 500 }), percent: fc.boolean() }),
    { minLength: 1, maxLength: 5, selector: ({ from }) => from },
  )
  .map((list) =>
    list
      .sort((a, b) => a.from - b.from)
      .map(({ from, rate, percent }) => ({
        rule: {
          from: percent ? Exact.of(from, 20) : Exact.of(from * 100),
          percent,
          retroactive: null,
        } satisfies TierRule,
        rate: Exact.of(rate, 10_000),
      })),
  );
const point = fc.integer({ min: -2000, max: 10_000 }).map((n) => Exact.of(n));

function paid(ladder: Ladder, rates: readonly Exact[], from: Exact, to: Exact): Exact {
  const parts = partsOf(ladder, 'split', from, to, to);
  const size = sum(
    parts.map(({ step, from: low, to: high }) => high.minus(low).times(step === null ? Exact.zero : rates[step.tier]!)),
  );
  return from.compare(to) <= 0 ? size : size.negated();
}

describe('marginal tiers', () => {
  it('pay a stretch as they pay its pieces: continuous at every edge', () => {
    fc.assert(
      fc.property(tierRules, fc.integer({ min: 0, max: 4000 }), point, point, point, (tiers, quota, a, b, c) => {
        const ladder = ladderOf(
          tiers.map(({ rule }) => rule),
          Exact.of(quota),
        );
        const rates = tiers.map(({ rate }) => rate);
        expect(paid(ladder, rates, a, b).plus(paid(ladder, rates, b, c))).toEqual(paid(ladder, rates, a, c));
        expect(paid(ladder, rates, b, a)).toEqual(paid(ladder, rates, a, b).negated());
      }),
      { numRuns },
    );
  });
  it('pay no less for more', () => {
    fc.assert(
      fc.property(tierRules, point, fc.nat(5000), fc.nat(5000), (tiers, start, less, more) => {
        const ladder = ladderOf(
          tiers.map(({ rule }) => rule),
          Exact.of(1000),
        );
        const rates = tiers.map(({ rate }) => rate);
        const to = (length: number) => paid(ladder, rates, start, start.plus(Exact.of(length)));
        expect(to(less + more).compare(to(less))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns },
    );
  });
  it('are the same as straight lines in whole numbers', () => {
    fc.assert(
      fc.property(
        tierRules,
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: -2000, max: 9000 }),
        fc.integer({ min: -2000, max: 9000 }),
        (tiers, quota, a, b) => {
          const ladder = ladderOf(
            tiers.map(({ rule }) => rule),
            Exact.of(quota),
          );
          const rates = tiers.map(({ rate }) => rate);
          const slopes = slopesOf(ladder, ratesOf(rates)!)!;
          const whole = paidUpTo(slopes, b * slopes.scale) - paidUpTo(slopes, a * slopes.scale);
          expect(Exact.of(whole, slopes.unit)).toEqual(paid(ladder, rates, Exact.of(a), Exact.of(b)));
        },
      ),
      { numRuns },
    );
  });
});

describe('a quotient of whole numbers', () => {
  it('is rounded as the exact one is', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom('half-up' as const, 'half-even' as const),
        (numerator, denominator, mode) => {
          expect(dividedRounded(numerator, denominator, mode)).toBe(
            Number(Exact.of(numerator, denominator).round(mode)),
          );
          const half = denominator * 2 * (numerator % 1000) + denominator;
          expect(dividedRounded(half, denominator * 2, mode)).toBe(Number(Exact.of(half, denominator * 2).round(mode)));
        },
      ),
      { numRuns },
    );
  });
});

describe('quotas', () => {
  const calendars = [
    new FiscalCalendar({ starts: '01-01', calendar: 'months' }),
    new FiscalCalendar({ starts: '02-01', calendar: '4-4-5', week: 'Monday' }),
  ];
  const seasons = fc.constantFrom<Exact[][]>(
    [],
    [20, 20, 20, 40].map((n) => Exact.of(n, 100)),
    Array.from({ length: 12 }, (_, month) => Exact.of(month + 1, 78)),
  );
  it('of a window are what those of its pieces sum to', () => {
    const assigned = fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom('year' as const, 'half' as const, 'quarter' as const, 'month' as const),
        index: fc.nat(11),
        amount: fc.nat(1_000_000),
      }),
      { maxLength: 5, selector: ({ kind, index }) => `${kind}${index}` },
    );
    fc.assert(
      fc.property(fc.constantFrom(...calendars), seasons, assigned, (calendar, weights, list) => {
        const year = calendar.period('2025');
        const quotas = new Map<string, Quota>();
        for (const { kind, index, amount } of list) {
          const pieces = calendar.pieces(year, kind);
          const { name } = pieces[index % pieces.length]!;
          quotas.set(name, {
            period: name,
            amount: Exact.of(amount),
            target: null,
            currency: null,
            credit: [],
            event: name,
          });
        }
        const of = (name: string) =>
          sum(
            quotaParts(quotas, calendar.period(name), { calendar, seasons: weights, presence: null, ramp: null }).map(
              ({ amount }) => amount,
            ),
          );
        for (const kind of ['half', 'quarter'] as const) {
          for (const window of calendar.pieces(year, kind)) {
            if (quotas.has(window.name)) expect(of(window.name)).toEqual(quotas.get(window.name)!.amount);
            else
              expect(
                sum(calendar.pieces(window, kind === 'half' ? 'quarter' : 'month').map(({ name }) => of(name))),
              ).toEqual(of(window.name));
          }
        }
      }),
      { numRuns },
    );
  });
});
