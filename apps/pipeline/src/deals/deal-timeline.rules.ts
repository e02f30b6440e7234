import type { DealEvent } from '@attain/contracts';
import type { Decoded } from '@attain/eventsourcing';
import { dealDecider, type DealState } from './deal.decider.js';
import type { TimelineChange, TimelineEntry } from './deals.answers.js';

export type { TimelineEntry } from './deals.answers.js';

/** A deal as an event left it; `reversed` is the date of the reversal that the event records. */
export type DealThen = Pick<DealState, 'status'> & {
  owner: string | null;
  closed: string | null;
  reversed: string | null;
};

/** The events that may be seen, each judged by the deal as it was then. */
export function timelineOf(
  events: readonly Decoded<DealEvent>[],
  shown: (then: DealThen) => boolean = () => true,
): TimelineEntry[] {
  let state = dealDecider.initial;
  return events.flatMap((event) => {
    const before = state;
    state = dealDecider.evolve(before, event as DealEvent);
    const { status, fields } = state.status === 'none' ? before : state;
    const reversed = event.type === 'DealReversed' ? event.data.date : null;
    if (!shown({ status, owner: fields['owner'] ?? null, closed: fields['closed'] ?? null, reversed })) return [];
    return [
      {
        event: event.id,
        type: event.type,
        at: event.meta.recorded,
        actor: event.meta.actor,
        reason: event.meta.reason ?? null,
        effective: event.meta.effective ?? null,
        changes: differences(before, state),
      },
    ];
  });
}

function differences(before: DealState, after: DealState): TimelineChange[] {
  const [was, is] = [facets(before), facets(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => was.get(field) !== is.get(field))
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

function facets({ status, fields, revenue, overlay, reversals }: DealState): Map<string, string> {
  const all = new Map(Object.entries(fields));
  if (status !== 'none') all.set('status', status);
  for (const [participant, share] of Object.entries(revenue)) all.set(`split ${participant}`, share);
  for (const [participant, share] of Object.entries(overlay)) all.set(`overlay ${participant}`, share);
  for (const [id, { kind, date, amount }] of Object.entries(reversals))
    all.set(`reversal ${id}`, `${kind} ${date} ${amount ?? 'all that is left'}`);
  return all;
}
