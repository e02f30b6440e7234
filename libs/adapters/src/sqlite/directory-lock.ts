import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from './connection.js';
import { makePrivateFile } from './private.js';

/** The data directory belongs to another process. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  constructor(
    readonly directory: string,
    readonly pid: number | undefined,
  ) {
    super(
      `${directory} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}; stop it, or ask it over HTTP (--server)`,
    );
  }
}

/**
 * Locks a data directory for this process, until `release`. The lock is a transaction that SQLite holds open, so the
 * operating system releases it when the process ends, and no stale lock remains; the pid beside it is for the message.
 */
export function lockDirectory(directory: string): { release(): void } {
  makeDirectory(directory);
  const pidFile = join(directory, 'lock.pid');
  const file = join(directory, 'lock');
  makePrivateFile(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== 5) throw error;
    throw new DirectoryInUse(directory, pidIn(pidFile));
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    // The lock holds without the pid, which only names the process in a message.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return {
    release() {
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
