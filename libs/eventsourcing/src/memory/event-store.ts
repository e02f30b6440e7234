import { canonicalJson, sha256 } from '@attain/values';
import { type NewEvent, type StoredEvent, categoryOf } from '../events.js';
import type { FollowedStore } from '../log-bus.js';
import { type Append, type Appended, type ReadAll, WrongRevision } from '../ports.js';
import { checkAppend } from '../append.rules.js';
import { beginStretch, CLOCK, type Stretch, stretchAt } from '../stretches.rules.js';

const PAGE = 1000;

/** The reference implementation of the event store, as short as possible; its events end with the process. */
export function createMemoryEventStore(): FollowedStore {
  const log = new MemoryLog();
  const listeners = new Set<() => void>();
  let closed = false;

  async function appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]> {
    if (closed) throw new Error('the event store is closed');
    for (const one of appends) {
      checkAppend(one);
      for (const { data } of one.events) canonicalJson(data);
    }
    await Promise.resolve();
    const answers = appends.map((one) => log.append(one));
    for (const listener of listeners) listener();
    return answers;
  }

  return {
    async append(one) {
      const [answer] = await appendMany([one]);
      if (answer instanceof WrongRevision) throw answer;
      return answer as Appended;
    },
    appendMany,
    async *readStream(stream, from = 0) {
      const past = log.stream(stream);
      for (let at = from; at < past.length; at += PAGE) yield structuredClone(past.slice(at, at + PAGE));
    },
    async readStreams(names) {
      return new Map(
        names.flatMap((name) => {
          const events = log.stream(name);
          return events.length > 0 ? [[name, structuredClone([...events])] as const] : [];
        }),
      );
    },
    async *readAll(options) {
      yield* log.all(options);
    },
    readAt: async (position) => structuredClone(log.at(position)),
    head: async () => log.head(),
    sealAt: async (position) => log.sealAt(position),
    positionAt: async (instant) => log.positionAt(instant),
    async close() {
      closed = true;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

class MemoryLog {
  private readonly log: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly seals: string[] = [];
  private readonly stretches: (Stretch & { from: number })[] = [{ from: 0, least: '' }];

  stream(name: string): readonly StoredEvent[] {
    return this.streams.get(name) ?? [];
  }

  at(position: bigint): StoredEvent | undefined {
    return this.log[Number(position) - 1];
  }

  head(): bigint {
    return BigInt(this.log.length);
  }

  append({ stream, expected, events }: Append): Appended | WrongRevision {
    const past = this.streams.get(stream) ?? [];
    const actual = past.at(-1)?.revision ?? 'none';
    const last = past.at(-1);
    if (expected !== actual && last && saysAgain(past, events))
      return { stream, revision: last.revision, position: last.position };
    if (expected !== 'any' && expected !== actual) return new WrongRevision(stream, expected, actual);
    this.streams.set(stream, past);
    const category = categoryOf(stream);
    for (const { json: _, ...event } of events) {
      if (category === CLOCK) beginStretch(this.stretches, { from: this.log.length, least: event.meta.recorded });
      const stored: StoredEvent = {
        ...event,
        data: JSON.parse(canonicalJson(event.data)) as unknown,
        meta: {
          ...event.meta,
          recorded:
            category === CLOCK ? event.meta.recorded : later(event.meta.recorded, this.log.at(-1)?.meta.recorded),
        },
        position: BigInt(this.log.length + 1),
        stream,
        category,
        revision: past.length,
      };
      past.push(stored);
      this.log.push(stored);
    }
    return { stream, revision: past.length - 1, position: BigInt(this.log.length) };
  }

  *all({ categories, after = 0n, upTo, page = PAGE }: ReadAll = {}): Generator<StoredEvent[]> {
    const wanted = categories && new Set(categories);
    let events: StoredEvent[] = [];
    for (let at = Number(after); at < this.log.length && (upTo === undefined || at < Number(upTo)); at += 1) {
      const event = this.log[at] as StoredEvent;
      if (!wanted || wanted.has(event.category)) events.push(event);
      if (events.length === page) {
        yield structuredClone(events);
        events = [];
      }
    }
    if (events.length > 0) yield structuredClone(events);
  }

  sealAt(position: bigint): string | undefined {
    while (this.seals.length < Number(position) && this.seals.length < this.log.length) {
      const { position: at, ...event } = this.log[this.seals.length] as StoredEvent;
      this.seals.push(sha256(`${this.seals.at(-1) ?? ''}\n${at}\n${canonicalJson(event)}`));
    }
    return this.seals[Number(position) - 1];
  }

  positionAt(instant: string): bigint {
    const at = new Date(instant).toISOString();
    const nth = stretchAt(this.stretches, at);
    const [from, to] = [this.stretches[nth]?.from ?? 0, this.stretches[nth + 1]?.from ?? this.log.length];
    const next = this.log.findIndex((event, n) => n >= from && n < to && event.meta.recorded > at);
    return BigInt(next < 0 ? to : next);
  }
}

function saysAgain(past: readonly StoredEvent[], events: readonly NewEvent[]): boolean {
  const tail = past.slice(-events.length);
  return tail.length === events.length && tail.every((event, n) => event.id === events[n]?.id);
}

function later(instant: string, last: string | undefined): string {
  return last !== undefined && last > instant ? last : instant;
}
