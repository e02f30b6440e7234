import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Messages to the thread; `close` is the last. */
export type ToThread<Ask> = { n: number; ask: Ask } | 'close';
export interface FromThread<Answer> {
  n: number;
  answer: Answer;
}

/** Requests to a separate thread, which starts with the first of them and again after it ended. */
export class WorkerThread<Ask, Answer> {
  private readonly pending = new Map<number, { resolve(answer: Answer): void; reject(error: unknown): void }>();
  private thread: Worker | undefined;
  private closing: Promise<void> | undefined;
  private last = 0;

  /** `file` is beside this one, without its extension; `purpose` names the thread in errors. */
  constructor(
    private readonly file: string,
    private readonly data: object,
    private readonly purpose: string,
  ) {}

  ask(ask: Ask): Promise<Answer> {
    if (this.closing) return Promise.reject(new Error('the read models are closed'));
    return new Promise((resolve, reject) => {
      const n = (this.last += 1);
      const worker = (this.thread ??= this.started());
      this.pending.set(n, { resolve, reject });
      worker.ref();
      worker.postMessage({ n, ask } satisfies ToThread<Ask>);
    });
  }

  /** Finishes the accepted requests. */
  close(): Promise<void> {
    return (this.closing ??= this.ended());
  }

  private async ended(): Promise<void> {
    const worker = this.thread;
    if (!worker) return;
    worker.ref();
    worker.postMessage('close' satisfies ToThread<Ask>);
    await once(worker, 'exit');
  }

  private started(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./${this.file}.${extension}`, import.meta.url), {
      workerData: this.data,
      execArgv: [],
    });
    let reason: unknown;
    worker.on('message', ({ n, answer }: FromThread<Answer>) => {
      const waiter = this.pending.get(n);
      this.pending.delete(n);
      // Only current work keeps the process alive.
      if (this.pending.size === 0) worker.unref();
      waiter?.resolve(answer);
    });
    worker.on('error', (error) => (reason = error));
    worker.on('exit', () => {
      if (this.thread === worker) this.thread = undefined;
      const ended = new Error(`the thread that ${this.purpose} ended`, { cause: reason });
      for (const waiter of this.pending.values()) waiter.reject(ended);
      this.pending.clear();
    });
    return worker;
  }
}
