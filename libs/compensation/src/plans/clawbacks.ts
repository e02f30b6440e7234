import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Duration, durationOf } from './durations.rules.js';

/** The terms by which a component takes back pay of a record whose reversal is dated or kept. */
export interface Clawback {
  /** A share of the record's earnings, or the part for the remaining time. */
  readonly take: 'pro rata' | Exact;
  /** The time that a record is paid for; null for the record's own `termMonths`. */
  readonly over: Duration | null;
  /** After the credit date; null for no limit. */
  readonly within: Duration | null;
  readonly instalments: number;
}

export function clawbackOf({ clawback }: PlanComponent): Clawback | null {
  if (clawback === undefined) return null;
  const { take = 'as paid', over, within, instalments } = clawback;
  return {
    take: take === 'pro rata' ? take : take === 'as paid' ? Exact.one : Exact.parse(take),
    over: over === undefined ? null : durationOf(over),
    within: within === undefined ? null : durationOf(within),
    instalments: Number(instalments ?? 1),
  };
}
