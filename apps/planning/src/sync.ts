import { decodeEvent } from '@attain/contracts';
import type { Context, Decider, EventStore, Executor } from '@attain/eventsourcing';
import { type Entered, enteredBy } from '@attain/service';

/** The result of a file's rows; `at` is the index of a refused row in the input. */
export interface Synced {
  /** Streams that changed, stayed, or lost all their records because the file no longer names them. */
  changed: number;
  unchanged: number;
  retracted: number;
  refused: { at: number; error: Error }[];
  /** Records that somebody entered by hand and that differ from the file, if they were to be kept. */
  kept: Kept[];
  /** Position of the last event; '0' if nothing was written. */
  position: string;
}
export interface Kept extends Entered {
  /** Index of the first row of the stream; -1 if the file no longer names it. */
  at: number;
  /** The stream's id, and its part: a period, a date, a first day. */
  id: string;
  key: string;
  /** The event that the file would cause. */
  instead: { type: string; data: unknown };
}
export interface SyncOptions {
  /** Whether the rows are complete: missing ones are retracted. */
  readonly complete: boolean;
  /** Whether records that somebody entered by hand are kept. */
  readonly keep?: EventStore;
}
/** The part of its stream that an event changes; `whole` if all parts are kept or replaced together. */
export interface Parts {
  readonly keyOf: (data: never) => string;
  readonly whole?: boolean;
}

export interface StreamSync<Command> {
  readonly id: string;
  readonly command: Command;
  /** Index of the first row of the stream; undefined if no row is left. */
  readonly at: number | undefined;
}

/** Rows by the stream that they belong to, in the order of the file. */
export function byStream<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
): Map<string, { at: number; rows: Row[] }> {
  const streams = new Map<string, { at: number; rows: Row[] }>();
  rows.forEach((row, at) => {
    const id = idOf(row);
    const known = streams.get(id);
    if (known) known.rows.push(row);
    else streams.set(id, { at, rows: [row] });
  });
  return streams;
}

/** The state of every stream of a category, from the store itself, because a read model may lack the latest events. */
export async function statesOf<S, C, E extends { type: string; data: unknown }>(
  store: EventStore,
  decider: Decider<S, C, E>,
): Promise<Map<string, S>> {
  const states = new Map<string, S>();
  for await (const page of store.readAll({ categories: [decider.category] })) {
    for (const { stream, type, version, data } of page) {
      const id = stream.slice(decider.category.length + 1);
      states.set(
        id,
        decider.evolve(states.get(id) ?? decider.initial, decodeEvent(type, version, data) as unknown as E),
      );
    }
  }
  return states;
}

/** Carries out one command for each stream, in few commits; a refused one stops no other. */
export async function syncStreams<S, C, E extends { type: string; data: unknown }>(
  executor: Executor,
  decider: Decider<S, C, E>,
  streams: readonly StreamSync<C>[],
  context: Context,
  { keep, parts }: { keep?: EventStore | undefined; parts?: Parts | undefined } = {},
): Promise<Synced> {
  const synced: Synced = { changed: 0, unchanged: 0, retracted: 0, refused: [], kept: [], position: '0' };
  const keeping = keep && parts && { by: await enteredByHand(keep, decider.category, parts), parts };
  const commands: readonly StreamSync<KeepingCommand<C>>[] = streams.map(({ command, ...stream }) => ({
    ...stream,
    command: { command, stream },
  }));
  const outcomes = await executor.executeMany(
    keeping ? keepingDecider(decider, keeping, synced.kept) : plainDecider(decider),
    commands,
    context,
  );
  outcomes.forEach((outcome, index) => {
    const { at } = streams[index]!;
    if (outcome instanceof Error) synced.refused.push({ at: at ?? -1, error: outcome });
    else if (outcome.events === 0) synced.unchanged += 1;
    else {
      if (at === undefined) synced.retracted += 1;
      else synced.changed += 1;
      if (BigInt(outcome.position) > BigInt(synced.position)) synced.position = outcome.position;
    }
  });
  return synced;
}

/** The sum of several results. */
export function together(parts: readonly Synced[]): Synced {
  return parts.reduce((all, part) => ({
    changed: all.changed + part.changed,
    unchanged: all.unchanged + part.unchanged,
    retracted: all.retracted + part.retracted,
    refused: [...all.refused, ...part.refused],
    kept: [...all.kept, ...part.kept],
    position: BigInt(part.position) > BigInt(all.position) ? part.position : all.position,
  }));
}

interface KeepingCommand<C> {
  readonly command: C;
  readonly stream: { readonly id: string; readonly at: number | undefined };
}
interface Keeping {
  readonly by: ReadonlyMap<string, ReadonlyMap<string, Entered>>;
  readonly parts: Parts;
}

function plainDecider<S, C, E extends { type: string; data: unknown }>(
  decider: Decider<S, C, E>,
): Decider<S, KeepingCommand<C>, E> {
  return { ...decider, decide: ({ command }, state) => decider.decide(command, state) };
}

/**
 * Decides like the other decider, but keeps and lists records that were entered by hand; called again, it replaces the
 * list of a stream.
 */
function keepingDecider<S, C, E extends { type: string; data: unknown }>(
  decider: Decider<S, C, E>,
  { by, parts }: Keeping,
  kept: Kept[],
): Decider<S, KeepingCommand<C>, E> {
  return {
    ...decider,
    decide({ command, stream: { id, at = -1 } }, state) {
      const events = decider.decide(command, state);
      const entered = by.get(id);
      const others = kept.filter((one) => one.id !== id);
      kept.splice(0, kept.length, ...others);
      if (!entered) return events;
      const keyOf = ({ data }: E): string => parts.keyOf(data as never);
      const contrary = events.filter((event) => entered.has(keyOf(event)));
      kept.push(
        ...contrary.map((event) => ({
          at,
          id,
          key: keyOf(event),
          ...entered.get(keyOf(event))!,
          instead: { type: event.type, data: event.data },
        })),
      );
      if (contrary.length === 0) return events;
      return parts.whole ? [] : events.filter((event) => !entered.has(keyOf(event)));
    },
  };
}

/** By stream and part, the records that somebody entered last and no import has changed since. */
async function enteredByHand(
  store: EventStore,
  category: string,
  { keyOf }: Parts,
): Promise<Map<string, Map<string, Entered>>> {
  const found = new Map<string, Map<string, Entered>>();
  for await (const page of store.readAll({ categories: [category] })) {
    for (const { stream, type, version, data, meta } of page) {
      const id = stream.slice(category.length + 1);
      const key = keyOf(decodeEvent(type, version, data).data as never);
      const entered = enteredBy(meta);
      const parts = found.get(id) ?? new Map<string, Entered>();
      if (entered) found.set(id, parts.set(key, entered));
      else parts.delete(key);
    }
  }
  return found;
}
