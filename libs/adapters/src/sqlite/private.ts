import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;
const STICKY = 0o1000;
/** The files of a data directory; other files in it may belong to other programs. */
const own =
  /^((events|models)\.db(-wal|-shm|-journal)?|lock(-journal)?|lock\.pid|clock\.json(\.now)?|imported\.sha256)$/;

/** Creates an empty file that only its owner can read; SQLite gives its log and its shared memory the same permissions. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Restricts a data directory and its files to their owner, because they contain pay. Returns the paths that were open to others,
 * and those that still are: they belong to another user, or the directory is shared, such as /tmp.
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
