import type { Clock } from './clock.js';
import { type Codec, decoded } from './codec.js';
import type { StoredEvent } from './events.js';
import {
  type Document,
  type EventStore,
  type ParkedEvent,
  type Placed,
  type ReadModels,
  type Span,
  Transient,
} from './ports.js';
import type { Decoded, Projection } from './projection.js';
import { checkSpan } from './span.rules.js';
import { checkStanding, sealFor } from './standing.js';

export interface ProjectorParts extends Pick<Codec, 'decode'> {
  /** Parked events are read again here. */
  events: EventStore;
  models: ReadModels;
  clock: Clock;
}
/** A projection at work: takes the batches of its group and keeps its model. */
export interface Projector {
  readonly group: string;
  readonly categories: readonly string[];
  /** What the model holds, as far as this process knows. */
  position(): bigint;
  /** What the model holds by now, whichever process keeps it; waits for no batch. */
  stored(): Promise<bigint>;
  /** Goes on from what the model holds, since another process may have gone on with it. */
  refresh(): Promise<bigint>;
  /** Throws Gap when events are missing; anything else it throws is transient: the batch may come again. */
  handle(events: readonly StoredEvent[], span: Span): Promise<void>;
  /** Tries again what is parked, of one document or all; answers how many went in and how many still wait. */
  redrive(key?: string): Promise<{ redriven: number; parked: number }>;
}

/** Documents, and streams, that miss an event and must not see later ones before it. */
interface Held {
  keys: Set<string>;
  streams: Set<string>;
}
/** An event to apply: to the documents it concerns, or again to one of them. */
interface Due {
  event: StoredEvent;
  again?: { key: string | null };
}

const REDRIVEN_AT_ONCE = 500;

export async function createProjector<D extends Document, E extends { type: string; data: unknown }>(
  projection: Projection<D, E>,
  { events: store, models, clock, decode }: ProjectorParts,
): Promise<Projector> {
  const group = `${projection.name}@${projection.version}`;
  const writer = await models.writer<D>(projection);
  await checkStanding(group, writer, store);
  let position = await writer.position();
  let held = heldBy(await models.parked(group));
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  /** Folds the events into their documents in memory; what fails, and what comes behind it, is parked and held in `holding`. */
  async function apply(
    due: readonly Due[],
    holding: Held,
  ): Promise<{ documents: Map<string, Placed<D>>; park: ParkedEvent[] }> {
    const documents = new Map<string, Placed<D>>();
    const park: ParkedEvent[] = [];
    const parkEvent = (event: StoredEvent, key: string | null, reason: string): void => {
      park.push({
        group,
        stream: event.stream,
        key,
        position: event.position,
        event: event.id,
        type: event.type,
        reason,
        at: clock(),
      });
      if (key === null) holding.streams.add(event.stream);
      else holding.keys.add(key);
    };

    const steps: { event: Decoded<E>; stored: StoredEvent; keys: readonly string[]; again: boolean }[] = [];
    for (const { event: stored, again } of due) {
      if (holding.streams.has(stored.stream) && !again?.key) {
        parkEvent(stored, null, 'waits behind a parked event of its stream');
        continue;
      }
      try {
        const event = decoded<E>({ decode }, stored);
        steps.push({
          event,
          stored,
          keys: again?.key ? [again.key] : [...new Set(projection.keys(event))],
          again: again?.key === null,
        });
      } catch (error) {
        parkEvent(stored, null, reasonOf(error));
      }
    }

    const before = await writer.getMany([...new Set(steps.flatMap(({ keys }) => keys))]);
    for (const { event, stored, keys, again } of steps) {
      for (const key of keys) {
        const placed = documents.get(key) ?? before.get(key);
        // The commit was cut off after this document; an event whose document was unknown comes late by nature.
        if (placed && placed.position >= stored.position && !again) continue;
        if (holding.keys.has(key)) {
          parkEvent(stored, key, 'waits behind a parked event of its document');
          continue;
        }
        try {
          const document = projection.evolve(placed?.document, event, key);
          const at = placed && placed.position > stored.position ? placed.position : stored.position;
          if (document !== placed?.document) documents.set(key, { document, position: at });
        } catch (error) {
          if (error instanceof Transient) throw error;
          parkEvent(stored, key, reasonOf(error));
        }
      }
    }
    return { documents, park };
  }

  async function handle(events: readonly StoredEvent[], span: Span): Promise<void> {
    if (span.through <= position) return;
    checkSpan(group, position, events, span);
    const holding = { keys: new Set(held.keys), streams: new Set(held.streams) };
    const { documents, park } = await apply(
      events.filter((event) => event.position > position).map((event) => ({ event })),
      holding,
    );
    const seal = await sealFor(group, span.through, store);
    await writer.commit({ after: position, position: span.through, seal, documents, park });
    position = span.through;
    held = holding;
  }

  async function refresh(): Promise<bigint> {
    position = await writer.position();
    held = heldBy(await models.parked(group));
    return position;
  }

  async function redrive(key?: string): Promise<{ redriven: number; parked: number }> {
    const all = await models.parked(group);
    const waiting = all.filter((parked) => key === undefined || parked.key === key);
    const holding = heldBy(all.filter((parked) => !waiting.includes(parked)));
    let still = 0;
    for (let at = 0; at < waiting.length; at += REDRIVEN_AT_ONCE) {
      const slice = waiting.slice(at, at + REDRIVEN_AT_ONCE);
      const due: Due[] = [];
      for (const parked of slice)
        due.push({ event: await eventAt(store, parked.position), again: { key: parked.key } });
      const { documents, park } = await apply(due, holding);
      const stays = new Set(park.map(placeOf));
      await writer.commit({
        after: position,
        position,
        documents,
        park,
        redriven: slice.filter((parked) => !stays.has(placeOf(parked))),
      });
      still += park.length;
    }
    held = heldBy(await models.parked(group));
    return { redriven: waiting.length - still, parked: still };
  }

  return {
    group,
    categories: projection.categories,
    position: () => position,
    stored: () => writer.position(),
    refresh: () => inTurn(refresh),
    handle: (events, span) => inTurn(() => handle(events, span)),
    redrive: (key) => inTurn(() => redrive(key)),
  };
}

function heldBy(parked: readonly ParkedEvent[]): Held {
  return {
    keys: new Set(parked.flatMap(({ key }) => (key === null ? [] : [key]))),
    streams: new Set(parked.flatMap(({ key, stream }) => (key === null ? [stream] : []))),
  };
}

function placeOf({ position, key }: ParkedEvent): string {
  return JSON.stringify([String(position), key]);
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}

async function eventAt(store: EventStore, position: bigint): Promise<StoredEvent> {
  const event = await store.readAt(position);
  if (!event) throw new Error(`no event at position ${position}`);
  return event;
}
