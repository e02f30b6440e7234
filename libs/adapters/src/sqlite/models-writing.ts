import type { DatabaseSync } from 'node:sqlite';
import { type Job, type JobAnswer, jobRunner } from './model-thread.js';
import { portError } from './connection.js';
import { WorkerThread } from './worker-thread.js';

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
  const thread = new WorkerThread<Job, JobAnswer>('model-thread', { models: file, setUp }, `writes ${file}`);
  return {
    commit: async (job) => settle(await thread.ask(job)),
    close: () => thread.close(),
  };
}

function settle(answer: JobAnswer): void {
  if (answer === undefined) return;
  const { message, errcode } = answer;
  throw portError(errcode === undefined ? new Error(message) : Object.assign(new Error(message), { errcode }));
}
