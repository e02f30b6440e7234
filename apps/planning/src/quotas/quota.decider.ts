import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { Exact } from '@attain/values';
import { checkQuota, type Quota, type QuotaFacts } from './quota.rules.js';

export type QuotaEvent = Extract<PlanningEvent, { type: `Quota${string}` }>;

/** By period. */
export type QuotaState = Readonly<Record<string, Quota>>;

export interface QuotaKey {
  readonly for: string;
  readonly measure: string;
  readonly period: string;
}
export type QuotaCommand =
  | { readonly do: 'assign'; readonly quota: Quota }
  | { readonly do: 'withdraw'; readonly which: QuotaKey }
  /** All quotas of a holder for a measure in a file. */
  | { readonly do: 'sync'; readonly for: string; readonly measure: string; readonly quotas: readonly Quota[] };

/** For one company, because its calendar and measures decide which quotas are valid. */
export function quotaDecider(facts: QuotaFacts): Decider<QuotaState, QuotaCommand, QuotaEvent> {
  return {
    category: 'quota',
    initial: {},
    decide: (command, state) => decide(command, state, facts),
    evolve,
    concerned,
  };
}

function decide(command: QuotaCommand, state: QuotaState, facts: QuotaFacts): readonly QuotaEvent[] {
  switch (command.do) {
    case 'assign':
      return assigned(command.quota, state, facts);
    case 'withdraw': {
      const { which } = command;
      if (!state[which.period]) {
        throw new Refused('QUOTA_UNKNOWN', `${which.for} has no quota of ${which.measure} for ${which.period}`, {
          ...which,
        });
      }
      return [{ type: 'QuotaWithdrawn', data: { for: which.for, measure: which.measure, period: which.period } }];
    }
    case 'sync': {
      const periods = new Set<string>();
      for (const { period } of command.quotas) {
        if (periods.has(period))
          throw new Refused('DUPLICATE_ROW', `${command.for}: two quotas of ${command.measure} for ${period}`, {
            period,
          });
        periods.add(period);
      }
      const gone = Object.keys(state).filter((period) => !periods.has(period));
      return [
        ...gone.map((period): QuotaEvent => ({
          type: 'QuotaWithdrawn',
          data: { for: command.for, measure: command.measure, period },
        })),
        ...command.quotas.flatMap((quota) => assigned(quota, state, facts)),
      ];
    }
  }
}

function assigned(quota: Quota, state: QuotaState, facts: QuotaFacts): QuotaEvent[] {
  checkQuota(quota, facts);
  const known = state[quota.period];
  if (known && same(known, quota)) return [];
  return [{ type: known ? 'QuotaChanged' : 'QuotaAssigned', data: { ...quota, credit: [...quota.credit] } }];
}

function same(a: Quota, b: Quota): boolean {
  const equal = (x: string | null, y: string | null) =>
    x === y || (x !== null && y !== null && Exact.parse(x).equals(Exact.parse(y)));
  return (
    equal(a.amount, b.amount) &&
    equal(a.target, b.target) &&
    a.currency === b.currency &&
    a.credit.join('\n') === b.credit.join('\n')
  );
}

function evolve(state: QuotaState, event: QuotaEvent): QuotaState {
  if (event.type === 'QuotaWithdrawn') {
    const { [event.data.period]: _, ...others } = state;
    return others;
  }
  return { ...state, [event.data.period]: event.data };
}

function concerned({ before, after }: { before: QuotaState; after: QuotaState }): string[] {
  return [...Object.values(before), ...Object.values(after)].map((quota) => quota.for);
}
