import { setTimeout as delay } from 'node:timers/promises';
import { ErrorType } from '@eventstore/db-client';
import pLimit from 'p-limit';
import { canonicalJson, sha256 } from '@attain/values';
import {
  type Appended,
  type FollowedStore,
  type ReadAll,
  type StoredEvent,
  Transient,
  WrongRevision,
  categoryOf,
} from '@attain/eventsourcing';
import { createAppends } from './appends.js';
import { connectTo, isType } from './connection.js';
import { createFollower } from './follower.js';
import { createInstants } from './instants.js';
import { type NameFilter, type Placed, type Recorded, stored } from './messages.js';
import { parseEventStoreUrl } from './url.js';

export interface EventStoreDbOptions {
  /** As parseEventStoreUrl takes it. */
  url: string;
  /** Keeps apart what shares a server: letters and digits. It never shows outside. */
  namespace?: string;
  /** Hears what the live subscription recovers from. */
  onError?(error: unknown): void;
  /** Milliseconds in which the newest event must arrive at the live subscription: 3000 when absent. */
  patience?: number;
  /** Milliseconds of silence after which a filtered read of `$all` is asked about: 10000 when absent. */
  quiet?: number;
}

const PAGE = 1000;
const STREAMS_AT_ONCE = 32;
/** Seals that are remembered, since all consumers of a process ask for the same ones. */
const SEALS = 64;
/** Reads of `$all` that may in a row end before the newest event. */
const SHORT_READS = 8;

/**
 * EventStoreDB from 21.10 on, and KurrentDB. A position is an event's commit position. Resolves when the server has answered;
 * rejects with RangeError on a URL or namespace, with Transient where no server answers.
 */
export async function openEventStoreDb({
  url,
  namespace = parseEventStoreUrl(url).namespace,
  onError = () => undefined,
  patience = 3000,
  quiet,
}: EventStoreDbOptions): Promise<FollowedStore> {
  if (namespace !== undefined && !/^[A-Za-z0-9]+$/.test(namespace))
    throw new RangeError(`not a namespace: ${namespace}`);
  const prefix = namespace === undefined ? '' : `${namespace}.`;
  const everything: NameFilter = prefix ? { prefixes: [prefix] } : { regex: '^[^$]' };
  const connection = connectTo(parseEventStoreUrl(url).connectionString, quiet);
  const seals = new Map<bigint, string>();
  const atOnce = pLimit(STREAMS_AT_ONCE);
  const taken = new Set<Promise<unknown>>();
  let newest: { position: bigint; name: string } = { position: 0n, name: '' };
  let seen = 0n;
  /** Up to here a subscription has told all there is. */
  let passed = 0n;
  let closing: Promise<void> | undefined;

  const nameOf = (stream: string): string => prefix + stream;
  const see = (position: bigint): void => void (seen = position > seen ? position : seen);
  /** Undefined where the event is not one of this store's: another namespace's, the server's own or a link. */
  const ofThisStore = (event: Recorded): StoredEvent | undefined => {
    const { stream, type, position } = event;
    if (position === undefined || !stream.startsWith(prefix) || stream.startsWith('$') || type.startsWith('$'))
      return undefined;
    return stored(event, stream.slice(prefix.length), position);
  };

  const { appendMany, remember } = createAppends({
    connection,
    nameOf,
    seen: () => seen,
    see,
    tail: async (stream, count) => (await streamPage({ stream, from: 'end', backwards: true, count })).reverse(),
    at: async (stream, revision) => (await streamPage({ stream, from: revision, count: 1 }))[0],
  });
  const instants = createInstants(all);
  const follower = createFollower({ head: async () => (await findNewest()).position, subscribe, patience, onError });

  async function streamPage({
    stream,
    ...request
  }: {
    stream: string;
    from: number | 'end';
    backwards?: boolean;
    count: number;
  }): Promise<Placed[]> {
    const events = await connection.readStream({ stream: nameOf(stream), ...request });
    // Servers before 22.6 tell no positions here: no event stands behind the head as it is now.
    const bound = events.some(({ position }) => position === undefined) ? (await findNewest()).position : 0n;
    return events.map((event) => ({ ...event, position: event.position ?? bound }));
  }

  async function* streamPages(stream: string, from: number): AsyncGenerator<StoredEvent[]> {
    for (let next = from; ;) {
      const events = await streamPage({ stream, from: next, count: PAGE });
      const told = events.flatMap((event) => ofThisStore(event) ?? []);
      if (told.length > 0) yield told;
      if (events.length < PAGE) return;
      // A stream may have been truncated, so that its revisions are not counted off from where a page was asked for.
      next = (events.at(-1)?.revision ?? next) + 1;
    }
  }

  /** It never becomes older: a server that says so has not caught up. */
  async function findNewest(): Promise<typeof newest> {
    for (let from: bigint | 'end' = 'end', count = 1; ; count = Math.min(PAGE, 8 * count)) {
      const events: Recorded[] = await connection.readAll({ from, backwards: true, filter: everything, count });
      const found = events.find((event) => ofThisStore(event));
      if (found?.position !== undefined && found.position > newest.position)
        newest = { position: found.position, name: found.stream };
      const last = events.at(-1)?.position;
      if (found || last === undefined || last === from || last <= newest.position) break;
      from = last;
    }
    see(newest.position);
    return newest;
  }

  /** Events behind a position, at least one: something stands there. */
  async function pageBehind(after: bigint, filter: NameFilter, count: number): Promise<Recorded[]> {
    for (let attempt = 1; attempt <= SHORT_READS; attempt += 1) {
      const from = after === 0n ? 'start' : after;
      const events = (await connection.readAll({ from, filter, count: count + 1 })).filter(
        ({ position = 0n }) => position > after,
      );
      if (events.length > 0) return events.slice(0, count);
      await delay(10 * attempt);
    }
    throw new Transient(`the event store: $all ended at ${after}, before its newest event`);
  }

  /** Undefined where the server knows of none there. */
  async function eventAt(position: bigint): Promise<Recorded | undefined> {
    try {
      return (await connection.readAll({ from: position, count: 1 })).find((event) => event.position === position);
    } catch (error) {
      if (isType(error, ErrorType.UNKNOWN)) return undefined;
      throw error;
    }
  }

  /** A read may end early, so it goes on until it meets the last event that is meant, or the newest of all: each filter lets that through. */
  async function* all({ categories, after = 0n, upTo, page = PAGE }: ReadAll): AsyncGenerator<StoredEvent[]> {
    if (!(Number.isSafeInteger(page) && page > 0)) throw new TypeError(`not a page's size: ${page}`);
    if (categories?.length === 0) return;
    const { position: head, name } = await findNewest();
    const end = upTo !== undefined && upTo < head ? upTo : head;
    if (after >= end) return;
    const wanted = categories && new Set(categories);
    const last = (wanted && end < head && (await eventAt(end))?.stream) || name;
    const filter = wanted ? { prefixes: [...[...wanted].map(nameOf), last] } : everything;
    const isWanted = ({ stream, position = 0n }: Recorded): boolean =>
      position <= end && (!wanted || wanted.has(categoryOf(stream.slice(prefix.length))));
    let next = pageBehind(after, filter, page);
    for (let from = after; from < end;) {
      const events = await next;
      from = events.at(-1)?.position ?? end;
      // The next page is on its way while this one is worked on; who stops here never hears of it.
      if (from < end) (next = pageBehind(from, filter, page)).catch(() => undefined);
      const told = events.filter(isWanted).flatMap((event) => ofThisStore(event) ?? []);
      if (told.length > 0) yield told;
    }
  }

  /** The server chains nothing, so a seal is of the event alone, with the instant at which it was recorded. */
  async function sealAt(position: bigint): Promise<string | undefined> {
    const known = seals.get(position);
    if (known !== undefined) return known;
    const event = await storedAt(position);
    if (!event) return undefined;
    const { id, stream, revision, meta } = event;
    const seal = sha256(canonicalJson({ id, stream, revision, meta }));
    if (seals.size >= SEALS) seals.clear();
    seals.set(position, seal);
    return seal;
  }

  async function storedAt(position: bigint): Promise<StoredEvent | undefined> {
    // What lies behind the end is not refused by a server, and what lies between events is.
    if (position <= 0n || position > (await findNewest()).position) return undefined;
    const event = await eventAt(position);
    return event && ofThisStore(event);
  }

  function subscribe(after: bigint, tell: (position: bigint) => void, signal: AbortSignal): Promise<void> {
    const from = after > passed ? after : passed;
    const told = {
      event: ({ position }: Recorded) => void (position !== undefined && tell(position)),
      checkpoint: (position: bigint) => void (passed = position > passed ? position : passed),
    };
    return connection.subscribe({ from: from === 0n ? 'start' : from, filter: everything }, told, signal);
  }

  async function take<T>(work: () => Promise<T>): Promise<T> {
    if (closing) throw new Error('the event store is closed');
    const promise = work();
    taken.add(promise);
    try {
      return await promise;
    } finally {
      taken.delete(promise);
    }
  }

  async function close(): Promise<void> {
    follower.stop();
    while (taken.size > 0) await Promise.allSettled(taken);
    await connection.close();
  }

  try {
    await findNewest();
  } catch (error) {
    await connection.close();
    throw error;
  }

  return {
    async append(append) {
      const [answer] = await take(() => appendMany([append]));
      if (answer instanceof WrongRevision) throw answer;
      return answer as Appended;
    },
    appendMany: (appends) => take(() => appendMany(appends)),
    readStream: (stream, from = 0) => paged(streamPages(stream, from), take),
    readStreams: (streams) =>
      take(async () => {
        const found = await Promise.all(
          [...new Set(streams)].map((stream) =>
            atOnce(async () => {
              const events: StoredEvent[] = [];
              for await (const page of streamPages(stream, 0)) events.push(...page);
              remember(stream, events.at(-1)?.revision ?? -1);
              return [stream, events] as const;
            }),
          ),
        );
        return new Map(found.filter(([, events]) => events.length > 0));
      }),
    readAll: (options = {}) => paged(all(options), take),
    readAt: (position) => take(() => storedAt(position)),
    sealAt: (position) => take(() => sealAt(position)),
    head: () => take(async () => (await findNewest()).position),
    positionAt: (instant) => take(() => instants.positionAt(instant)),
    close: () => (closing ??= close()),
    onAppend: (listener) => follower.onAppend(listener),
  };
}

/** Each page is taken by itself, so that closing waits for a page and not for a reader. */
async function* paged(
  pages: AsyncGenerator<StoredEvent[]>,
  take: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<StoredEvent[]> {
  try {
    for (;;) {
      const { value, done } = await take(() => pages.next());
      if (done) return;
      yield value;
    }
  } finally {
    await pages.return(undefined);
  }
}
