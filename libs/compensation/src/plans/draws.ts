import type { PlanDocument } from '@attain/contracts';
import { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';

/**
 * A draw of a plan: the minimum pay of a participant in some pay periods. Amounts are minor units of the plan's
 * currency.
 */
export interface Draw {
  /** The first of the participant's pay periods in the plan, counted from 1, in which the draw runs. */
  readonly from: number;
  /** Null if it never ends. */
  readonly to: number | null;
  /** One amount for each of its periods in turn; a single amount applies to all of them. */
  readonly amounts: readonly Exact[];
  /**
   * Whether the added amount is lent; if so, the period from which a share of a surplus pays it back, and the share.
   */
  readonly recovers: { readonly from: number; readonly share: Exact } | null;
  readonly isForgivenAtEnd: boolean;
}

type DrawDocument = Exclude<NonNullable<PlanDocument['draw']>, readonly unknown[]>;

/** The draws of a plan in their order; a draw without its own periods begins after the one before. */
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

/** The periods of a draw; a list of amounts has one period for each. */
export function periodsOf({ amount, periods }: DrawDocument, next: number): { from: number; to: number | null } {
  if (periods === undefined) return { from: next, to: typeof amount === 'string' ? null : next + amount.length - 1 };
  const [from, to = from] = periods.split('-').map(Number);
  return { from: from!, to: to! };
}
