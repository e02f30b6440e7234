import type { DealEvent } from '@attain/contracts';
import type { Decoded } from '@attain/eventsourcing';
import { dealDecider, type DealState } from './deal.decider.js';

export interface TimelineChange {
  field: string;
  before: string | null;
  after: string | null;
}
/** One event of a deal: who, when, why, and what it changed. */
export interface TimelineEntry {
  event: string;
  type: string;
  at: string;
  actor: string;
  reason: string | null;
  /** The date that it speaks of, where it has one. */
  effective: string | null;
  changes: TimelineChange[];
}

export function timelineOf(events: readonly Decoded<DealEvent>[]): TimelineEntry[] {
  let state = dealDecider.initial;
  return events.map((event) => {
    const next = dealDecider.evolve(state, event as DealEvent);
    const entry: TimelineEntry = {
      event: event.id,
      type: event.type,
      at: event.meta.recorded,
      actor: event.meta.actor,
      reason: event.meta.reason ?? null,
      effective: event.meta.effective ?? null,
      changes: differences(state, next),
    };
    state = next;
    return entry;
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
  for (const [id, { kind, date, amount }] of Object.entries(reversals)) all.set(`reversal ${id}`, `${kind} ${date} ${amount ?? 'all that is left'}`);
  return all;
}
