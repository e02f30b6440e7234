import { closeSync, cpSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type VerifiedLog, verifyLog } from '../verify-log.js';
import { makeDirectory } from './connection.js';
import { makePrivateFile } from './private.js';

/** The reason why a backup or a restore failed. */
export class NotCopied extends Error {
  override readonly name = 'NotCopied';
}

/** The contents of a backup: the end of its log, and the seal over everything up to it. */
export interface Backup {
  /** The instant of the backup. */
  readonly made: string;
  readonly events: number;
  readonly position: string;
  readonly seal: string;
}

const description = 'backup.json';
/** Beside the databases: the last imported folder, and the anchors. The clock belongs to the machine. */
const beside = ['imported.sha256', 'anchors'];

/**
 * Copies a data directory, also while a server writes into it, into a new or empty directory. Copies the read models first: models behind
 * their log catch up, but models that are ahead of it would be foreign.
 */
export function backUp(data: string, to: string, made: string): Backup {
  if (!existsSync(join(data, 'events.db')))
    throw new NotCopied(`${data} holds no event log: give the data directory of a server`);
  makeEmpty(to);
  for (const file of ['models.db', 'events.db'])
    if (existsSync(join(data, file))) copyDatabase(join(data, file), join(to, file));
  copyBeside(data, to);
  const { events, head } = sound(to, 'the copy of the log');
  const backup = { made, events, position: head.position, seal: head.seal };
  writeFileSync(join(to, description), `${JSON.stringify(backup, null, 2)}\n`, { mode: 0o600 });
  sync(to, description);
  return backup;
}

/** Copies a backup into a new or empty data directory, if its log has the recorded seal. */
export function restoreBackup(from: string, data: string): Backup {
  const backup = described(from);
  const { head } = sound(from, 'the log of the backup');
  if (head.position !== backup.position || head.seal !== backup.seal) {
    throw new NotCopied(
      `the log of ${from} ends at position ${head.position} with another seal than ${description} states (position ${backup.position}): take another backup`,
    );
  }
  makeEmpty(data);
  for (const file of ['models.db', 'events.db'])
    if (existsSync(join(from, file))) copyDatabase(join(from, file), join(data, file));
  copyBeside(from, data);
  sound(data, 'the restored log');
  return backup;
}

function makeEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new NotCopied(`${directory} is not empty: give a new directory, or an empty one`);
  makeDirectory(directory);
}

/** One transaction reads one state of the database, although a server may commit meanwhile. */
function copyDatabase(from: string, to: string): void {
  makePrivateFile(to);
  const db = new DatabaseSync(from, { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
  sync(to);
}

function copyBeside(from: string, to: string): void {
  for (const name of beside)
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true });
}

function described(from: string): Backup {
  try {
    return JSON.parse(readFileSync(join(from, description), 'utf8')) as Backup;
  } catch (error) {
    throw new NotCopied(
      `${from} is no complete backup, because its ${description} cannot be read: ${(error as Error).message}`,
    );
  }
}

function sound(directory: string, what: string): VerifiedLog {
  const log = verifyLog(directory);
  if (log.problems.length > 0) throw new NotCopied(`${what} in ${directory} is damaged: ${log.problems[0]!.problem}`);
  return log;
}

/** Syncs, so that the files survive a power cut. */
function sync(...path: string[]): void {
  const file = openSync(join(...path), 'r');
  fsyncSync(file);
  closeSync(file);
}
