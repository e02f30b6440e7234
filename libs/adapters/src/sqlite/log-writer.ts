import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { canonicalJson } from '@attain/values';
import {
  type Append,
  type Appended,
  checkAppend,
  categoryOf,
  CLOCK,
  type EventMeta,
  type NewEvent,
  WrongRevision,
} from '@attain/eventsourcing';
import { type Chunk, GENESIS, SEPARATOR, sealOf } from './chunk.js';
import { portError } from './connection.js';

/** Approximate bytes of events after which a chunk is closed, so that reading one event reads little else. */
const CHUNK_SIZE = 16_384;
/** Streams whose last revision is cached. */
const HEADS = 200_000;

/** An append as text, without the revisions, which the commit adds. */
interface Prepared {
  append: Append;
  category: string;
  before: string;
  after: string[];
}
interface Job {
  appends: Prepared[];
  resolve(answers: (Appended | WrongRevision)[]): void;
  reject(error: unknown): void;
}

export interface LogWriter {
  appendMany(appends: readonly Append[]): Promise<(Appended | WrongRevision)[]>;
  /** Caches a stream's last revision that a reader found; it stays correct because this process is the only writer. */
  remember(stream: string, revision: number | 'none'): void;
  head(): number;
  /** Finishes the accepted work. */
  close(): Promise<void>;
}

/** The only writer: appends of one turn of the event loop, and those that arrive during a commit, share the next commit. */
export function createLogWriter(db: DatabaseSync, onCommit: () => void): LogWriter {
  const last = db
    .prepare('SELECT position + count - 1 AS head, seal, meta FROM chunk ORDER BY position DESC LIMIT 1')
    .get() as { head: number; seal: Uint8Array; meta: string } | undefined;
  let head = last?.head ?? 0;
  let seal: Uint8Array = last?.seal ?? GENESIS;
  let recorded = last ? (JSON.parse(last.meta) as EventMeta).recorded : '';
  const heads = new Map<string, number>();
  const sql = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    chunk: db.prepare('INSERT INTO chunk(position, count, category, seal, meta, events) VALUES (?, ?, ?, ?, ?, ?)'),
    append: db.prepare('INSERT INTO append(stream, revision, position) VALUES (?, ?, ?)'),
    tail: db.prepare('SELECT revision, position FROM append WHERE stream = ? ORDER BY revision DESC LIMIT ?'),
    chunkAt: db.prepare('SELECT position, events FROM chunk WHERE position <= ? ORDER BY position DESC LIMIT 1'),
  };
  let queue: Job[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  function flush(): void {
    const jobs = queue;
    queue = [];
    flushing = undefined;
    const commit = new Commit(sql, heads, head, seal, recorded);
    try {
      sql.begin.run();
      const answers = jobs.map(({ appends }) => appends.map((append) => commit.append(append)));
      commit.finish();
      sql.commit.run();
      ({ head, seal, recorded } = commit);
      if (heads.size > HEADS) heads.clear();
      jobs.forEach((job, n) => job.resolve(answers[n] as (Appended | WrongRevision)[]));
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      // The cache contains revisions that were rolled back.
      heads.clear();
      const reason = portError(error);
      for (const job of jobs) job.reject(reason);
      return;
    }
    onCommit();
  }

  return {
    async appendMany(appends) {
      if (closed) throw new Error('the event store is closed');
      const prepared = appends.map(prepare);
      return new Promise((resolve, reject) => {
        queue.push({ appends: prepared, resolve, reject });
        flushing ??= new Promise((flushed) =>
          setImmediate(() => {
            flush();
            flushed();
          }),
        );
      });
    },
    remember(stream, revision) {
      if (heads.size > HEADS) heads.clear();
      heads.set(stream, revision === 'none' ? -1 : revision);
    },
    head: () => head,
    async close() {
      closed = true;
      await flushing;
    },
  };
}

function prepare(append: Append): Prepared {
  checkAppend(append);
  const { stream, events } = append;
  return {
    append,
    category: categoryOf(stream),
    before: `{"stream":${canonicalJson(stream)},"revision":`,
    after: events.map(
      ({ id, type, version, data, json }) =>
        `,"id":${canonicalJson(id)},"type":${canonicalJson(type)},"version":${version},"data":${json ?? canonicalJson(data)}}`,
    ),
  };
}

/** The appends of one transaction; the writer takes over its fields once it is durable. */
class Commit {
  private metaOf: EventMeta | undefined;
  private meta = '';
  private category = '';
  private lines: string[] = [];
  private size = 0;
  private first: number;

  constructor(
    private readonly sql: Record<'chunk' | 'append' | 'tail' | 'chunkAt', StatementSync>,
    private readonly heads: Map<string, number>,
    public head: number,
    public seal: Uint8Array,
    public recorded: string,
  ) {
    this.first = head + 1;
  }

  append({ append, category, before, after }: Prepared): Appended | WrongRevision {
    const { stream, expected, events } = append;
    let revision = this.revisionOf(stream);
    const actual = revision < 0 ? 'none' : revision;
    if (expected !== actual) {
      const again = revision >= 0 && this.saidBefore(stream, events);
      if (again) return again;
      if (expected !== 'any') return new WrongRevision(stream, expected, actual);
    }
    for (let n = 0; n < after.length; n += 1) {
      revision += 1;
      this.add(category, (events[n] as NewEvent).meta, `${before}${revision}${after[n]}`);
    }
    this.sql.append.run(stream, revision, this.head);
    this.heads.set(stream, revision);
    return { stream, revision, position: BigInt(this.head) };
  }

  finish(): void {
    if (this.lines.length === 0) return;
    const chunk: Chunk = {
      position: this.first,
      count: this.lines.length,
      category: this.category,
      meta: this.meta,
      events: this.lines.join(SEPARATOR),
    };
    this.seal = sealOf(this.seal, chunk);
    this.sql.chunk.run(chunk.position, chunk.count, chunk.category, this.seal, chunk.meta, chunk.events);
    this.first = this.head + 1;
    this.lines = [];
    this.size = 0;
  }

  private add(category: string, meta: EventMeta, line: string): void {
    if (category !== this.category || meta !== this.metaOf || this.size > CHUNK_SIZE) {
      this.finish();
      this.category = category;
      if (meta !== this.metaOf) {
        this.metaOf = meta;
        // An instant before the last one would break the search of positions by instants; the event became known now.
        if (meta.recorded > this.recorded || category === CLOCK) this.recorded = meta.recorded;
        this.meta = canonicalJson({ ...meta, recorded: this.recorded });
      }
    }
    this.lines.push(line);
    this.size += line.length;
    this.head += 1;
  }

  private revisionOf(stream: string): number {
    const known = this.heads.get(stream);
    if (known !== undefined) return known;
    const row = this.sql.tail.get(stream, 1) as { revision: number } | undefined;
    const revision = row?.revision ?? -1;
    this.heads.set(stream, revision);
    return revision;
  }

  /** The first answer, if exactly these events are at the stream's end. */
  private saidBefore(stream: string, events: readonly NewEvent[]): Appended | undefined {
    this.finish();
    const appends = this.sql.tail.all(stream, events.length + 1) as { revision: number; position: number }[];
    const last = appends[0] as { revision: number; position: number };
    if (last.revision + 1 < events.length) return undefined;
    for (let n = 0; n < events.length; n += 1) {
      const revision = last.revision - n;
      const append = appends.findLast((one) => one.revision >= revision) as { revision: number; position: number };
      const position = append.position - (append.revision - revision);
      const chunk = this.sql.chunkAt.get(position) as { position: number; events: string };
      const { id } = JSON.parse(chunk.events.split(SEPARATOR)[position - chunk.position] as string) as { id: string };
      if (id !== events[events.length - 1 - n]?.id) return undefined;
    }
    return { stream, revision: last.revision, position: BigInt(last.position) };
  }
}
