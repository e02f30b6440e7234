import type { Clock } from './clock.js';
import { type Codec, decoded } from './codec.js';
import type { StoredEvent } from './events.js';
import {
  type Document,
  type EventStore,
  type ModelWriter,
  type ParkedEvent,
  type Placed,
  type ReadModels,
  type Span,
  Transient,
} from './ports.js';
import type { Decoded, Projection } from './projection.js';
import { checkSpan } from './span.rules.js';
import { checkStanding, sealFor } from './standing.js';
import { Turns } from './turns.js';

export interface ProjectorParts extends Pick<Codec, 'decode'> {
  /** The log from which parked events are read again. */
  events: EventStore;
  models: ReadModels;
  clock: Clock;
}
/** A running projection: accepts the batches of its group and updates its model. */
export interface Projector {
  readonly group: string;
  readonly categories: readonly string[];
  /** The model's position, as far as this process knows. */
  position(): bigint;
  /** The model's current position, also if another process updates it; waits for no batch. */
  stored(): Promise<bigint>;
  /** Continues from the position of the model, because another process may have continued the work. */
  refresh(): Promise<bigint>;
  /** Throws Gap if events are missing; any other error is temporary: the batch may come again. */
  handle(events: readonly StoredEvent[], span: Span): Promise<void>;
  /** Retries the parked events of one document or of all; returns how many were applied and how many still wait. */
  redrive(key?: string): Promise<{ redriven: number; parked: number }>;
}

/** Documents, and streams, that lack an event and must not receive later ones before it. */
interface Held {
  keys: Set<string>;
  streams: Set<string>;
}
/** An event to apply to its documents, or again to one of them. */
interface Due {
  event: StoredEvent;
  again?: { key: string | null };
}

interface Step<E extends { type: string; data: unknown }> {
  event: Decoded<E>;
  stored: StoredEvent;
  keys: readonly string[];
  again: boolean;
}
interface Folded<D extends Document> {
  documents: Map<string, Placed<D>>;
  park: ParkedEvent[];
}

const REDRIVEN_AT_ONCE = 500;
/** Steps between two checks whether other work waits. */
const STEPS_A_TURN = 32;
/** Documents per query, because an embedded store answers a query without a pause. */
const KEYS_AT_ONCE = 1000;

export async function createProjector<D extends Document, E extends { type: string; data: unknown }>(
  projection: Projection<D, E>,
  parts: ProjectorParts,
): Promise<Projector> {
  const group = `${projection.name}@${projection.version}`;
  const writer = await parts.models.writer<D>(projection);
  await checkStanding(group, writer, parts.events);
  const model = new ProjectedModel(projection, group, writer, parts);
  await model.refresh();
  return {
    group,
    categories: projection.categories,
    position: () => model.position,
    stored: () => writer.position(),
    refresh: () => model.inTurn(() => model.refresh()),
    handle: (events, span) => model.inTurn(() => model.handle(events, span)),
    redrive: (key) => model.inTurn(() => model.redrive(key)),
  };
}

/** A model in progress: its position in the log, and the documents and streams that it holds back. */
class ProjectedModel<D extends Document, E extends { type: string; data: unknown }> {
  position = 0n;
  private held: Held = { keys: new Set(), streams: new Set() };
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly projection: Projection<D, E>,
    private readonly group: string,
    private readonly writer: ModelWriter<D>,
    private readonly parts: ProjectorParts,
  ) {}

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Folds the events into their documents in memory. A failing event, and those after it, are parked and held in `holding`. */
  private async apply(due: readonly Due[], holding: Held): Promise<Folded<D>> {
    const folded: Folded<D> = { documents: new Map(), park: [] };
    const turns = new Turns();
    const steps: Step<E>[] = [];
    const keys = new Set<string>();
    for (const one of due) {
      if (steps.length % STEPS_A_TURN === 0) await turns.next();
      const step = this.step(one, holding, folded.park);
      if (!step) continue;
      steps.push(step);
      for (const key of step.keys) keys.add(key);
    }
    const before = await this.before([...keys], turns);
    for (const [n, step] of steps.entries()) {
      if (n % STEPS_A_TURN === 0) await turns.next();
      for (const key of step.keys) this.fold(step, key, before, holding, folded);
    }
    return folded;
  }

  private async before(keys: readonly string[], turns: Turns): Promise<Map<string, Placed<D>>> {
    if (keys.length <= KEYS_AT_ONCE) return this.writer.getMany(keys);
    const all = new Map<string, Placed<D>>();
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      for (const [key, placed] of await this.writer.getMany(keys.slice(at, at + KEYS_AT_ONCE))) all.set(key, placed);
      await turns.next();
    }
    return all;
  }

  /** Undefined if the event is parked. */
  private step({ event: stored, again }: Due, holding: Held, park: ParkedEvent[]): Step<E> | undefined {
    if (holding.streams.has(stored.stream) && !again?.key) {
      park.push(this.parked(stored, null, 'waits behind a parked event of its stream', holding));
      return undefined;
    }
    try {
      const event = decoded<E>(this.parts, stored);
      const found = again?.key ? [again.key] : this.projection.keys(event);
      const keys = found.length > 1 ? [...new Set(found)] : found;
      return { event, stored, keys, again: again?.key === null };
    } catch (error) {
      park.push(this.parked(stored, null, reasonOf(error), holding));
      return undefined;
    }
  }

  private fold(
    { event, stored, again }: Step<E>,
    key: string,
    before: ReadonlyMap<string, Placed<D>>,
    holding: Held,
    { documents, park }: Folded<D>,
  ): void {
    const placed = documents.get(key) ?? before.get(key);
    // The commit was interrupted after this document. A redriven event is applied in any case, because it is older than the document.
    if (placed && placed.position >= stored.position && !again) return;
    if (holding.keys.has(key)) {
      park.push(this.parked(stored, key, 'waits behind a parked event of its document', holding));
      return;
    }
    try {
      const document = this.projection.evolve(placed?.document, event, key);
      const at = placed && placed.position > stored.position ? placed.position : stored.position;
      if (document !== placed?.document) documents.set(key, { document, position: at });
    } catch (error) {
      if (error instanceof Transient) throw error;
      park.push(this.parked(stored, key, reasonOf(error), holding));
    }
  }

  /** Holds back the document, or the stream, from here on. */
  private parked(event: StoredEvent, key: string | null, reason: string, holding: Held): ParkedEvent {
    if (key === null) holding.streams.add(event.stream);
    else holding.keys.add(key);
    return {
      group: this.group,
      stream: event.stream,
      key,
      position: event.position,
      event: event.id,
      type: event.type,
      reason,
      at: this.parts.clock(),
    };
  }

  async handle(events: readonly StoredEvent[], span: Span): Promise<void> {
    if (span.through <= this.position) return;
    checkSpan(this.group, this.position, events, span);
    const holding = { keys: new Set(this.held.keys), streams: new Set(this.held.streams) };
    const { documents, park } = await this.apply(
      events.filter((event) => event.position > this.position).map((event) => ({ event })),
      holding,
    );
    const seal = await sealFor(this.group, span.through, this.parts.events);
    await this.writer.commit({ after: this.position, position: span.through, seal, documents, park });
    this.position = span.through;
    this.held = holding;
  }

  async refresh(): Promise<bigint> {
    this.position = await this.writer.position();
    this.held = heldBy(await this.parts.models.parked(this.group));
    return this.position;
  }

  async redrive(key?: string): Promise<{ redriven: number; parked: number }> {
    const all = await this.parts.models.parked(this.group);
    const waiting = all.filter((parked) => key === undefined || parked.key === key);
    const holding = heldBy(all.filter((parked) => !waiting.includes(parked)));
    let still = 0;
    for (let at = 0; at < waiting.length; at += REDRIVEN_AT_ONCE) {
      const slice = waiting.slice(at, at + REDRIVEN_AT_ONCE);
      const due: Due[] = [];
      for (const parked of slice)
        due.push({ event: await eventAt(this.parts.events, parked.position), again: { key: parked.key } });
      const { documents, park } = await this.apply(due, holding);
      const stays = new Set(park.map(placeOf));
      await this.writer.commit({
        after: this.position,
        position: this.position,
        documents,
        park,
        redriven: slice.filter((parked) => !stays.has(placeOf(parked))),
      });
      still += park.length;
    }
    this.held = heldBy(await this.parts.models.parked(this.group));
    return { redriven: waiting.length - still, parked: still };
  }
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
