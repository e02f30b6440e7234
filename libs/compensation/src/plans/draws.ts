import type { PlanDocument } from '@attain/contracts';
import { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';

/** A draw of a plan: what a participant is paid at least in some of their pay periods. Amounts are minor units of the plan's currency. */
export interface Draw {
  /** The participant's pay periods in the plan, counted from 1, in which it runs. */
  readonly from: number;
  /** Null: it never ends. */
  readonly to: number | null;
  /** For each of its periods in turn; a single amount holds for all of them. */
  readonly amounts: readonly Exact[];
  /** Whether what is missing to it is lent, and from which period on which share of a surplus pays it back. */
  readonly recovers: { readonly from: number; readonly share: Exact } | null;
  readonly isForgivenAtEnd: boolean;
}

type DrawDocument = Exclude<NonNullable<PlanDocument['draw']>, readonly unknown[]>;

/** The draws of a plan in their order; each without periods of its own begins after the one before. */
export function drawsOf({ draw }: Pick<PlanDocument, 'draw'>, currency: string): readonly Draw[] {
  const draws: Draw[] = [];
  for (const document of draw === undefined ? [] : [draw].flat()) {
    const { amount, recoverable = 'yes', recovers, forgive } = document;
    const { from, to } = periodsOf(document, (draws.at(-1)?.to ?? 0) + 1);
    draws.push({
      from,
      to,
      amounts: [amount].flat().map((text) => Exact.parse(text).times(minorFactor(currency))),
      recovers:
        recoverable === 'no'
          ? null
          : {
              from: Number(recovers?.from ?? 1),
              share: recovers?.share === undefined ? Exact.one : Exact.parse(recovers.share),
            },
      isForgivenAtEnd: forgive === 'at end',
    });
  }
  return draws;
}

/** The periods of a draw; those of a list of amounts are as many as the amounts. */
export function periodsOf({ amount, periods }: DrawDocument, next: number): { from: number; to: number | null } {
  if (periods === undefined) return { from: next, to: typeof amount === 'string' ? null : next + amount.length - 1 };
  const [from, to = from] = periods.split('-').map(Number);
  return { from: from!, to: to! };
}
