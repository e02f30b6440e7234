import { once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type FromThread, type Job, type JobAnswer, jobRunner, type ToThread } from './model-thread.js';
import { portError } from './connection.js';

/** Commits jobs, each as a whole or not at all, in order. */
export interface ModelsWriting {
  commit(job: Job): Promise<void>;
  /** Finishes the accepted work. */
  close(): Promise<void>;
}

/** Writes on the connection that also reads, because a database in memory belongs to one connection. */
export function writingHere(db: DatabaseSync): ModelsWriting {
  const run = jobRunner(db);
  return {
    async commit(job) {
      settle(run([job])[0]);
    },
    close: async () => undefined,
  };
}

/** Writes in a separate thread, beside the one that answers requests and records events. */
export function writingInThread(file: string, setUp: string): ModelsWriting {
  const pending = new Map<number, { resolve(): void; reject(error: unknown): void }>();
  let thread: Worker | undefined;
  let closing: Promise<void> | undefined;
  let last = 0;

  function started(): Worker {
    if (thread) return thread;
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./model-thread.${extension}`, import.meta.url), {
      workerData: { models: file, setUp },
      execArgv: [],
    });
    thread = worker;
    let reason: unknown;
    worker.on('message', ({ n, answer }: FromThread) => {
      const waiter = pending.get(n);
      pending.delete(n);
      // Only current work keeps the process alive.
      if (pending.size === 0) worker.unref();
      try {
        settle(answer);
        waiter?.resolve();
      } catch (error) {
        waiter?.reject(error);
      }
    });
    worker.on('error', (error) => (reason = error));
    worker.on('exit', () => {
      if (thread === worker) thread = undefined;
      const ended = new Error(`the thread that writes ${file} ended`, { cause: reason });
      for (const waiter of pending.values()) waiter.reject(ended);
      pending.clear();
    });
    return worker;
  }

  return {
    commit(job) {
      if (closing) return Promise.reject(new Error('the read models are closed'));
      return new Promise((resolve, reject) => {
        const n = (last += 1);
        const worker = started();
        pending.set(n, { resolve, reject });
        worker.ref();
        worker.postMessage({ n, job } satisfies ToThread);
      });
    },
    close: () =>
      (closing ??= (async () => {
        if (!thread) return;
        const worker = thread;
        worker.ref();
        worker.postMessage('close' satisfies ToThread);
        await once(worker, 'exit');
      })()),
  };
}

function settle(answer: JobAnswer): void {
  if (answer === undefined) return;
  const { message, errcode } = answer;
  throw portError(errcode === undefined ? new Error(message) : Object.assign(new Error(message), { errcode }));
}
