import { expect } from '@jest/globals';
import { openSqliteEventStore, openSqliteReadModels, verifyLog } from '@attain/adapters';
import type { StoredEvent } from '@attain/eventsourcing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
// @ts-expect-error a program's own module, in plain JavaScript so that the killed process needs no build
import { LOADED } from './workload.mjs';

/** The acknowledgements of the killed processes, over all rounds. */
export interface Acknowledged {
  /** Numbers of payments, with the acknowledged place of their events. */
  paid: Map<number, { stream: string; revision: number; position: bigint }>;
  loaded: Set<number>;
  tried: Set<number>;
}
export const nothingYet = (): Acknowledged => ({ paid: new Map(), loaded: new Set(), tried: new Set() });

export function hear(acknowledged: Acknowledged, output: string): void {
  // The last line may be cut off, and then counts as not written.
  for (const line of output.split('\n').slice(0, -1)) {
    const [what, number, stream, revision, position] = line.split(' ');
    if (what === 'try') acknowledged.tried.add(Number(number));
    if (what === 'loaded') acknowledged.loaded.add(Number(number));
    if (what === 'paid')
      acknowledged.paid.set(Number(number), {
        stream: stream as string,
        revision: Number(revision),
        position: BigInt(position as string),
      });
  }
}
export function unanswered({ paid, loaded, tried }: Acknowledged): number[] {
  return [...tried].filter((number) => !paid.has(number) && !loaded.has(number));
}

/** Checks a directory whose process died, and returns the errors as sentences. */
export async function wrongWith(directory: string, { paid, loaded, tried }: Acknowledged): Promise<string[]> {
  const file = join(directory, 'events.db');
  if (!existsSync(file))
    return [...paid.keys(), ...loaded].map((number) => `${number} was acknowledged, and there is no log`);
  const store = openSqliteEventStore({ file });
  const events: StoredEvent[] = [];
  try {
    for await (const page of store.readAll({ categories: ['payment', 'record'] })) events.push(...page);
  } finally {
    await store.close();
  }
  const wrong = verifyLog(file).problems.map(({ position, problem }) => `verify: ${position ?? ''} ${problem}`);

  const payments = new Map<number, StoredEvent>();
  const records = new Map<string, number>();
  for (const event of events) {
    if (event.category === 'record') records.set(event.stream, (records.get(event.stream) ?? 0) + 1);
    else {
      const { number } = event.data as { number: number };
      if (payments.has(number)) wrong.push(`${number} was paid twice`);
      if (!tried.has(number)) wrong.push(`${number} was paid, and nobody asked for it`);
      payments.set(number, event);
    }
  }
  for (const [number, where] of paid) {
    const event = payments.get(number);
    if (!event) wrong.push(`${number} was acknowledged, and is lost`);
    else if (event.stream !== where.stream || event.revision !== where.revision || event.position !== where.position)
      wrong.push(`${number} is at another place than acknowledged`);
  }
  for (const [stream, count] of records) if (count !== 2) wrong.push(`${stream} has ${count} events instead of 2`);
  for (const number of loaded)
    for (let n = 0; n < LOADED; n += 1)
      if (!records.has(`record-${number}:${n}`)) wrong.push(`record ${number}:${n} was acknowledged, and is lost`);
  return [...wrong, ...(await wrongModels(directory, events))];
}

/** A model may lag, but must equal the fold of the events up to its position. */
async function wrongModels(directory: string, events: readonly StoredEvent[]): Promise<string[]> {
  const file = join(directory, 'models.db');
  if (!existsSync(file)) return [];
  const models = openSqliteReadModels({ file });
  try {
    const model = models.model<{ total: number; count: number }>('payments');
    const position = await model.position();
    const expected = new Map<string, { total: number; count: number }>();
    for (const event of events.filter((one) => one.category === 'payment' && one.position <= position)) {
      const { total, count } = expected.get(event.stream) ?? { total: 0, count: 0 };
      expected.set(event.stream, { total: total + (event.data as { amount: number }).amount, count: count + 1 });
    }
    const found = await model.getMany([...expected.keys()]);
    const same =
      found.size === (await model.count()) &&
      [...expected].every(([key, value]) => JSON.stringify(found.get(key)) === JSON.stringify(value));
    return same ? [] : [`the read model at position ${position} is not what the events up to there make`];
  } finally {
    await models.close();
  }
}

export function expectNothingWrong(wrong: readonly string[], round: string): void {
  expect({ round, wrong: wrong.slice(0, 10) }).toEqual({ round, wrong: [] });
}

/** Numbers that follow from a seed, so that a failed round can be repeated. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0 || 1;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * sides);
  };
}
