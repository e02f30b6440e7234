import type { NewEvent, StoredEvent } from './events.js';

/** Revision that the stream must have: its last one, `none` (must not exist), or `any`. */
export type Expected = number | 'none' | 'any';

export interface Append {
  stream: string;
  expected: Expected;
  events: readonly NewEvent[];
}
export interface Appended {
  stream: string;
  /** Revision and position of the last event appended. */
  revision: number;
  position: bigint;
}

/** Somebody else wrote the stream first. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  constructor(
    readonly stream: string,
    readonly expected: Expected,
    readonly actual: number | 'none',
  ) {
    super(`${stream}: expected revision ${expected}, but it is ${actual}`);
  }
}
/** No room left: nothing of the batch was written, reading goes on. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
  /** What long work had recorded until then, in words. */
  readonly done: string | undefined;
  constructor(message: string, { done, ...options }: ErrorOptions & { done?: string } = {}) {
    super(message, options);
    this.done = done;
  }
}
/** The engine takes no append of this size: nothing of it was written. An operator can raise the engine's limit. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}
/** The clock cannot be trusted: nothing was written, reading goes on. Set right, or accepted by a person, the same call may succeed. */
export class ClockUntrusted extends Error {
  override readonly name = 'ClockUntrusted';
}
/** Broken connection, busy engine: the same call may succeed later. */
export class Transient extends Error {
  override readonly name = 'Transient';
}

export interface ReadAll {
  /** Only these categories, in the order of the store; all when absent. */
  categories?: readonly string[];
  /** Strictly after this position: 0n (from the beginning), an event's, or a head's. */
  after?: bigint;
  /** Up to and including this position. */
  upTo?: bigint;
  /** Events a page; a page is never larger. */
  page?: number;
  /** Streams whose events the caller passes by: a store may leave them out before it parses them, or deliver them all the same. */
  without?: (stream: string) => boolean;
}

/** The truth: durable when a promise resolves, ordered, never edited. */
export interface EventStore {
  /**
   * Rejects with WrongRevision. Appending events whose ids already stand at the stream's end again is answered like the first
   * time. Knowledge never becomes older along positions: an event that tells an earlier instant than one before it (clocks step
   * back, concurrent requests overtake) became known with that one, and a store with one writer stores it so. An event of the
   * category `clock` begins instants anew at its own, and what stands before it was known by then.
   */
  append(append: Append): Promise<Appended>;
  /** Each append is atomic by itself and answered by itself; together they share a commit where the store can. Those of one stream are written in their order. */
  appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]>;
  /** Pages of one stream from a revision on; an unknown stream has none. */
  readStream(stream: string, from?: number): AsyncIterable<StoredEvent[]>;
  /** Whole streams at once, for deciding in bulk; an unknown stream is absent. */
  readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>>;
  readAll(options?: ReadAll): AsyncIterable<StoredEvent[]>;
  /** The event at a position; undefined if there is none. */
  readAt(position: bigint): Promise<StoredEvent | undefined>;
  /** Position of the last event, 0n when there is none. */
  head(): Promise<bigint>;
  /**
   * Identifies the log up to a position for ever; undefined if no event has the position. Two logs that differ at the position have other
   * seals; a store whose log is chained also has another seal where anything before the position differs.
   */
  sealAt(position: bigint): Promise<string | undefined>;
  /** Where the knowledge of an instant ends: the position before the first event recorded after it, the head when there is none. */
  positionAt(instant: string): Promise<bigint>;
  /** Accepts no further work, and finishes the work that it has accepted. */
  close(): Promise<void>;
}

export interface Subscription {
  /** Stops after the batch in hand; resolves when nothing runs any more. */
  stop(): Promise<void>;
}
/** What a batch covers: all events of the subscribed categories after `after`, up to and including `through`. */
export interface Span {
  after: bigint;
  through: bigint;
}
export interface Subscribe {
  /** Consumer group: name and version of a projection or policy. */
  group: string;
  /** All when absent. */
  categories?: readonly string[];
  /** Where to go on from: the position that lives with the read model. */
  after: bigint;
  /** The position that the group has reached; asked when this process takes over from another one, and after a rejection. */
  resume?(): Promise<bigint>;
  /**
   * What it keeps lives in the process, so each process that subscribes hears everything. Otherwise one process of a group
   * works and the others stand by to take over.
   */
  everyProcess?: boolean;
  /** A carrier may deliver larger batches while the group is far behind; `handle` then gives way to requests by itself. */
  inBulk?: boolean;
  /**
   * One batch at a time, in the order of positions, each span where the one before ended: so a gap shows although other
   * categories are left out. A batch without events means that there are none up to `through`. A rejection delivers again, after
   * a back-off, from where the last accepted span ended; the batch may then be cut elsewhere.
   */
  handle(events: readonly StoredEvent[], span: Span): Promise<void>;
  onError?(error: unknown): void;
}
/** The carrier: durable, asynchronous, at least once, ordered per stream. */
export interface EventBus {
  subscribe(subscription: Subscribe): Promise<Subscription>;
  /** Stops all subscriptions after the batches in hand. */
  close(): Promise<void>;
}

export type Scalar = string | number | boolean | null;
/** The key of a filter's alternatives: a symbol, so that no text from outside becomes one, and a spread of the filter keeps it. */
export const anyOf: unique symbol = Symbol('any of');
/**
 * Field (a top-level field of the document) → condition; all of them hold, and one at least of the filters under `anyOf`. Scalars only, so that no filter can smuggle an operator. A condition
 * holds for values of its own type alone; null also for an absent field; `from` and `to` are inclusive, `above` and `below` exclusive; texts compare by their bytes.
 */
export interface Filter {
  readonly [field: string]: Scalar | { in: readonly Scalar[] } | Range;
  readonly [anyOf]?: readonly Filter[];
}
export interface Range {
  from?: Scalar;
  to?: Scalar;
  above?: Scalar;
  below?: Scalar;
}
export interface Find {
  filter?: Filter;
  /** Then by key, so that pages never overlap. A field sorts by the values of its one type, null and absent before them in ascending order. */
  sort?: readonly { field: string; order: 'ascending' | 'descending' }[];
  limit?: number;
  offset?: number;
}
export interface Aggregate {
  groupBy: readonly string[];
  /** Result name → what; `sum`, `average`, `min` and `max` are of number fields: what is no number does not count, and of none the sum is 0, the others null. */
  measures: Readonly<
    Record<string, { count: true } | { sum: string } | { average: string } | { min: string } | { max: string }>
  >;
  filter?: Filter;
}
/** A document: top-level fields can be filtered, sorted and grouped by; deeper ones are carried. Numbers are safe integers or plain ratios, money in minor units. */
export type Document = Readonly<Record<string, unknown>>;

/** What a model answers with. */
export interface ReadModel<D extends Document = Document> {
  get(key: string): Promise<D | undefined>;
  getMany(keys: readonly string[]): Promise<Map<string, D>>;
  find(find?: Find): Promise<D[]>;
  count(filter?: Filter): Promise<number>;
  /** One row a group, ordered by the group's values; no row where nothing matches. */
  aggregate(aggregate: Aggregate): Promise<Record<string, Scalar>[]>;
  /** Position up to which events are in the model. */
  position(): Promise<bigint>;
}
export interface ModelDeclaration {
  name: string;
  /** A change of `evolve` raises it; versions live side by side until the new one has caught up. */
  version: number;
  /** Fields that filters and sorts use. */
  indexes: readonly (readonly string[])[];
  /** What no event can rebuild: a commit is durable when it resolves. Otherwise a power cut may cost the last ones, documents and position alike. */
  durable?: boolean;
}
export interface ParkedEvent {
  group: string;
  stream: string;
  /** The document that misses the event; null if the document is unknown, and then its stream is held back. */
  key: string | null;
  position: bigint;
  event: string;
  type: string;
  reason: string;
  at: string;
}
export interface ReadModels {
  /** The version that serves: the newest that has caught up, else the one before. */
  model<D extends Document>(name: string): ReadModel<D>;
  /** Opens one version for writing. */
  writer<D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>>;
  /** From now on this version serves and older ones may go. */
  serve(declaration: ModelDeclaration): Promise<void>;
  /** Removes the version with its documents, position and parked events, so that the next writer rebuilds it. */
  forget(declaration: ModelDeclaration): Promise<void>;
  parked(group?: string): Promise<ParkedEvent[]>;
  close(): Promise<void>;
}
/** A document and the position of the last event that is in it; undefined where it was removed. */
export interface Placed<D extends Document = Document> {
  document: D | undefined;
  position: bigint;
}
export interface Write<D extends Document = Document> {
  /** The model's position before; any other rejects and writes nothing. */
  after: bigint;
  /** The model's position from now on; the same as `after` when parked events are redriven. */
  position: bigint;
  /** The log's seal at `position`. Absent, a model that moves has none, and one that stays keeps its own. */
  seal?: string;
  /** An undefined document is removed. */
  documents: ReadonlyMap<string, Placed<D>>;
  /** Parked again, an event takes the newer reason. */
  park?: readonly ParkedEvent[];
  redriven?: readonly ParkedEvent[];
}
export interface ModelWriter<D extends Document = Document> {
  position(): Promise<bigint>;
  /** The log's seal at the position, as it was committed with it. */
  seal(): Promise<string | undefined>;
  /** Unknown keys are absent. A document may be ahead of the model where a commit was cut off: its events up to its own position are in it. */
  getMany(keys: readonly string[]): Promise<Map<string, Placed<D>>>;
  /**
   * All or nothing in its effect: the position moves last, so after a commit that was cut off the same events are delivered
   * again, and the documents that already hold them say so by their own position (an engine without transactions can keep that).
   */
  commit(write: Write<D>): Promise<void>;
}
