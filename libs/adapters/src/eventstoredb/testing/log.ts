import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FollowedStore, type NewEvent, type StoredEvent, WrongRevision } from '@attain/eventsourcing';
import { MEMORY, openReader } from '../../sqlite/connection.js';
import { openSqliteEventStore } from '../../sqlite/event-store.js';
import type { Proposed, Recorded } from '../messages.js';

/** An entry as a server stores it: `position` is an offset in its log, where neighbours are not one apart. */
export interface Entry extends Recorded {
  position: bigint;
  json: boolean;
  created: Date;
}
export type ExpectedRevision = number | 'none' | 'any' | 'exists';
export interface Filter {
  matches(entry: { stream: string; type: string }): boolean;
}
/** One scan of a server: the matching entries, and the position of the last scanned one. */
interface Stretch {
  entries: Entry[];
  last: bigint;
}
/** Of a stream: who may read and write it, and where it begins. */
interface StreamMetadata {
  $tb?: number;
  $maxCount?: number;
  $acl?: { $r?: string | string[]; $w?: string | string[] };
}
export interface ServerLog {
  /** Position and revision of the last event; or the stream's revision, if it differs from the expected one. */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly (Proposed & { json: boolean })[],
  ): Promise<{ revision: number; position: bigint } | { actual: number | 'none' }>;
  lastRevision(stream: string): Promise<number | 'none'>;
  /** Ascending. */
  stream(stream: string, from: number, count: number): Promise<Entry[]>;
  /** From a position to the end at the start of the scan; scans every entry, in stretches of this size. */
  forwards(from: bigint, window: number, filter?: Filter): AsyncGenerator<Stretch>;
  /** The same before a position, newest first. */
  backwards(before: bigint | 'end', window: number, filter?: Filter): AsyncGenerator<Stretch>;
  /** The contents of the stream's metadata; empty if it has none. */
  metadata(stream: string): Promise<StreamMetadata>;
  /** Whether an entry has this position. */
  isPosition(position: bigint): Promise<boolean>;
  end(): Promise<bigint>;
  onAppend(listener: () => void): () => void;
  close(): Promise<void>;
}

const [STEP, OFFSET] = [97n, 13n];
const toWire = (position: bigint): bigint => position * STEP + OFFSET;
/** The index in the log of the last entry at or before a position. */
const fromWire = (position: bigint): bigint => (position < OFFSET ? 0n : (position - OFFSET) / STEP);
/** Appends between two of the server's own events. */
const STATS_EVERY = 50;
const STATS = '$stats-127.0.0.1:2113';

type Kept = { id: string; json: boolean; data: string; metadata: string };

/** The embedded log in the form of a server's; it syncs before it acknowledges. `undefined` keeps it in memory. */
export async function openServerLog(file: string | undefined): Promise<ServerLog> {
  const existed = file !== undefined && existsSync(file);
  const store = openSqliteEventStore({ file: file ?? MEMORY });
  const log = new EmbeddedServerLog(store, new Set(existed ? streamsWithMetadata(file) : []));
  if ((await store.head()) === 0n) await log.append('$users', 'any', [own('$User')]);
  return log;
}

class EmbeddedServerLog implements ServerLog {
  private readonly revisions = new Map<string, number | 'none'>();
  /** Hides the ids from the embedded log, because the faults decide whether the server recognizes an event. */
  private readonly run = randomUUID();
  private kept = 0;
  private appends = 0;

  constructor(
    private readonly store: FollowedStore,
    private readonly withMetadata: Set<string>,
  ) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly (Proposed & { json: boolean })[],
  ): ReturnType<ServerLog['append']> {
    const recorded = new Date().toISOString();
    const stats = (this.appends += 1) % STATS_EVERY === 1;
    const last = expected === 'exists' ? await this.lastRevision(stream) : expected;
    if (expected === 'exists' && last === 'none') return { actual: 'none' };
    if (stream.startsWith('$$')) this.withMetadata.add(stream);
    const [answer] = await this.store.appendMany([
      { stream, expected: last, events: events.map((event) => this.keep(event, recorded)) },
      ...(stats
        ? [{ stream: STATS, expected: 'any' as const, events: [this.keep(own('$statsCollected'), recorded)] }]
        : []),
    ]);
    if (stats) this.revisions.delete(STATS);
    if (answer instanceof WrongRevision) return { actual: answer.actual };
    if (!answer) throw new Error('unreachable');
    if (this.revisions.size > 100_000) this.revisions.clear();
    this.revisions.set(stream, answer.revision);
    return { revision: answer.revision, position: toWire(answer.position) };
  }

  async lastRevision(stream: string): Promise<number | 'none'> {
    const known =
      this.revisions.get(stream) ?? (await this.store.readStreams([stream])).get(stream)?.at(-1)?.revision ?? 'none';
    if (known !== 'none') this.revisions.set(stream, known);
    return known;
  }

  async stream(stream: string, from: number, count: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    for await (const page of this.store.readStream(stream, from)) {
      entries.push(...page.slice(0, count - entries.length).map(entryOf));
      if (entries.length >= count) break;
    }
    return entries;
  }

  async *forwards(from: bigint, window: number, filter?: Filter): AsyncGenerator<Stretch> {
    for await (const page of this.store.readAll({
      after: fromWire(from - 1n),
      upTo: await this.store.head(),
      page: window,
    })) {
      const entries = page.filter((event) => filter?.matches(event) ?? true).map(entryOf);
      yield { entries, last: toWire(page.at(-1)?.position ?? 0n) };
    }
  }

  async *backwards(before: bigint | 'end', window: number, filter?: Filter): AsyncGenerator<Stretch> {
    for (
      let upTo = before === 'end' ? await this.store.head() : fromWire(before - 1n);
      upTo > 0n;
      upTo -= BigInt(window)
    ) {
      const after = upTo > BigInt(window) ? upTo - BigInt(window) : 0n;
      const entries: Entry[] = [];
      for await (const page of this.store.readAll({ after, upTo }))
        entries.push(...page.filter((event) => filter?.matches(event) ?? true).map(entryOf));
      yield { entries: entries.reverse(), last: toWire(after + 1n) };
    }
  }

  async metadata(stream: string): Promise<StreamMetadata> {
    const name = `$$${stream}`;
    if (!this.withMetadata.has(name)) return {};
    const last = await this.lastRevision(name);
    const [entry] = last === 'none' ? [] : await this.stream(name, last, 1);
    return entry ? (JSON.parse(Buffer.from(entry.data).toString('utf8')) as StreamMetadata) : {};
  }

  async isPosition(position: bigint): Promise<boolean> {
    return (
      position >= OFFSET &&
      (position - OFFSET) % STEP === 0n &&
      (await this.store.readAt(fromWire(position))) !== undefined
    );
  }

  async end(): Promise<bigint> {
    return toWire(await this.store.head());
  }

  onAppend(listener: () => void): () => void {
    return this.store.onAppend(listener);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private keep({ id, type, data, metadata, json }: Proposed & { json: boolean }, recorded: string): NewEvent<Kept> {
    const meta = { actor: 'server', correlation: '', recorded };
    return {
      id: `${this.run}-${(this.kept += 1)}`,
      type,
      version: 1,
      data: { id, json, data: textOf(data), metadata: textOf(metadata) },
      meta,
    };
  }
}

/** One of the server's own events. */
function own(type: string): Proposed & { json: boolean } {
  return { id: randomUUID(), type, json: true, data: Buffer.from('{}'), metadata: Buffer.from('') };
}

function streamsWithMetadata(file: string): string[] {
  const reader = openReader(file);
  try {
    return (
      reader.prepare("SELECT DISTINCT stream FROM append WHERE stream >= '$$' AND stream < '$%'").all() as {
        stream: string;
      }[]
    ).map(({ stream }) => stream);
  } finally {
    reader.close();
  }
}

function entryOf({ position, stream, revision, type, data, meta }: StoredEvent): Entry {
  const { id, json, data: bytes, metadata } = data as Kept;
  return {
    id,
    type,
    stream,
    revision,
    position: toWire(position),
    json,
    created: new Date(meta.recorded),
    data: bytesOf(bytes),
    metadata: bytesOf(metadata),
  };
}

/** Bytes as a JSON string: as text, or in base64 behind a mark. */
function textOf(bytes: Uint8Array): string {
  return isUtf8(bytes) ? `=${Buffer.from(bytes).toString('utf8')}` : `~${Buffer.from(bytes).toString('base64')}`;
}
function bytesOf(text: string): Uint8Array {
  return Buffer.from(text.slice(1), text.startsWith('=') ? 'utf8' : 'base64');
}
