import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { bytesWritten } from './written.js';

/** Rows of one transaction. */
const AT_ONCE = 1000;

/** What raw SQLite took for the rows of some databases. */
export interface RawInserted {
  milliseconds: number;
  bytes: number | undefined;
}

/**
 * Inserts every row of some databases again, as it is, into an empty file with the same tables and indexes, in the order of its table: the
 * least that SQLite takes for these bytes. A thousand rows share a commit, synced for the log and not synced for the read models.
 */
export function rawInserted(
  files: readonly { file: string; synchronous: 'FULL' | 'NORMAL' }[],
  to: string,
): RawInserted {
  const before = bytesWritten();
  const start = performance.now();
  for (const { file, synchronous } of files) insertAgain(file, to, synchronous);
  const milliseconds = performance.now() - start;
  const after = bytesWritten();
  return { milliseconds, bytes: before === undefined || after === undefined ? undefined : after - before };
}

function insertAgain(file: string, to: string, synchronous: 'FULL' | 'NORMAL'): void {
  for (const name of [to, `${to}-wal`, `${to}-shm`]) rmSync(name, { force: true });
  const from = new DatabaseSync(file, { readOnly: true });
  const into = new DatabaseSync(to);
  try {
    const { page_size } = from.prepare('PRAGMA page_size').get() as { page_size: number };
    into.exec(
      `PRAGMA page_size = ${page_size}; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -65536`,
    );
    const schema = from
      .prepare(`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`)
      .all() as { type: string; name: string; sql: string }[];
    for (const { sql } of schema) into.exec(sql);
    for (const { type, name } of schema) if (type === 'table') copyRows(from, into, name);
  } finally {
    from.close();
    into.close();
  }
}

function copyRows(from: DatabaseSync, into: DatabaseSync, table: string): void {
  const select = from.prepare(`SELECT * FROM "${table}"`);
  select.setReturnArrays(true);
  const insert = into.prepare(
    `INSERT INTO "${table}" VALUES (${select
      .columns()
      .map(() => '?')
      .join(', ')})`,
  );
  let rows = 0;
  into.exec('BEGIN');
  for (const row of select.iterate() as Iterable<unknown>) {
    insert.run(...(row as SQLInputValue[]));
    if ((rows += 1) % AT_ONCE === 0) into.exec('COMMIT; BEGIN');
  }
  into.exec('COMMIT');
}
