import type { NewEvent, StoredEvent } from './events.js';

/** The expected revision of the stream: its last one, `none` (must not exist), or `any`. */
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
/** No room left: nothing of the batch was written, reading continues. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
  /** The part of a long task that was recorded before the store was full, in words. */
  readonly done: string | undefined;
  constructor(message: string, { done, ...options }: ErrorOptions & { done?: string } = {}) {
    super(message, options);
    this.done = done;
  }
}
/** The engine accepts no append of this size: nothing of it was written. An operator can raise the engine's limit. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}
/** The clock cannot be trusted: nothing was written, reading continues. The call may succeed after the clock is corrected or accepted. */
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
  /** The largest number of events per page. */
  page?: number;
  /** Streams whose events the caller ignores: a store may omit them before parsing, or deliver them nevertheless. */
  without?: (stream: string) => boolean;
}

/** The source of truth: durable when a promise resolves, ordered, never edited. */
export interface EventStore {
  /**
   * Rejects with WrongRevision. Appending the same event ids again at the stream's end returns the first answer. Known instants
   * never decrease along positions: an event with an earlier instant than its predecessor (a clock stepped back, concurrent
   * requests overtook) became known with the predecessor, and a store with one writer stores it so. At an event of the category
   * `clock` instants begin anew at the event's own, and all earlier events were known by then.
   */
  append(append: Append): Promise<Appended>;
  /** Each append is atomic and has its own answer; together they share a commit if the store can. Those of one stream keep their order. */
  appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]>;
  /** Pages of one stream from a revision on; an unknown stream has none. */
  readStream(stream: string, from?: number): AsyncIterable<StoredEvent[]>;
  /** Several whole streams, for deciding in bulk; an unknown stream is absent. */
  readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>>;
  readAll(options?: ReadAll): AsyncIterable<StoredEvent[]>;
  /** The event at a position; undefined if there is none. */
  readAt(position: bigint): Promise<StoredEvent | undefined>;
  /** Position of the last event, 0n when there is none. */
  head(): Promise<bigint>;
  /**
   * Identifies the log up to a position permanently; undefined if no event has the position. Two logs with different events at the position have
   * different seals; in a store with a chained log, also two logs that differ anywhere before the position.
   */
  sealAt(position: bigint): Promise<string | undefined>;
  /** The last position known at an instant: the one before the first event recorded after it, the head if there is none. */
  positionAt(instant: string): Promise<bigint>;
  /** Accepts no further work, and finishes the work that it has accepted. */
  close(): Promise<void>;
}

export interface Subscription {
  /** Stops after the current batch; resolves when nothing runs any more. */
  stop(): Promise<void>;
}
/** The range of a batch: all events of the subscribed categories after `after`, up to and including `through`. */
export interface Span {
  after: bigint;
  through: bigint;
}
export interface Subscribe {
  /** Consumer group: name and version of a projection or policy. */
  group: string;
  /** All when absent. */
  categories?: readonly string[];
  /** The position to continue from, which is stored with the read model. */
  after: bigint;
  /** The position that the group has reached; called when this process takes over from another one, and after a rejection. */
  resume?(): Promise<bigint>;
  /**
   * The subscriber's state lives in the process, so each subscribing process receives everything. Otherwise one process of a
   * group works, and the others wait to take over.
   */
  everyProcess?: boolean;
  /** A bus may deliver larger batches while the group is far behind; `handle` must then give way to requests itself. */
  inBulk?: boolean;
  /**
   * One batch at a time, in the order of positions. Each span begins at the end of the previous one, so a gap is visible although
   * other categories are left out. A batch without events means that there are none up to `through`. After a rejection and a
   * back-off, delivery continues from the end of the last accepted span; the batch may then be split differently.
   */
  handle(events: readonly StoredEvent[], span: Span): Promise<void>;
  onError?(error: unknown): void;
}
/** The bus: durable, asynchronous, at least once, ordered per stream. */
export interface EventBus {
  subscribe(subscription: Subscribe): Promise<Subscription>;
  /** Stops all subscriptions after the current batches. */
  close(): Promise<void>;
}

export type Scalar = string | number | boolean | null;
/** The key of a filter's alternatives: a symbol, because no text from outside can equal it, and a spread of the filter keeps it. */
export const anyOf: unique symbol = Symbol('any of');
/**
 * Field (a top-level field of the document) → condition; all of them hold, and one at least of the filters under `anyOf`. Scalars only, so that no filter can smuggle an operator. A condition
 * matches only values of its own type; null also matches an absent field; `from` and `to` are inclusive, `above` and `below` exclusive; texts compare by their bytes.
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
  /** Then by key, so that pages never overlap. A field sorts by the values of its one type; ascending, null and absent come first. */
  sort?: readonly { field: string; order: 'ascending' | 'descending' }[];
  limit?: number;
  offset?: number;
}
export interface Aggregate {
  groupBy: readonly string[];
  /** Result name → measure. `sum`, `average`, `min` and `max` ignore values that are not numbers; of no number the sum is 0, the others null. */
  measures: Readonly<
    Record<string, { count: true } | { sum: string } | { average: string } | { min: string } | { max: string }>
  >;
  filter?: Filter;
}
/** A document: queries can filter, sort and group by top-level fields only. Numbers are safe integers or plain ratios, money in minor units. */
export type Document = Readonly<Record<string, unknown>>;

/** The queries of a model. */
export interface ReadModel<D extends Document = Document> {
  get(key: string): Promise<D | undefined>;
  getMany(keys: readonly string[]): Promise<Map<string, D>>;
  find(find?: Find): Promise<D[]>;
  count(filter?: Filter): Promise<number>;
  /** One row per group, ordered by the group's values; no row if nothing matches. */
  aggregate(aggregate: Aggregate): Promise<Record<string, Scalar>[]>;
  /** The position up to which the model contains events. */
  position(): Promise<bigint>;
}
export interface ModelDeclaration {
  name: string;
  /** Raise it with each change of `evolve`; versions exist side by side until the new one has caught up. */
  version: number;
  /** Fields that filters and sorts use. */
  indexes: readonly (readonly string[])[];
  /**
   * Fields that most documents have as null, as an empty object or as an empty list: a store may leave them out and restores them. Every
   * document must have them. No filter, sort or aggregate distinguishes such a value from an absent one.
   */
  blank?: Readonly<Record<string, null | Readonly<Record<string, never>> | readonly never[]>>;
  /** No event can rebuild the model, so a commit is durable when it resolves. Otherwise a power cut may lose the last commits, documents and position alike. */
  durable?: boolean;
}
export interface ParkedEvent {
  group: string;
  stream: string;
  /** The document that lacks the event; null if the document is unknown, and then its stream is held back. */
  key: string | null;
  position: bigint;
  event: string;
  type: string;
  reason: string;
  at: string;
}
export interface ReadModels {
  /** The serving version: the newest that has caught up, else the previous one. */
  model<D extends Document>(name: string): ReadModel<D>;
  /** Opens one version for writing. */
  writer<D extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<D>>;
  /** From now on this version serves, and older ones may be removed. */
  serve(declaration: ModelDeclaration): Promise<void>;
  /** Removes the version with its documents, position and parked events, so that the next writer rebuilds it. */
  forget(declaration: ModelDeclaration): Promise<void>;
  parked(group?: string): Promise<ParkedEvent[]>;
  close(): Promise<void>;
}
/** A document and the position of its last event; undefined if it was removed. */
export interface Placed<D extends Document = Document> {
  document: D | undefined;
  position: bigint;
}
export interface Write<D extends Document = Document> {
  /** The model's previous position; with any other the commit rejects and writes nothing. */
  after: bigint;
  /** The model's new position; the same as `after` when parked events are redriven. */
  position: bigint;
  /** The log's seal at `position`. If absent, a model that moves loses its seal, and one that does not move keeps it. */
  seal?: string;
  /** An undefined document is removed. */
  documents: ReadonlyMap<string, Placed<D>>;
  /** An event that is parked again takes the newer reason. */
  park?: readonly ParkedEvent[];
  redriven?: readonly ParkedEvent[];
}
export interface ModelWriter<D extends Document = Document> {
  position(): Promise<bigint>;
  /** The log's seal that was committed with the position. */
  seal(): Promise<string | undefined>;
  /** Unknown keys are absent. After an interrupted commit a document may be ahead of the model: it contains its events up to its own position. */
  getMany(keys: readonly string[]): Promise<Map<string, Placed<D>>>;
  /**
   * All or nothing in its effect: the position moves last, so after an interrupted commit the same events are delivered again,
   * and each document's own position shows which of them it already contains. An engine without transactions can guarantee this.
   */
  commit(write: Write<D>): Promise<void>;
}
