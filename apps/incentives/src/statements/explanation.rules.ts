import { type Explanation, nodes } from '@attain/compensation';
import type { FiscalCalendar } from '@attain/values';
import type { StatedFact } from './facts.js';
import { isReasonSeen, type Seer } from './withheld.rules.js';
import type { StatedExplanation } from './statements.answers.js';

export type { StatedExplanation } from './statements.answers.js';

/** Whether the scope shows all days, windows, quotas and reversals that a tree depends on. */
export function isTreeSeen(root: Explanation, participant: string, scope: Seer, calendar: FiscalCalendar): boolean {
  for (const one of nodes(root)) {
    if (one.date !== undefined && !scope.covers(participant, one.date)) return false;
    if (!isReasonSeen(participant, one, scope, calendar)) return false;
  }
  return true;
}

/** The ids of the events that a tree depends on. */
export function eventsOf(root: Explanation): ReadonlySet<string> {
  const events = new Set<string>();
  for (const { inputs = [] } of nodes(root)) for (const { event } of inputs) events.add(event);
  return events;
}

/** A tree whose inputs have the actor, instant and reason of their events. */
export function withFacts(one: Explanation, facts: ReadonlyMap<string, StatedFact | null>): StatedExplanation {
  const { inputs, from, parts, ...rest } = one;
  const stated = inputs?.map(({ what, value, event }) => {
    const fact = facts.get(event);
    return {
      what,
      value,
      event,
      recorded: fact?.recorded ?? null,
      actor: fact?.actor ?? null,
      reason: fact?.reason ?? null,
    };
  });
  return {
    ...rest,
    ...(stated !== undefined && { inputs: stated }),
    ...(from !== undefined && { from: from.map((part) => withFacts(part, facts)) }),
    parts: parts.map((part) => withFacts(part, facts)),
  };
}
