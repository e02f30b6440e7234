import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Clock, Refused } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { type Observable, ReplaySubject } from 'rxjs';
import { CONFIG, type Config } from '../config.js';
import { LOG, type Log } from '../log.js';
import { answerTo, type FieldError } from '../problem.js';
import { tooLong } from '../too-long.js';
import { CLOCK } from '../tokens.js';
import type { JobView } from './jobs.answers.js';

export type { JobView } from './jobs.answers.js';

/** What a piece of long work is given. */
export interface Working {
  readonly id: string;
  /** Aborted by a cancellation or by the stop of the process; the work then ends early by throwing or returning. */
  readonly signal: AbortSignal;
  /** The amount done, in any unit with a known or estimated total, and the current part of the work. */
  progress(done: number, total: number, doing?: string): void;
  /** The result so far: of a running job, and of a stopped one. */
  report(soFar: unknown): void;
}
export interface JobStart {
  /**
   * The permanent name of the job, which begins with its kind so that a gateway finds its service; random by default.
   */
  id?: string;
  kind: string;
  title: string;
  actor: string;
  /** The time of its first start, if another process started it. */
  started?: string;
}
type Work = (working: Working) => Promise<unknown>;

interface Job {
  view: JobView;
  work: Work;
  begun: number;
  abort: AbortController;
  changes: ReplaySubject<JobView>;
  settled: Promise<void>;
}

/** The reason of an abort by a stopping process: nobody cancelled the work, so another process may continue it. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

const AT_ONCE = 8;
const KEPT = 200;

/**
 * Long work that outlives its request, such as imports. Its effects are in the store, so a job is only a view in
 * memory. After a crash the same request starts it again and does the missing part.
 */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  private readonly jobs = new Map<string, Job>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'STOP_SECONDS'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Returns at once. Refused with JOBS_BUSY if too many jobs run, and with JOB_RUNNING if one with this id does. */
  start({ kind, id = `${kind}-${newUuid()}`, title, actor, started = this.clock() }: JobStart, work: Work): JobView {
    if (this.jobs.get(id)?.view.state === 'running') throw new Refused('JOB_RUNNING', `The job ${id} is running.`);
    const view: JobView = {
      id,
      kind,
      title,
      actor,
      state: 'running',
      done: 0,
      total: 0,
      percent: null,
      secondsLeft: null,
      doing: null,
      started,
      ended: null,
      result: null,
      problem: null,
    };
    return this.run(view, work);
  }

  /** Undefined for an unknown job, or one that ended long ago. */
  view(id: string): JobView | undefined {
    return this.jobs.get(id)?.view;
  }

  list(): JobView[] {
    return [...this.jobs.values()].map(({ view }) => view).reverse();
  }

  /** The present view and one after each change, until the job ends. */
  changes(id: string): Observable<JobView> | undefined {
    return this.jobs.get(id)?.changes;
  }

  /** Resolves with the last view when the job ends. */
  async over(id: string): Promise<JobView | undefined> {
    const job = this.jobs.get(id);
    await job?.settled;
    return job?.view;
  }

  cancel(id: string): JobView | undefined {
    const job = this.jobs.get(id);
    if (job && job.view.state !== 'running') throw new Refused('JOB_OVER', `The job is ${job.view.state} already.`);
    job?.abort.abort(new Error('cancelled'));
    return job?.view;
  }

  /** Runs a cancelled or failed job again; finished parts record nothing new. */
  resume(id: string): JobView | undefined {
    const job = this.jobs.get(id);
    if (!job) return undefined;
    const { state } = job.view;
    if (state !== 'cancelled' && state !== 'failed') throw new Refused('JOB_NOT_STOPPED', `The job is ${state}.`);
    return this.run({ ...job.view, state: 'running', ended: null, problem: null, secondsLeft: null }, job.work);
  }

  /** Takes over a finished job of another process; `resume` runs `work` again. */
  adopt(view: JobView, work: Work): void {
    if (this.jobs.has(view.id)) return;
    const job: Job = {
      view,
      work,
      begun: performance.now(),
      abort: new AbortController(),
      changes: new ReplaySubject(1),
      settled: Promise.resolve(),
    };
    job.changes.next(view);
    job.changes.complete();
    this.jobs.set(view.id, job);
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const job of this.jobs.values()) job.abort.abort(new Stopping('stopping'));
    const settled = Promise.all([...this.jobs.values()].map((job) => job.settled));
    if (await tooLong(settled, this.config.STOP_SECONDS)) this.log.warn('Jobs did not stop in time');
  }

  private run(view: JobView, work: Work): JobView {
    this.makeRoom();
    const job: Job = {
      view,
      work,
      begun: performance.now(),
      abort: new AbortController(),
      changes: new ReplaySubject(1),
      settled: Promise.resolve(),
    };
    this.jobs.delete(view.id);
    this.jobs.set(view.id, job);
    job.changes.next(view);
    // Starts after this call has returned, so that no listener sees the end before the beginning.
    job.settled = new Promise((resolve) => setImmediate(resolve)).then(() => this.do(job));
    return view;
  }

  private async do(job: Job): Promise<void> {
    const { signal } = job.abort;
    const report = (result: unknown) => job.view.state === 'running' && this.changed(job, { result });
    const progress = (done: number, total: number, doing = job.view.doing) => {
      if (job.view.state !== 'running') return;
      const share = total > 0 ? Math.min(1, done / total) : null;
      const seconds = (performance.now() - job.begun) / 1000;
      const secondsLeft = share ? Math.round((seconds / share) * (1 - share)) : null;
      this.changed(job, { done, total, percent: share === null ? null : Math.floor(share * 100), secondsLeft, doing });
    };
    try {
      signal.throwIfAborted();
      const result = (await job.work({ id: job.view.id, signal, progress, report })) ?? null;
      if (signal.aborted)
        this.changed(job, { state: 'cancelled', ended: this.clock(), result, secondsLeft: null, doing: null });
      else
        this.changed(job, {
          state: 'finished',
          ended: this.clock(),
          result,
          percent: 100,
          secondsLeft: 0,
          doing: null,
        });
    } catch (error) {
      const { code, detail, errors, unexpected } = answerTo(error);
      if (signal.aborted)
        this.changed(job, { state: 'cancelled', ended: this.clock(), secondsLeft: null, doing: null });
      else {
        if (unexpected) this.log.failure('A job failed', error, { job: job.view.id, kind: job.view.kind });
        this.changed(job, {
          state: 'failed',
          ended: this.clock(),
          problem: { code, detail: explained(detail, errors), ...(errors && { errors }) },
          secondsLeft: null,
        });
      }
    }
    job.changes.complete();
  }

  private changed(job: Job, change: Partial<JobView>): void {
    job.view = { ...job.view, ...change };
    job.changes.next(job.view);
  }

  private makeRoom(): void {
    const over = [...this.jobs.values()].filter(({ view }) => view.state !== 'running');
    if (this.jobs.size - over.length >= AT_ONCE)
      throw new Refused('JOBS_BUSY', `${AT_ONCE} jobs are running; wait for one of them.`);
    for (const { view } of over.slice(0, Math.max(0, over.length - KEPT))) this.jobs.delete(view.id);
  }
}

/** Joins the errors into one sentence, because a job is read long after its request. */
function explained(detail: string, errors: readonly FieldError[] = []): string {
  if (errors.length === 0) return detail;
  const first = errors.slice(0, 5).map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const more = errors.length > first.length ? `; and ${errors.length - first.length} more` : '';
  return `${detail.replace(/\.$/, '')}: ${first.join('; ')}${more}`;
}
