import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;
const STICKY = 0o1000;
/** What a data directory of ours holds; anything else in it is somebody else's to share. */
const own =
  /^((events|models)\.db(-wal|-shm|-journal)?|lock(-journal)?|lock\.pid|clock\.json(\.now)?|imported\.sha256)$/;

/** Makes an empty file that nobody else reads; SQLite gives its log and its shared memory the same permissions. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Takes a data directory and its files from everybody but their owner, since they hold pay. Answers what was open to others,
 * and what still is: it belongs to another user, or is a directory that many share, such as /tmp.
 */
export function makePrivate(directory: string): { closed: string[]; open: string[] } {
  const found = { closed: [] as string[], open: [] as string[] };
  const files = readdirSync(directory).filter((name) => own.test(name));
  for (const path of [directory, ...files.map((name) => join(directory, name))]) {
    const { mode } = lstatSync(path);
    const isLink = (mode & 0o170000) === 0o120000;
    if (isLink || (mode & OTHERS) === 0) continue;
    found[(mode & STICKY) === 0 && closed(path, mode & 0o700) ? 'closed' : 'open'].push(path);
  }
  return found;
}

function closed(path: string, mode: number): boolean {
  try {
    chmodSync(path, mode);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return false;
  }
}
