import { Exact } from '@attain/values';
import type { Draw } from '../plans/draws.js';

/** The balances between a plan and a participant after a period closed, in minor units of the pay currency. */
export interface PlanBalances {
  /** The negative amount carried to the next period, as a number above 0. */
  readonly carried: bigint;
  /** The balance lent under each draw of the plan. */
  readonly draws: readonly bigint[];
}
export const NOTHING_OWED: PlanBalances = { carried: 0n, draws: [] };

/** The terms by which a plan is settled in one pay period of a participant. */
export interface Settlement {
  readonly draws: readonly Draw[];
  readonly negative: 'due' | 'carried';
  /** The number of the participant's pay periods in the plan so far, and whether this is one of them. */
  readonly number: number;
  readonly isNamed: boolean;
  /** Converts an amount from the plan's currency to the pay currency, rounded; null without a rate. */
  convert(amount: Exact): bigint | null;
}
/** The amount that a plan adds to the amount due, or takes from it; `of` holds the numbers for its explanation. */
export interface SettledLine {
  readonly kind: 'carried' | 'draw' | 'recovery';
  readonly amount: bigint;
  readonly of: {
    /** The amount due before the line. */
    readonly due: bigint;
    /** The lent or carried balance before and after the line; null for a guarantee. */
    readonly balance: { readonly before: bigint; readonly after: bigint } | null;
    /** The minimum that the draw pays; 0 if none runs. */
    readonly draw: bigint;
    /** For a recovery, the share of the amount above the draw. */
    readonly share: Exact;
  };
}
export interface Settled {
  readonly lines: readonly SettledLine[];
  readonly balances: PlanBalances;
}

/**
 * Carried negatives are added to the amount due. While a draw runs, the larger of both is paid and a negative is
 * carried. The amount that a recoverable draw adds is lent; a share of the amount above the running draw pays the
 * balances back, in the order of the draws.
 */
export function settle(
  { draws, negative, number, isNamed, convert }: Settlement,
  before: PlanBalances,
  due: bigint,
): Settled {
  const lines: SettledLine[] = [];
  const balances = draws.map((_, index) => before.draws[index] ?? 0n);
  const running = !isNamed ? -1 : draws.findIndex(({ from, to }) => from <= number && (to === null || number <= to));
  const amount = running < 0 ? null : convert(amountIn(draws[running]!, number));
  const joined = due - before.carried;
  const carried = joined < 0n && (amount !== null || negative === 'carried') ? -joined : 0n;
  const draw = amount ?? 0n;
  if (carried !== before.carried)
    lines.push({
      kind: 'carried',
      amount: carried - before.carried,
      of: { due, balance: { before: before.carried, after: carried }, draw, share: Exact.one },
    });
  const left = joined + carried;
  if (amount !== null && left < amount) {
    const lent = balances[running]!;
    const isLent = draws[running]!.recovers !== null;
    if (isLent) balances[running]! += amount - left;
    lines.push({
      kind: 'draw',
      amount: amount - left,
      of: {
        due: left,
        balance: isLent ? { before: lent, after: balances[running]! } : null,
        draw: amount,
        share: Exact.one,
      },
    });
  }
  let surplus = left - draw;
  draws.forEach(({ recovers }, index) => {
    if (recovers === null || number < recovers.from || surplus <= 0n || balances[index]! === 0n) return;
    const share = Exact.of(surplus).times(recovers.share).round('half-up');
    const recovery = share < balances[index]! ? share : balances[index]!;
    if (recovery === 0n) return;
    const lent = balances[index]!;
    balances[index]! -= recovery;
    lines.push({
      kind: 'recovery',
      amount: -recovery,
      of: { due: surplus + draw, balance: { before: lent, after: balances[index]! }, draw, share: recovers.share },
    });
    surplus -= recovery;
  });
  draws.forEach(({ to, isForgivenAtEnd }, index) => {
    if (isForgivenAtEnd && to !== null && number >= to) balances[index] = 0n;
  });
  return { lines, balances: { carried, draws: balances } };
}

function amountIn({ amounts, from }: Draw, number: number): Exact {
  return (amounts.length === 1 ? amounts[0] : amounts[number - from]) ?? Exact.zero;
}
