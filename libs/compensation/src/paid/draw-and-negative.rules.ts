import { Exact } from '@attain/values';
import type { Draw } from '../plans/draws.js';

/** What a plan owes a participant, or is owed, after a period closed; minor units of the pay currency. */
export interface PlanBalances {
  /** A negative that is carried to the next period, as a number above 0. */
  readonly carried: bigint;
  /** What is lent under each draw of the plan. */
  readonly draws: readonly bigint[];
}
export const NOTHING_OWED: PlanBalances = { carried: 0n, draws: [] };

/** How a plan is settled in one pay period of a participant. */
export interface Settlement {
  readonly draws: readonly Draw[];
  readonly negative: 'due' | 'carried';
  /** How many pay periods of the participant there are in the plan so far, and whether this is one. */
  readonly number: number;
  readonly isNamed: boolean;
  /** An amount of the plan's currency in the pay currency, rounded; null without a rate. */
  convert(amount: Exact): bigint | null;
}
/** What a plan adds to what is due, or takes from it; `of` is what its explanation says. */
export interface SettledLine {
  readonly kind: 'carried' | 'draw' | 'recovery';
  readonly amount: bigint;
  readonly of: {
    /** What is due before the line. */
    readonly due: bigint;
    /** What is lent, or carried, before and after it; null of a guarantee. */
    readonly balance: { readonly before: bigint; readonly after: bigint } | null;
    /** What the draw pays at least; 0 while none runs. */
    readonly draw: bigint;
    /** Of a recovery, of what is above the draw. */
    readonly share: Exact;
  };
}
export interface Settled {
  readonly lines: readonly SettledLine[];
  readonly balances: PlanBalances;
}

/**
 * Carried negatives join what is due. While a draw runs, the larger of both is paid, and a negative is carried. What is missing to a
 * recoverable draw joins its balance; a share of what is above the draw that runs pays the balances back, in the order of the draws.
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
