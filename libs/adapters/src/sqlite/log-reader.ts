import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  beginStretch,
  CLOCK,
  type EventMeta,
  type ReadAll,
  type StoredEvent,
  type Stretch,
  stretchAt,
} from '@attain/eventsourcing';
import { type Chunk, SEPARATOR, eventAt, eventsOf, eventsWithout } from './chunk.js';

const PAGE = 1000;
const CHUNKS_AT_ONCE = 16;
/** Characters of events after which a page ends early, because memory must hold the whole page. */
const PAGE_SIZE = 1 << 20;
/** Characters of shared chunks: consumers at nearly the same position parse a chunk once. */
const SHARED_SIZE = 1 << 24;

type OpenChunk = { position: number; meta: EventMeta; lines: string[] };
type Columns = [position: number, count: number, category: string, meta: string, events: string];

export class LogReader {
  private readonly statements: ReturnType<typeof statementsOf>;
  private readonly shared = new Map<number, { events: StoredEvent[]; size: number }>();
  private sharedSize = 0;

  constructor(db: DatabaseSync) {
    this.statements = statementsOf(db);
  }

  /** Finds events by position; neighbours in the log are found in the open chunk. */
  private finder(): (position: number) => StoredEvent {
    const open = new Map<number, OpenChunk>();
    let current: OpenChunk | undefined;
    return (position) => {
      if (!current || position < current.position || position >= current.position + current.lines.length) {
        const row = this.statements.chunkAt.get(position) as { position: number; meta: string; events: string };
        current = open.get(row.position) ?? {
          position: row.position,
          meta: JSON.parse(row.meta) as EventMeta,
          lines: row.events.split(SEPARATOR),
        };
        if (open.size >= 64) open.clear();
        open.set(row.position, current);
      }
      return eventAt(current, position);
    };
  }

  *stream(name: string, from: number): Generator<StoredEvent[]> {
    const find = this.finder();
    let revision = from;
    for (;;) {
      const appends = this.statements.appendsOf.all(name, revision) as { revision: number; position: number }[];
      if (appends.length === 0) return;
      let start =
        (this.statements.before.get(name, appends[0]?.revision ?? 0) as { revision: number | null }).revision ?? -1;
      let page: StoredEvent[] = [];
      for (const append of appends) {
        for (let at = Math.max(start + 1, revision); at <= append.revision; at += 1) {
          page.push(find(append.position - (append.revision - at)));
          if (page.length === PAGE) {
            yield page;
            page = [];
          }
        }
        start = append.revision;
      }
      if (page.length > 0) yield page;
      revision = start + 1;
    }
  }

  streams(names: readonly string[]): Map<string, StoredEvent[]> {
    const result = new Map<string, StoredEvent[]>();
    const positions: { stream: string; revision: number; position: number }[] = [];
    let last = { stream: '', revision: -1 };
    for (const [name, revision, position] of this.statements.appendsOfMany.all(JSON.stringify(names)) as unknown as [
      string,
      number,
      number,
    ][]) {
      const start = last.stream === name ? last.revision : -1;
      for (let at = start + 1; at <= revision; at += 1)
        positions.push({ stream: name, revision: at, position: position - (revision - at) });
      last = { stream: name, revision };
    }
    // In the order of the log, which is also each stream's order, so that each chunk is opened once.
    positions.sort((a, b) => a.position - b.position);
    const find = this.finder();
    for (const { stream: name, position } of positions) {
      const events = result.get(name);
      if (events) events.push(find(position));
      else result.set(name, [find(position)]);
    }
    return result;
  }

  *all({ categories, after = 0n, upTo, page = PAGE, without }: ReadAll): Generator<StoredEvent[]> {
    if (!(Number.isSafeInteger(page) && page > 0)) throw new TypeError(`not a page's size: ${page}`);
    const end = upTo === undefined ? Number.MAX_SAFE_INTEGER : Number(upTo);
    const begin = Number(after);
    const from = (this.statements.chunkAt.get(begin + 1) as { position: number } | undefined)?.position ?? begin + 1;
    const rows = categories
      ? merged(
          [...new Set(categories)].map((category) => pages((at) => this.statements.chunksOf.all(category, at), from)),
        )
      : pages((at) => this.statements.chunksFrom.all(at), from);
    let events: StoredEvent[] = [];
    let size = 0;
    for (const [position, count, category, meta, text] of rows) {
      if (position > end) break;
      const whole = position > begin && position + count - 1 <= end;
      const chunk: Chunk = { position, count, category, meta, events: text };
      const found = without ? eventsWithout(chunk, without) : this.sharedEvents(chunk);
      for (const event of whole
        ? found
        : found.filter((one) => Number(one.position) > begin && Number(one.position) <= end)) {
        events.push(event);
        if (events.length === page) {
          yield events;
          events = [];
          size = 0;
        }
      }
      size += text.length;
      if (size >= PAGE_SIZE && events.length > 0) {
        yield events;
        events = [];
        size = 0;
      }
    }
    if (events.length > 0) yield events;
  }

  /** A chunk never changes once it is stored, so its parsed events serve every consumer of this process. */
  private sharedEvents(chunk: Chunk): StoredEvent[] {
    const known = this.shared.get(chunk.position);
    if (known) return known.events;
    const events = eventsOf(chunk);
    const size = chunk.events.length;
    this.shared.set(chunk.position, { events, size });
    this.sharedSize += size;
    for (const [oldest, { size: gone }] of this.shared) {
      if (this.sharedSize <= SHARED_SIZE) break;
      this.shared.delete(oldest);
      this.sharedSize -= gone;
    }
    return events;
  }

  /** Recorded instants never decrease within a stretch, so bisecting finds the last one. */
  positionAt(instant: string, head: number): number {
    const stretches: (Stretch & { from: number })[] = [{ from: 1, least: '' }];
    for (const { position, recorded } of this.statements.acceptances.all() as { position: number; recorded: string }[])
      beginStretch(stretches, { from: position, least: recorded });
    const nth = stretchAt(stretches, instant);
    const from = stretches[nth]?.from ?? 1;
    let known = from - 1;
    for (let low = from, high = (stretches[nth + 1]?.from ?? head + 1) - 1; low <= high;) {
      const row = this.statements.metaAt.get(Math.floor((low + high) / 2)) as {
        position: number;
        count: number;
        recorded: string;
      };
      if (row.recorded <= instant) {
        known = row.position + row.count - 1;
        low = known + 1;
      } else high = row.position - 1;
    }
    return known;
  }

  /** A chunk is written once and whole, so its seal identifies every position inside it. */
  sealAt(position: number): string | undefined {
    const row = this.statements.sealed.get(position) as { through: number; seal: Uint8Array } | undefined;
    return row && row.through >= position ? Buffer.from(row.seal).toString('hex') : undefined;
  }
}

function statementsOf(db: DatabaseSync) {
  const columns = 'position, count, category, meta, events';
  return {
    chunkAt: db.prepare(`SELECT position, meta, events FROM chunk WHERE position <= ? ORDER BY position DESC LIMIT 1`),
    metaAt: db.prepare(
      `SELECT position, count, meta ->> 'recorded' AS recorded FROM chunk WHERE position <= ? ORDER BY position DESC LIMIT 1`,
    ),
    acceptances: db.prepare(
      `SELECT position, meta ->> 'recorded' AS recorded FROM chunk INDEXED BY chunk_by_category WHERE category = '${CLOCK}' ORDER BY position`,
    ),
    sealed: db.prepare(
      'SELECT position + count - 1 AS through, seal FROM chunk WHERE position <= ? ORDER BY position DESC LIMIT 1',
    ),
    chunksFrom: arrays(
      db.prepare(`SELECT ${columns} FROM chunk WHERE position >= ? ORDER BY position LIMIT ${CHUNKS_AT_ONCE}`),
    ),
    chunksOf: arrays(
      db.prepare(
        `SELECT ${columns} FROM chunk INDEXED BY chunk_by_category WHERE category = ? AND position >= ? ORDER BY position LIMIT ${CHUNKS_AT_ONCE}`,
      ),
    ),
    appendsOf: db.prepare(
      'SELECT revision, position FROM append WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT 500',
    ),
    before: db.prepare('SELECT max(revision) AS revision FROM append WHERE stream = ? AND revision < ?'),
    appendsOfMany: arrays(
      db.prepare(
        'SELECT stream, revision, position FROM append WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, revision',
      ),
    ),
  };
}

function arrays(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}

function* pages(read: (from: number) => unknown[], from: number): Generator<Columns> {
  for (let at = from; ;) {
    const rows = read(at) as Columns[];
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < CHUNKS_AT_ONCE) return;
    at = last[0] + last[1];
  }
}

/** Chunks of several categories in the order of the log. */
function* merged(sources: readonly Generator<Columns>[]): Generator<Columns> {
  const open = sources.map((source) => ({ source, next: source.next() })).filter(({ next }) => !next.done);
  while (open.length > 0) {
    let least = 0;
    for (let n = 1; n < open.length; n += 1)
      if (((open[n] as Open).next.value as Columns)[0] < ((open[least] as Open).next.value as Columns)[0]) least = n;
    const first = open[least] as Open;
    yield first.next.value as Columns;
    first.next = first.source.next();
    if (first.next.done) open.splice(least, 1);
  }
}
type Open = { source: Generator<Columns>; next: IteratorResult<Columns> };
