import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFull, Transient } from '@attain/eventsourcing';
import { makePrivateFile } from './private.js';

export const MEMORY = ':memory:';
/** Page size of a new file: a live event changes a few bytes on each of many pages, and each page is written whole. */
const PAGE_SIZE = 4096;
/** WAL pages that may gather before a checkpoint, because bulk writes change a page more than once. */
const CHECKPOINT_PAGES = 4000;

export interface Writing {
  synchronous: 'FULL' | 'NORMAL';
  /** Identifies the format of the file, so that another format is rejected instead of misread. */
  applicationId: number;
  version: number;
  /** The tables, created together with the format's name, so that a crash leaves all of it or nothing. */
  schema: string;
  /** Version → migration to the next one. */
  upgrades?: Readonly<Record<number, string>>;
}

/** A connection that writes, with its durability asserted, because SQLite ignores an invalid pragma silently. */
export function openWriter(
  file: string,
  { synchronous, applicationId, version, schema, upgrades = {} }: Writing,
): DatabaseSync {
  if (file !== MEMORY) makePrivateFile(file);
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA page_size = ${PAGE_SIZE}`);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec(setUpWriting(synchronous));
    must(db, 'journal_mode', file === MEMORY ? 'memory' : 'wal');
    must(db, 'synchronous', synchronous === 'FULL' ? 2 : 1);
    const upgrade =
      pragma(db, 'application_id') === applicationId
        ? upgradesFrom(Number(pragma(db, 'user_version')), version, upgrades)
        : '';
    if (upgrade) db.exec(`BEGIN IMMEDIATE; ${upgrade} PRAGMA user_version = ${version}; COMMIT`);
    const format = { id: pragma(db, 'application_id'), version: pragma(db, 'user_version') };
    if (format.id === 0 && format.version === 0)
      db.exec(
        `BEGIN IMMEDIATE; ${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}; COMMIT`,
      );
    else if (format.id !== applicationId || format.version !== version)
      throw new Error(
        `${file} is of another kind or version (application_id ${format.id}, version ${format.version}); this program writes ${applicationId}, version ${version}`,
      );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The settings of every writing connection, besides those that the file itself stores. */
export function setUpWriting(synchronous: Writing['synchronous']): string {
  return `PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF`;
}

/** The settings of every reading connection. */
export const setUpReading = 'PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF';

/** A separate connection for reading, so that a long read never blocks the writer. */
export function openReader(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true });
  db.exec(setUpReading);
  return db;
}

/** Creates a directory that only its owner can access, and syncs its entry. */
export function makeDirectory(directory: string): void {
  const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  for (let at = resolve(directory); at.length >= resolve(made).length; at = dirname(at)) {
    const parent = openSync(dirname(at), 'r');
    fsyncSync(parent);
    closeSync(parent);
  }
}

/** Converts SQLite's error to the port's. */
export function portError(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (code === undefined) return error;
  const message = (error as Error).message;
  switch (code & 0xff) {
    case 13:
      return new StoreFull(`no room left for the store: ${message}`, { cause: error });
    case 5:
    case 6:
    case 10:
      return new Transient(message, { cause: error });
    default:
      return error;
  }
}

function upgradesFrom(from: number, to: number, upgrades: Readonly<Record<number, string>>): string {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => upgrades[from + n] ?? '')
    .join(' ')
    .trim();
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

function must(db: DatabaseSync, name: string, value: unknown): void {
  const is = pragma(db, name);
  if (is !== value) throw new Error(`SQLite refused ${name}: it is ${String(is)}, it must be ${String(value)}`);
}
