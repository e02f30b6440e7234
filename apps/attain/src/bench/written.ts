import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Bytes that this process has sent to its disks so far, as the system counts them; undefined where it does not. */
export function bytesWritten(): number | undefined {
  try {
    return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** What the log of a data directory holds: its events, and the bytes of its file. */
export function logOf(data: string): { events: number; bytes: number } {
  const file = join(data, 'events.db');
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    db.exec('PRAGMA query_only = ON');
    const { events } = db.prepare('SELECT coalesce(max(position + count - 1), 0) AS events FROM chunk').get() as {
      events: number;
    };
    const { bytes } = db
      .prepare('SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes')
      .get() as { bytes: number };
    return { events, bytes: Math.max(bytes, statSync(file).size) };
  } finally {
    db.close();
  }
}
