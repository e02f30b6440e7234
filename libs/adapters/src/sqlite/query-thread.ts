import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread } from './worker-thread.js';

// This file runs as a separate thread, also from the sources, so it imports no file of this program.

export interface Asked {
  sql: string;
  values: SQLInputValue[];
}
export type Found = { rows: Record<string, unknown>[] } | { message: string; errcode?: number };

interface ThreadData {
  reads: string;
  /** SQL that sets the connection up. */
  setUp: string;
}

const data = workerData as ThreadData | null;
if (parentPort && typeof data?.reads === 'string') {
  const port = parentPort;
  const db = new DatabaseSync(data.reads, { readOnly: true });
  db.exec(data.setUp);
  const found = ({ sql, values }: Asked): Found => {
    try {
      return { rows: db.prepare(sql).all(...values) };
    } catch (error) {
      const { message, errcode } = error as Error & { errcode?: number };
      return { message, ...(errcode !== undefined && { errcode }) };
    }
  };
  port.on('message', (message: ToThread<Asked>) => {
    if (message === 'close') {
      db.close();
      port.close();
      return;
    }
    port.postMessage({ n: message.n, answer: found(message.ask) } satisfies FromThread<Found>);
  });
}
