import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Duration, durationOf } from './durations.rules.js';

/** What a component takes back of a record whose reversal is dated or kept. */
export interface Clawback {
  /** A share of what the record earned; or what falls on the time that was left. */
  readonly take: 'pro rata' | Exact;
  /** The time that a record is paid for; null: the record's own `termMonths`. */
  readonly over: Duration | null;
  /** After the credit date; null: for ever. */
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
