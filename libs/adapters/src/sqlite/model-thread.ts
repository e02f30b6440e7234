import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread } from './worker-thread.js';

// This file runs as a separate thread, also from the sources, so it imports no file of this program.

export interface Step {
  sql: string;
  /** Runs once for each row of values. */
  rows: readonly SQLInputValue[][];
  /** The job fails with this message if a run changes nothing. */
  must?: string;
}
/** Steps of one transaction. */
export interface Job {
  steps: readonly Step[];
  /** Durable when it resolves. */
  durable: boolean;
}
/** The reason why a job was rolled back; undefined if it was committed. */
export type JobAnswer = { message: string; errcode?: number } | undefined;

/** The least number of rows of a large transaction. */
const MANY = 1000;
/** WAL pages (of 4 KiB) that may gather: while large transactions change the same pages repeatedly, and otherwise. */
const CHECKPOINT_PAGES = { large: 32_768, small: 4000 };
const FULL = 13;

/** Runs jobs in transactions: waiting jobs share one; if one of them fails, each has its own. */
export function jobRunner(db: DatabaseSync): (jobs: readonly Job[]) => JobAnswer[] {
  const prepared = new Map<string, StatementSync>();
  let checkpointPages = 0;

  function statement(sql: string): StatementSync {
    let known = prepared.get(sql);
    if (!known) prepared.set(sql, (known = db.prepare(sql)));
    return known;
  }

  function transaction(jobs: readonly Job[]): void {
    let rows = 0;
    for (const { steps } of jobs) for (const step of steps) rows += step.rows.length;
    const pages = rows >= MANY ? CHECKPOINT_PAGES.large : CHECKPOINT_PAGES.small;
    if (pages !== checkpointPages) db.exec(`PRAGMA wal_autocheckpoint = ${(checkpointPages = pages)}`);
    const durable = jobs.some((job) => job.durable);
    if (durable) db.exec('PRAGMA synchronous = FULL');
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const { steps } of jobs)
        for (const { sql, rows, must } of steps) {
          const run = statement(sql);
          for (const row of rows) if (run.run(...row).changes !== 1 && must !== undefined) throw new Error(must);
        }
      db.exec('COMMIT');
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK');
      if (durable) db.exec('PRAGMA synchronous = NORMAL');
    }
  }

  function attempt(jobs: readonly Job[]): JobAnswer {
    try {
      transaction(jobs);
      return undefined;
    } catch (error) {
      const { message, errcode } = error as Error & { errcode?: number };
      if (errcode !== undefined && (errcode & 0xff) === FULL) giveBack();
      return { message, ...(errcode !== undefined && { errcode }) };
    }
  }

  /** Truncates the WAL, which frees space on a full disk. */
  function giveBack(): void {
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The database itself found no room; the job fails in both cases.
    }
  }

  return (jobs) => {
    const answer = attempt(jobs);
    if (answer === undefined) return jobs.map(() => undefined);
    return jobs.length === 1 ? [answer] : jobs.map((job) => attempt([job]));
  };
}

interface ThreadData {
  models: string;
  /** SQL that sets the connection up. */
  setUp: string;
}
const data = workerData as ThreadData | null;
if (parentPort && typeof data?.models === 'string') {
  const port = parentPort;
  const db = new DatabaseSync(data.models);
  db.exec(data.setUp);
  const run = jobRunner(db);
  let waiting: { n: number; ask: Job }[] = [];
  const runWaiting = (): void => {
    const jobs = waiting;
    waiting = [];
    const answers = run(jobs.map(({ ask }) => ask));
    jobs.forEach(({ n }, at) => port.postMessage({ n, answer: answers[at] } satisfies FromThread<JobAnswer>));
  };
  port.on('message', (message: ToThread<Job>) => {
    if (message === 'close') {
      if (waiting.length > 0) runWaiting();
      db.close();
      port.close();
      return;
    }
    waiting.push(message);
    if (waiting.length === 1) setImmediate(() => waiting.length > 0 && runWaiting());
  });
}
