import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import type { Draw } from '../plans/draws.js';
import { NOTHING_OWED, type PlanBalances, settle, type Settlement } from './draw-and-negative.rules.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

const draw = (more: Partial<Draw> = {}): Draw => ({
  from: 1,
  to: 6,
  amounts: [Exact.of(1000)],
  recovers: { from: 1, share: Exact.one },
  isForgivenAtEnd: false,
  ...more,
});

/** The pay of each period, and the lent and carried balances after it. */
function paid(dues: readonly number[], draws: readonly Draw[], negative: Settlement['negative'] = 'due') {
  let balances: PlanBalances = NOTHING_OWED;
  return dues.map((due, index) => {
    const result = settle(
      { draws, negative, number: index + 1, isNamed: true, convert: (amount) => amount.round('half-up') },
      balances,
      BigInt(due),
    );
    balances = result.balances;
    const pay = result.lines.reduce((sum, { amount }) => sum + amount, BigInt(due));
    return [Number(pay), Number(balances.draws.reduce((sum, lent) => sum + lent, 0n)), Number(balances.carried)];
  });
}

describe('a draw', () => {
  it('AT-15 lends the missing amount, and takes it back from the fourth period on', () => {
    expect(paid([500, 700, 400, 1600, 900, 1500, 1000], [draw({ recovers: { from: 4, share: Exact.one } })])).toEqual([
      [1000, 500, 0],
      [1000, 800, 0],
      [1000, 1400, 0],
      [1000, 800, 0],
      [1000, 900, 0],
      [1000, 400, 0],
      [600, 0, 0],
    ]);
  });
  it('AT-16 that is not recoverable is a guarantee, period by period', () => {
    const guarantee = draw({ to: 3, amounts: [5000, 3750, 2500].map((amount) => Exact.of(amount)), recovers: null });
    expect(paid([1500, 4000, 0, 0], [guarantee])).toEqual([
      [5000, 0, 0],
      [4000, 0, 0],
      [2500, 0, 0],
      [0, 0, 0],
    ]);
  });
  it('takes back a share of the amount above it', () => {
    expect(paid([0, 3000, 5000], [draw({ recovers: { from: 1, share: Exact.of(1, 4) } })])).toEqual([
      [1000, 1000, 0],
      [2500, 500, 0],
      [4500, 0, 0],
    ]);
  });
  it('is forgiven at its end if the plan forgives it', () => {
    expect(paid([400, 400, 3000], [draw({ to: 2, isForgivenAtEnd: true })])).toEqual([
      [1000, 600, 0],
      [1000, 0, 0],
      [3000, 0, 0],
    ]);
  });
  it('counts a negative as 0 and carries it', () => {
    expect(paid([-200, 1500], [draw({ recovers: null })])).toEqual([
      [1000, 0, 200],
      [1300, 0, 0],
    ]);
  });
  it('of a list keeps a balance of its own, and they are paid back in their order', () => {
    const list = [draw({ to: 1, amounts: [Exact.of(300)] }), draw({ from: 2, to: 2, amounts: [Exact.of(200)] })];
    expect(paid([0, 0, 400, 400], list)).toEqual([
      [300, 300, 0],
      [200, 500, 0],
      [0, 100, 0],
      [300, 0, 0],
    ]);
  });
  it('runs only while the plan names the participant', () => {
    const { lines } = settle(
      { draws: [draw()], negative: 'due', number: 1, isNamed: false, convert: (amount) => amount.round('half-up') },
      NOTHING_OWED,
      100n,
    );
    expect(lines).toEqual([]);
  });
});

describe('a negative', () => {
  it('is due back, or carried to the next period if the plan carries it', () => {
    expect(paid([-200, 500], [])).toEqual([
      [-200, 0, 0],
      [500, 0, 0],
    ]);
    expect(paid([-200, -100, 500], [], 'carried')).toEqual([
      [0, 0, 200],
      [0, 0, 300],
      [200, 0, 0],
    ]);
  });
});

describe('over any periods', () => {
  const draws = fc
    .array(
      fc.record({
        periods: fc.integer({ min: 1, max: 3 }),
        amount: fc.integer({ min: 0, max: 900 }),
        from: fc.integer({ min: 1, max: 4 }),
        share: fc.constantFrom(1, 2, 4),
      }),
      { maxLength: 2 },
    )
    .map((list) => {
      let next = 1;
      return list.map(({ periods, amount, from, share }) => {
        const own = draw({
          from: next,
          to: next + periods - 1,
          amounts: [Exact.of(amount)],
          recovers: { from, share: Exact.of(1, share) },
        });
        next += periods;
        return own;
      });
    });

  it('the pay is the amount due plus the lent and carried amounts', () => {
    fc.assert(
      fc.property(
        draws,
        fc.array(fc.integer({ min: -900, max: 2000 }), { minLength: 1, maxLength: 10 }),
        fc.constantFrom('due' as const, 'carried' as const),
        (list, dues, negative) => {
          const periods = paid(dues, list, negative);
          const [, lent, carried] = periods.at(-1)!;
          const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
          expect(sum(periods.map(([pay]) => pay!))).toBe(sum(dues) + lent! + carried!);
          for (const [, balance, negativeCarried] of periods)
            expect(Math.min(balance!, negativeCarried!)).toBeGreaterThanOrEqual(0);
          if (negative === 'carried') for (const [pay] of periods) expect(pay).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns },
    );
  });
});
