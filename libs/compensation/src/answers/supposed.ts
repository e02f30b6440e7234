import type { AttainEvent } from '@attain/contracts';
import type { Instant, LocalDate } from '@attain/values';
import type { Fact } from '../facts/fact.js';
import type { Facts } from '../facts/facts.js';
import { dealAt, type RecordFields } from '../facts/records.js';
import { STEP } from '../facts/steps.js';
import { OPEN } from '../facts/view.js';

/** A deal that is assumed to be won: a known one with other fields, or one that nobody has recorded. */
export interface SupposedDeal {
  readonly source: string;
  readonly id: string;
  readonly closed: LocalDate;
  /** The fields that differ from those known; null clears a field. */
  readonly fields: Readonly<Record<string, string | null>>;
}

interface History {
  append(facts: Iterable<Fact>): void;
}

/** Appends all facts to another history, in steps, followed by the facts that winning the deals would record. */
export function* supposed<Target extends History>(
  facts: Facts,
  target: Target,
  deals: readonly SupposedDeal[],
  known: Instant,
): Generator<undefined, Target> {
  const { head } = facts;
  const last = facts.lastKnown();
  const events = deals.map((deal) => ({ stream: streamOf(deal), events: eventsOf(facts, deal) }));
  const all = facts.between(0n, head);
  for (let from = 0; from < all.length; from += STEP) {
    target.append(all.slice(from, from + STEP));
    yield;
  }
  let position = head;
  for (const { stream, events: recorded } of events)
    target.append(
      recorded.map((event): Fact => {
        position += 1n;
        return {
          ...event,
          id: `supposed-${position}`,
          position,
          stream,
          recorded: known > last ? known : last,
        } as Fact;
      }),
    );
  return target;
}

export function streamOf({ source, id }: { readonly source: string; readonly id: string }): string {
  return `deal-${source}:${id}`;
}

/**
 * The events that winning a deal would record: one event for each kind of change, as the deal commands do, and then the
 * win.
 */
function eventsOf(facts: Facts, { source, id, closed, fields }: SupposedDeal): AttainEvent[] {
  const record = facts.records.get(streamOf({ source, id }));
  const state = record && dealAt(record, { position: Number(facts.head), before: OPEN, after: OPEN, applied: null });
  if (state === undefined) {
    const stated = Object.entries(fields).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
    return [
      { type: 'DealOpened', data: { source, id, fields: Object.fromEntries(stated) } },
      { type: 'DealWon', data: { closed } },
    ];
  }
  const changes = changesOf(state.fields, fields);
  if (state.status === 'won')
    return state.fields['closed'] === closed ? changes : [...changes, { type: 'DealRedated', data: { closed } }];
  const reopened: AttainEvent[] = state.status === 'lost' ? [{ type: 'DealReopened', data: {} }] : [];
  return [...reopened, ...changes, { type: 'DealWon', data: { closed } }];
}

function changesOf(before: RecordFields, fields: SupposedDeal['fields']): AttainEvent[] {
  const changed = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => (value ?? '') !== (before[name] ?? '')),
  );
  const { stage, amount, currency, owner, closed: _, ...others } = changed;
  const events: AttainEvent[] = [];
  if (stage !== undefined) events.push({ type: 'DealStageChanged', data: { stage } });
  if (amount !== undefined || currency !== undefined) {
    const priced = {
      amount: amount === undefined ? (before['amount'] ?? null) : amount,
      currency: currency === undefined ? (before['currency'] ?? null) : currency,
    };
    events.push({ type: 'DealRepriced', data: priced });
  }
  if (owner !== undefined) events.push({ type: 'DealReassigned', data: { owner } });
  if (Object.keys(others).length > 0) events.push({ type: 'DealAmended', data: { fields: others } });
  return events;
}
