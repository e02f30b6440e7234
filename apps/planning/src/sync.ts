import { decodeEvent } from '@attain/contracts';
import type { Context, Decider, EventStore, Executor } from '@attain/eventsourcing';

/** What came of a file's rows; `at` is the index of a refused row in the input. */
export interface Synced {
  /** Streams that changed, stayed, or lost all they had since the file no longer names them. */
  changed: number;
  unchanged: number;
  retracted: number;
  refused: { at: number; error: Error }[];
  /** Of the last event; '0' when nothing was written. */
  position: string;
}
export interface SyncOptions {
  /** The rows are all there is: what they don't name is retracted. */
  readonly complete: boolean;
}

export interface StreamSync<Command> {
  readonly id: string;
  readonly command: Command;
  /** Index of the first row that speaks of the stream; undefined when none does any more. */
  readonly at: number | undefined;
}

/** Rows by the stream that they belong to, in the order of the file. */
export function byStream<Row>(rows: readonly Row[], idOf: (row: Row) => string): Map<string, { at: number; rows: Row[] }> {
  const streams = new Map<string, { at: number; rows: Row[] }>();
  rows.forEach((row, at) => {
    const id = idOf(row);
    const known = streams.get(id);
    if (known) known.rows.push(row);
    else streams.set(id, { at, rows: [row] });
  });
  return streams;
}

/** State of every stream of a category, folded from the store itself, so that a sync never misses what was just written. */
export async function statesOf<S, C, E extends { type: string; data: unknown }>(store: EventStore, decider: Decider<S, C, E>): Promise<Map<string, S>> {
  const states = new Map<string, S>();
  for await (const page of store.readAll({ categories: [decider.category] })) {
    for (const { stream, type, version, data } of page) {
      const id = stream.slice(decider.category.length + 1);
      states.set(id, decider.evolve(states.get(id) ?? decider.initial, decodeEvent(type, version, data) as unknown as E));
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
): Promise<Synced> {
  const synced: Synced = { changed: 0, unchanged: 0, retracted: 0, refused: [], position: '0' };
  const outcomes = await executor.executeMany(decider, streams, context);
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

/** The sum of several. */
export function together(parts: readonly Synced[]): Synced {
  return parts.reduce((all, part) => ({
    changed: all.changed + part.changed,
    unchanged: all.unchanged + part.unchanged,
    retracted: all.retracted + part.retracted,
    refused: [...all.refused, ...part.refused],
    position: BigInt(part.position) > BigInt(all.position) ? part.position : all.position,
  }));
}
