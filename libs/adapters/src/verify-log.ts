import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A position of the log and its seal, kept elsewhere: the comparison reveals events that were deleted or replaced. */
export interface Anchor {
  position: string;
  seal: string;
}
export interface LogProblem {
  /** Of the first affected event, as text; absent if the whole file is affected. */
  position?: string;
  problem: string;
}
export interface VerifiedLog {
  file: string;
  events: number;
  streams: number;
  /** Position of the last event and the seal over everything up to it; keep it elsewhere as an anchor. */
  head: Anchor;
  problems: LogProblem[];
}

const MOST_PROBLEMS = 1000;

type Report = (problem: string, position?: number) => void;

interface Row {
  position: number;
  count: number;
  category: string;
  seal: Uint8Array;
  meta: string;
  events: string;
}

/**
 * Reads a SQLite event log again, from the bytes, and reports every row that differs from its seal, is out of order, or is
 * missing from the streams' index. Defines the format again instead of importing it, because a shared mistake would stay hidden.
 * Works beside a running writer, and on a copy. `path` is the data directory or the file.
 */
export function verifyLog(path: string, anchors: readonly Anchor[] = []): VerifiedLog {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'events.db') : path;
  const result: VerifiedLog = {
    file,
    events: 0,
    streams: 0,
    head: { position: '0', seal: '0'.repeat(64) },
    problems: [],
  };
  const report: Report = (problem, position) => {
    if (result.problems.length < MOST_PROBLEMS)
      result.problems.push(position === undefined ? { problem } : { position: String(position), problem });
  };
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    // One transaction, so that a running writer does not change the compared rows.
    db.exec('BEGIN');
    for (const { integrity_check: problem } of db.prepare('PRAGMA integrity_check(20)').all() as {
      integrity_check: string;
    }[])
      if (problem !== 'ok') report(`the database file is damaged: ${problem}`);
    verifyRows(db, result, report, new Map(anchors.map((anchor) => [anchor.position, anchor.seal])));
  } catch (error) {
    report(`the database file cannot be read: ${(error as Error).message}`);
  } finally {
    db.close();
  }
  return result;
}

/** The streams by their events in the log, compared with the index. */
class Streams {
  private readonly known = new Map<string, { revision: number; indexed: boolean }>();
  private readonly indexed: StatementSync;
  private indexedEvents = 0;

  constructor(
    private readonly db: DatabaseSync,
    private readonly report: Report,
  ) {
    this.indexed = db.prepare('SELECT position FROM append WHERE stream = ? AND revision = ?');
  }

  get size(): number {
    return this.known.size;
  }

  /** The next event of the log, as the line of its chunk. */
  check(line: string, position: number, category: string): void {
    const { stream, revision } = JSON.parse(line) as { stream: string; revision: number };
    const [expectedCategory] = stream.split('-', 1);
    if (expectedCategory !== category) this.report(`${stream} is stored under the category ${category}`, position);
    const expected = (this.known.get(stream)?.revision ?? -1) + 1;
    if (revision !== expected)
      this.report(`${stream} goes on with revision ${revision} instead of ${expected}`, position);
    const entry = this.indexed.get(stream, revision) as { position: number } | undefined;
    if (entry && entry.position !== position)
      this.report(`the index has ${stream} ${revision} at position ${entry.position}`, position);
    if (entry) this.indexedEvents += 1;
    this.known.set(stream, { revision, indexed: entry !== undefined });
  }

  /** At the end of the log: whether the index contains the last event of each stream, and nothing else. */
  checkIndex(): void {
    for (const [stream, { revision, indexed }] of this.known)
      if (!indexed) this.report(`the index does not know revision ${revision} of ${stream}, its last`);
    const { count } = this.db.prepare('SELECT count(*) AS count FROM append').get() as { count: number };
    if (count !== this.indexedEvents)
      this.report(`the index has ${count} entries, ${this.indexedEvents} of them for events in the log`);
  }
}

function verifyRows(db: DatabaseSync, result: VerifiedLog, report: Report, anchors: Map<string, string>): void {
  const streams = new Streams(db, report);
  let next = 1;
  let before: Uint8Array = new Uint8Array(32);
  let recorded = '';

  for (const row of db
    .prepare('SELECT position, count, category, seal, meta, events FROM chunk ORDER BY position')
    .iterate() as Iterable<unknown> as Iterable<Row>) {
    const { position, count, category, meta, events } = row;
    if (position !== next) report(`expected position ${next} here: rows are missing or moved`, position);
    const canonical = Buffer.from(`${position} ${count} ${category}\n${meta}\n${events}`, 'utf8');
    const seal = createHash('sha256').update(before).update(canonical).digest();
    if (!seal.equals(row.seal))
      report(
        `the seal of events ${position} to ${position + count - 1} does not match: these events or the seal before them were changed`,
        position,
      );
    before = row.seal;

    const lines = events.split(',\n');
    if (lines.length !== count) report(`the chunk declares ${count} events and holds ${lines.length}`, position);
    try {
      const instant = (JSON.parse(meta) as { recorded: string }).recorded;
      // Instants begin anew where a person has accepted the clock.
      if (instant < recorded && category !== 'clock')
        report(`recorded ${instant}, after an event recorded ${recorded}`, position);
      recorded = instant;
      lines.forEach((line, n) => streams.check(line, position + n, category));
    } catch (error) {
      report(`not readable: ${(error as Error).message}`, position);
    }

    result.events += lines.length;
    next = position + count;
    const anchored = anchors.get(String(next - 1));
    if (anchored !== undefined) {
      anchors.delete(String(next - 1));
      if (anchored !== Buffer.from(row.seal).toString('hex')) report(`the seal is not the one of the anchor`, next - 1);
    }
  }

  streams.checkIndex();
  for (const position of anchors.keys())
    report(`the log lacks the anchor's row, because it was cut off or rewritten`, Number(position));
  result.streams = streams.size;
  result.head = { position: String(next - 1), seal: Buffer.from(before).toString('hex') };
}
