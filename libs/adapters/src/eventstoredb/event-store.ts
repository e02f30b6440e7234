import { setTimeout as delay } from 'node:timers/promises';
import { ErrorType } from '@eventstore/db-client';
import pLimit from 'p-limit';
import { canonicalJson, sha256 } from '@attain/values';
import {
  type Append,
  type Appended,
  type FollowedStore,
  type ReadAll,
  type StoredEvent,
  Transient,
  WrongRevision,
  categoryOf,
} from '@attain/eventsourcing';
import { Appends } from './appends.js';
import { type Connection, connectTo, isType } from './connection.js';
import { type Follower, createFollower } from './follower.js';
import { createInstants } from './instants.js';
import { type NameFilter, type Placed, type Recorded, stored } from './messages.js';
import { parseEventStoreUrl } from './url.js';

export interface EventStoreDbOptions {
  /** In the form of parseEventStoreUrl. */
  url: string;
  /** Separates companies that share a server: letters and digits. Callers never see it. */
  namespace?: string;
  /** Receives the errors from which the live subscription recovers. */
  onError?(error: unknown): void;
  /** Milliseconds in which the newest event must arrive at the live subscription: 3000 when absent. */
  patience?: number;
  /** Milliseconds of silence after which a filtered read of `$all` checks the server: 10000 when absent. */
  quiet?: number;
}

const PAGE = 1000;
const STREAMS_AT_ONCE = 32;
/** Cached seals, because all consumers of a process need the same ones. */
const SEALS = 64;
/** Consecutive reads of `$all` that may end before the newest event. */
const SHORT_READS = 8;

/**
 * EventStoreDB from 21.10 on, and KurrentDB. A position is an event's commit position. Resolves when the server has answered;
 * rejects with RangeError on an invalid URL or namespace, with Transient if no server answers.
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<FollowedStore> {
  const store = new EventStoreDb(options);
  await store.open();
  return store;
}

/** The port's members are properties and not methods, because decorators spread the store. */
class EventStoreDb implements FollowedStore {
  private readonly prefix: string;
  private readonly everything: NameFilter;
  private readonly connection: Connection;
  private readonly appends: Appends;
  private readonly instants = createInstants((options) => this.all(options));
  private readonly follower: Follower;
  private readonly seals = new Map<bigint, string>();
  private readonly atOnce = pLimit(STREAMS_AT_ONCE);
  private readonly taken = new Set<Promise<unknown>>();
  private newest: { position: bigint; name: string } = { position: 0n, name: '' };
  private seen = 0n;
  /** A subscription has delivered every event up to this position. */
  private passed = 0n;
  private closing: Promise<void> | undefined;

  constructor({
    url,
    namespace = parseEventStoreUrl(url).namespace,
    onError = () => undefined,
    patience = 3000,
    quiet,
  }: EventStoreDbOptions) {
    if (namespace !== undefined && !/^[A-Za-z0-9]+$/.test(namespace))
      throw new RangeError(`not a namespace: ${namespace}`);
    this.prefix = namespace === undefined ? '' : `${namespace}.`;
    this.everything = this.prefix ? { prefixes: [this.prefix] } : { regex: '^[^$]' };
    this.connection = connectTo(parseEventStoreUrl(url).connectionString, quiet);
    this.appends = new Appends({
      connection: this.connection,
      nameOf: (stream) => this.nameOf(stream),
      seen: () => this.seen,
      see: (position) => this.see(position),
      tail: async (stream, count) => (await this.streamPage({ stream, from: 'end', backwards: true, count })).reverse(),
      at: async (stream, revision) => (await this.streamPage({ stream, from: revision, count: 1 }))[0],
    });
    this.follower = createFollower({
      head: async () => (await this.findNewest()).position,
      subscribe: (after, report, signal) => this.subscribe(after, report, signal),
      patience,
      onError,
    });
  }

  /** Resolves when the server has answered. */
  async open(): Promise<void> {
    try {
      await this.findNewest();
    } catch (error) {
      await this.connection.close();
      throw error;
    }
  }

  readonly append = async (append: Append): Promise<Appended> => {
    const [answer] = await this.appendMany([append]);
    if (answer instanceof WrongRevision) throw answer;
    return answer as Appended;
  };

  readonly appendMany = (appends: readonly Append[]): Promise<(Appended | WrongRevision)[]> => {
    return this.take(() => this.appends.appendMany(appends));
  };

  readonly readStream = (stream: string, from = 0): AsyncGenerator<StoredEvent[]> => {
    return this.paged(this.streamPages(stream, from));
  };

  readonly readStreams = (streams: readonly string[]): Promise<Map<string, StoredEvent[]>> => {
    return this.take(async () => {
      const found = await Promise.all(
        [...new Set(streams)].map((stream) =>
          this.atOnce(async () => [stream, await this.wholeStream(stream)] as const),
        ),
      );
      return new Map(found.filter(([, events]) => events.length > 0));
    });
  };

  readonly readAll = (options: ReadAll = {}): AsyncGenerator<StoredEvent[]> => {
    return this.paged(this.all(options));
  };

  readonly readAt = (position: bigint): Promise<StoredEvent | undefined> => {
    return this.take(() => this.storedAt(position));
  };

  readonly sealAt = (position: bigint): Promise<string | undefined> => {
    return this.take(() => this.sealOf(position));
  };

  readonly head = (): Promise<bigint> => {
    return this.take(async () => (await this.findNewest()).position);
  };

  readonly positionAt = (instant: string): Promise<bigint> => {
    return this.take(() => this.instants.positionAt(instant));
  };

  readonly onAppend = (listener: () => void): (() => void) => {
    return this.follower.onAppend(listener);
  };

  readonly close = (): Promise<void> => {
    return (this.closing ??= this.end());
  };

  private nameOf(stream: string): string {
    return this.prefix + stream;
  }

  private see(position: bigint): void {
    if (position > this.seen) this.seen = position;
  }

  /** Undefined if the event is not this store's: another namespace's, the server's own or a link. */
  private ofThisStore(event: Recorded): StoredEvent | undefined {
    const { stream, type, position } = event;
    if (position === undefined || !stream.startsWith(this.prefix) || stream.startsWith('$') || type.startsWith('$'))
      return undefined;
    return stored(event, stream.slice(this.prefix.length), position);
  }

  private async streamPage({
    stream,
    ...request
  }: {
    stream: string;
    from: number | 'end';
    backwards?: boolean;
    count: number;
  }): Promise<Placed[]> {
    const events = await this.connection.readStream({ stream: this.nameOf(stream), ...request });
    // Servers before 22.6 return no positions here; the current head is an upper bound.
    const bound = events.some(({ position }) => position === undefined) ? (await this.findNewest()).position : 0n;
    return events.map((event) => ({ ...event, position: event.position ?? bound }));
  }

  private async *streamPages(stream: string, from: number): AsyncGenerator<StoredEvent[]> {
    for (let next = from; ;) {
      const events = await this.streamPage({ stream, from: next, count: PAGE });
      const mine = events.flatMap((event) => this.ofThisStore(event) ?? []);
      if (mine.length > 0) yield mine;
      if (events.length < PAGE) return;
      // A stream may have been truncated, so revisions cannot be counted from the start of a page.
      next = (events.at(-1)?.revision ?? next) + 1;
    }
  }

  private async wholeStream(stream: string): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for await (const page of this.streamPages(stream, 0)) events.push(...page);
    this.appends.remember(stream, events.at(-1)?.revision ?? -1);
    return events;
  }

  /** The head never moves back: a server that reports an older head has not caught up. */
  private async findNewest(): Promise<EventStoreDb['newest']> {
    for (let from: bigint | 'end' = 'end', count = 1; ; count = Math.min(PAGE, 8 * count)) {
      const events: Recorded[] = await this.connection.readAll({
        from,
        backwards: true,
        filter: this.everything,
        count,
      });
      const found = events.find((event) => this.ofThisStore(event));
      if (found?.position !== undefined && found.position > this.newest.position)
        this.newest = { position: found.position, name: found.stream };
      const last = events.at(-1)?.position;
      if (found || last === undefined || last === from || last <= this.newest.position) break;
      from = last;
    }
    this.see(this.newest.position);
    return this.newest;
  }

  /** Events behind a position where at least one exists. */
  private async pageBehind(after: bigint, filter: NameFilter, count: number): Promise<Recorded[]> {
    for (let attempt = 1; attempt <= SHORT_READS; attempt += 1) {
      const from = after === 0n ? 'start' : after;
      const events = (await this.connection.readAll({ from, filter, count: count + 1 })).filter(
        ({ position = 0n }) => position > after,
      );
      if (events.length > 0) return events.slice(0, count);
      await delay(10 * attempt);
    }
    throw new Transient(`the event store: $all ended at ${after}, before its newest event`);
  }

  /** Undefined if the server has none there. */
  private async eventAt(position: bigint): Promise<Recorded | undefined> {
    try {
      return (await this.connection.readAll({ from: position, count: 1 })).find((event) => event.position === position);
    } catch (error) {
      if (isType(error, ErrorType.UNKNOWN)) return undefined;
      throw error;
    }
  }

  /** A read may end early, so it continues until it meets the last wanted event or the newest of all, which each filter matches. */
  private async *all({ categories, after = 0n, upTo, page = PAGE }: ReadAll): AsyncGenerator<StoredEvent[]> {
    if (!(Number.isSafeInteger(page) && page > 0)) throw new TypeError(`not a page's size: ${page}`);
    if (categories?.length === 0) return;
    const { position: head, name } = await this.findNewest();
    const end = upTo !== undefined && upTo < head ? upTo : head;
    if (after >= end) return;
    const wanted = categories && new Set(categories);
    const last = (wanted && end < head && (await this.eventAt(end))?.stream) || name;
    const filter = wanted ? { prefixes: [...[...wanted].map((name) => this.nameOf(name)), last] } : this.everything;
    const isWanted = ({ stream, position = 0n }: Recorded): boolean =>
      position <= end && (!wanted || wanted.has(categoryOf(stream.slice(this.prefix.length))));
    let next = this.pageBehind(after, filter, page);
    for (let from = after; from < end;) {
      const events = await next;
      from = events.at(-1)?.position ?? end;
      // The next page is read while the caller handles this one; a caller that stops ignores its errors.
      if (from < end) (next = this.pageBehind(from, filter, page)).catch(() => undefined);
      const mine = events.filter(isWanted).flatMap((event) => this.ofThisStore(event) ?? []);
      if (mine.length > 0) yield mine;
    }
  }

  /** The server chains nothing, so a seal covers only the event, with the instant at which it was recorded. */
  private async sealOf(position: bigint): Promise<string | undefined> {
    const known = this.seals.get(position);
    if (known !== undefined) return known;
    const event = await this.storedAt(position);
    if (!event) return undefined;
    const { id, stream, revision, meta } = event;
    const seal = sha256(canonicalJson({ id, stream, revision, meta }));
    if (this.seals.size >= SEALS) this.seals.clear();
    this.seals.set(position, seal);
    return seal;
  }

  private async storedAt(position: bigint): Promise<StoredEvent | undefined> {
    // A server accepts a position behind the end, but rejects one between events.
    if (position <= 0n) return undefined;
    if (position > this.newest.position && position > (await this.findNewest()).position) return undefined;
    const event = await this.eventAt(position);
    return event && this.ofThisStore(event);
  }

  private subscribe(after: bigint, report: (position: bigint) => void, signal: AbortSignal): Promise<void> {
    const from = after > this.passed ? after : this.passed;
    const receiver = {
      event: ({ position }: Recorded) => void (position !== undefined && report(position)),
      checkpoint: (position: bigint) => void (this.passed = position > this.passed ? position : this.passed),
    };
    return this.connection.subscribe({ from: from === 0n ? 'start' : from, filter: this.everything }, receiver, signal);
  }

  private async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing) throw new Error('the event store is closed');
    const promise = work();
    this.taken.add(promise);
    try {
      return await promise;
    } finally {
      this.taken.delete(promise);
    }
  }

  private async end(): Promise<void> {
    this.follower.stop();
    while (this.taken.size > 0) await Promise.allSettled(this.taken);
    await this.connection.close();
  }

  /** Counts each page as separate work, so that closing waits for a page and not for a reader. */
  private async *paged(pages: AsyncGenerator<StoredEvent[]>): AsyncGenerator<StoredEvent[]> {
    try {
      for (;;) {
        const { value, done } = await this.take(() => pages.next());
        if (done) return;
        yield value;
      }
    } finally {
      await pages.return(undefined);
    }
  }
}
