import { decoded } from './codec.js';
import type { Decider } from './decider.js';
import type { Executor } from './execute.js';
import type { StoredEvent } from './events.js';
import {
  AppendTooLarge,
  ClockUntrusted,
  type ModelDeclaration,
  type ParkedEvent,
  type Span,
  StoreFull,
  Transient,
  WrongRevision,
} from './ports.js';
import type { Decoded } from './projection.js';
import { follow, type Running, type RunningParts } from './run-projection.js';
import { checkSpan } from './span.rules.js';
import { checkStanding, sealFor } from './standing.js';

/** A command that follows from an event. Of several commands of one stream each has an append of its own, in their order. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders of several kinds stand in one list
export interface Reaction<D extends Decider<any, any, any> = Decider<any, any, any>> {
  decider: D;
  id: string;
  command: Parameters<D['decide']>[0];
}
/**
 * Event → commands of my own. It may hear an event again, so each command must be one that changes nothing the second time.
 * A throw, or a refusal, parks the event and what follows it in its stream.
 */
export interface Policy<E extends { type: string; data: unknown }> {
  name: string;
  /** A higher one hears everything from the beginning again. */
  version: number;
  categories: readonly string[];
  react(event: Decoded<E>): Promise<readonly Reaction[]> | readonly Reaction[];
}

/** Follows the bus; the position is kept in a model of the policy's own, behind the commands it has told. */
export async function runPolicy<E extends { type: string; data: unknown }>(
  policy: Policy<E>,
  parts: RunningParts & { executor: Executor },
): Promise<Running> {
  const { events: store, models, clock, decode, executor } = parts;
  const group = `${policy.name}@${policy.version}`;
  const declaration: ModelDeclaration = { name: policy.name, version: policy.version, indexes: [] };
  const writer = await models.writer(declaration);
  await checkStanding(group, writer, store);
  let position = await writer.position();
  let held = new Set((await models.parked(group)).map(({ stream }) => stream));
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function act(stored: StoredEvent): Promise<void> {
    const reactions = await policy.react(decoded<E>({ decode }, stored));
    const context = { actor: `policy:${policy.name}`, correlation: stored.meta.correlation, causation: stored.id };
    for (let at = 0; at < reactions.length;) {
      const { decider } = reactions[at] as Reaction;
      const run = together(reactions, at);
      const failed = (await executor.executeMany(decider, run, context)).find((result) => result instanceof Error);
      if (failed) throw failed;
      at += run.length;
    }
  }

  /** The parked event, when it can't be acted on; throws what may pass by itself. */
  async function actOrPark(stored: StoredEvent, holding: Set<string>): Promise<ParkedEvent | undefined> {
    let reason = 'waits behind a parked event of its stream';
    if (!holding.has(stored.stream)) {
      try {
        await act(stored);
        return undefined;
      } catch (error) {
        // Parked, it would wait for a person; what an engine cannot take today it takes once it has room.
        if (
          error instanceof Transient ||
          error instanceof StoreFull ||
          error instanceof AppendTooLarge ||
          error instanceof WrongRevision ||
          error instanceof ClockUntrusted
        )
          throw error;
        reason = error instanceof Error ? error.message.slice(0, 2000) : String(error);
      }
    }
    holding.add(stored.stream);
    return {
      group,
      stream: stored.stream,
      key: null,
      position: stored.position,
      event: stored.id,
      type: stored.type,
      reason,
      at: clock(),
    };
  }

  async function handle(events: readonly StoredEvent[], span: Span): Promise<void> {
    if (span.through <= position) return;
    checkSpan(group, position, events, span);
    for (const event of events) {
      if (event.position <= position) continue;
      const parked = await actOrPark(event, held);
      const seal = await sealFor(group, event.position, store);
      await writer.commit({
        after: position,
        position: event.position,
        seal,
        documents: new Map(),
        park: parked ? [parked] : [],
      });
      position = event.position;
    }
    if (position < span.through)
      await writer.commit({
        after: position,
        position: span.through,
        seal: await sealFor(group, span.through, store),
        documents: new Map(),
      });
    position = span.through;
  }

  async function refresh(): Promise<bigint> {
    position = await writer.position();
    held = new Set((await models.parked(group)).map(({ stream }) => stream));
    return position;
  }

  async function redrive(): Promise<{ redriven: number; parked: number }> {
    const waiting = await models.parked(group);
    const holding = new Set<string>();
    let still = 0;
    for (const was of waiting) {
      const event = await store.readAt(was.position);
      if (!event) throw new Error(`no event at position ${was.position}`);
      const parked = await actOrPark(event, holding);
      if (parked) still += 1;
      await writer.commit({
        after: position,
        position,
        documents: new Map(),
        ...(parked ? { park: [parked] } : { redriven: [was] }),
      });
    }
    held = holding;
    return { redriven: waiting.length - still, parked: still };
  }

  return follow(
    {
      group,
      categories: policy.categories,
      declaration,
      position: () => position,
      stored: () => writer.position(),
      refresh: () => inTurn(refresh),
      handle: (events, span) => inTurn(() => handle(events, span)),
      redrive: () => inTurn(redrive),
    },
    parts,
  );
}

/** The reactions from one on that one call of the executor takes. */
function together(reactions: readonly Reaction[], from: number): readonly Reaction[] {
  const { decider } = reactions[from] as Reaction;
  const ids = new Set<string>();
  let to = from;
  for (; to < reactions.length; to += 1) {
    const next = reactions[to] as Reaction;
    if (next.decider !== decider || ids.has(next.id)) break;
    ids.add(next.id);
  }
  return reactions.slice(from, to);
}
