import { canonicalJson, sha256 } from '@attain/values';
import { type NewEvent, type StoredEvent, categoryOf } from '../events.js';
import type { FollowedStore } from '../log-bus.js';
import { type Append, type Appended, type ReadAll, WrongRevision } from '../ports.js';
import { checkAppend } from '../append.rules.js';
import { beginStretch, CLOCK, type Stretch, stretchAt } from '../stretches.rules.js';

const PAGE = 1000;

/** The reference: what the event store promises, in as few words as possible, gone with the process. */
export function createMemoryEventStore(): FollowedStore {
  const log: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const seals: string[] = [];
  const stretches: (Stretch & { from: number })[] = [{ from: 0, least: '' }];
  const listeners = new Set<() => void>();
  let closed = false;

  function append({ stream, expected, events }: Append): Appended | WrongRevision {
    const past = streams.get(stream) ?? [];
    const actual = past.at(-1)?.revision ?? 'none';
    const last = past.at(-1);
    if (expected !== actual && last && saysAgain(past, events))
      return { stream, revision: last.revision, position: last.position };
    if (expected !== 'any' && expected !== actual) return new WrongRevision(stream, expected, actual);
    streams.set(stream, past);
    const category = categoryOf(stream);
    for (const { json: _, ...event } of events) {
      if (category === CLOCK) beginStretch(stretches, { from: log.length, least: event.meta.recorded });
      const stored: StoredEvent = {
        ...event,
        data: JSON.parse(canonicalJson(event.data)) as unknown,
        meta: {
          ...event.meta,
          recorded: category === CLOCK ? event.meta.recorded : later(event.meta.recorded, log.at(-1)?.meta.recorded),
        },
        position: BigInt(log.length + 1),
        stream,
        category,
        revision: past.length,
      };
      past.push(stored);
      log.push(stored);
    }
    return { stream, revision: past.length - 1, position: BigInt(log.length) };
  }

  async function appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]> {
    if (closed) throw new Error('the event store is closed');
    for (const one of appends) {
      checkAppend(one);
      for (const { data } of one.events) canonicalJson(data);
    }
    await Promise.resolve();
    const answers = appends.map(append);
    for (const listener of listeners) listener();
    return answers;
  }

  async function* readAll({ categories, after = 0n, upTo, page = PAGE }: ReadAll = {}): AsyncGenerator<StoredEvent[]> {
    const wanted = categories && new Set(categories);
    let events: StoredEvent[] = [];
    for (let at = Number(after); at < log.length && (upTo === undefined || at < Number(upTo)); at += 1) {
      const event = log[at] as StoredEvent;
      if (!wanted || wanted.has(event.category)) events.push(event);
      if (events.length === page) {
        yield structuredClone(events);
        events = [];
      }
    }
    if (events.length > 0) yield structuredClone(events);
  }

  return {
    async append(one) {
      const [answer] = await appendMany([one]);
      if (answer instanceof WrongRevision) throw answer;
      return answer as Appended;
    },
    appendMany,
    async *readStream(stream, from = 0) {
      const past = streams.get(stream) ?? [];
      for (let at = from; at < past.length; at += PAGE) yield structuredClone(past.slice(at, at + PAGE));
    },
    async readStreams(names) {
      return new Map(
        names.flatMap((name) =>
          streams.has(name) ? [[name, structuredClone(streams.get(name) as StoredEvent[])] as const] : [],
        ),
      );
    },
    readAll,
    async readAt(position) {
      return structuredClone(log[Number(position) - 1]);
    },
    async head() {
      return BigInt(log.length);
    },
    async sealAt(position) {
      while (seals.length < Number(position) && seals.length < log.length) {
        const { position: at, ...event } = log[seals.length] as StoredEvent;
        seals.push(sha256(`${seals.at(-1) ?? ''}\n${at}\n${canonicalJson(event)}`));
      }
      return seals[Number(position) - 1];
    },
    async positionAt(instant) {
      const at = new Date(instant).toISOString();
      const nth = stretchAt(stretches, at);
      const [from, to] = [stretches[nth]?.from ?? 0, stretches[nth + 1]?.from ?? log.length];
      const next = log.findIndex((event, n) => n >= from && n < to && event.meta.recorded > at);
      return BigInt(next < 0 ? to : next);
    },
    async close() {
      closed = true;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function saysAgain(past: readonly StoredEvent[], events: readonly NewEvent[]): boolean {
  const tail = past.slice(-events.length);
  return tail.length === events.length && tail.every((event, n) => event.id === events[n]?.id);
}

function later(instant: string, last: string | undefined): string {
  return last !== undefined && last > instant ? last : instant;
}
