import { type Document, type ReadModels, Refused } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { Stopping } from '../jobs/jobs.js';
import { KeptTable } from '../kept-table.js';
import { LOG, type Log } from '../log.js';
import { READ_MODELS, TOPOLOGY, type Topology } from '../tokens.js';
import { asProblem, fromProblem, type HandedProblem } from './handed-problem.js';
import { Parcels } from './parcels.js';

export interface HandoverWatch {
  readonly signal?: AbortSignal;
  /** Names the order, so that a restarted process waits for its answer instead of giving it again. */
  readonly name?: string;
  /**
   * Milliseconds without a worker after which the work fails; default ten minutes, within which a process can restart.
   */
  readonly patience?: number;
  progress?(done: number, total: number): void;
}
export interface Taking {
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
}
/** Does the work of an order; after a crash it is called again and does the missing part. */
export type Taker = (order: never, taking: Taking) => Promise<unknown>;

interface Handover extends Document {
  readonly key: string;
  readonly kind: string;
  readonly state: 'asked' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Milliseconds since 1970 when the worker was last seen; before there is one, when the work was ordered. */
  readonly beat: number;
  readonly worker: string | null;
  readonly done: number;
  readonly total: number;
  /** The number of pieces of the parcels `order-KEY` and `answer-KEY`. */
  readonly order: number;
  readonly answer: number;
  readonly problem: HandedProblem | null;
}

/** Milliseconds. */
export interface HandoverPace {
  /** Between two looks at the table. */
  readonly look: number;
  readonly beat: number;
  /** The time after which a worker without a beat counts as dead. */
  readonly dead: number;
  /** The time without a worker after which the work fails. */
  readonly patience: number;
}
const HANDOVER_PACE = Symbol('HANDOVER_PACE');
/** Milliseconds after which an answer is no longer fetched. */
const ABANDONED = 24 * 3_600_000;
const PACE: HandoverPace = { look: 250, beat: 2_000, dead: 20_000, patience: 600_000 };

/**
 * Work that one service does for another, such as a part of a folder's import: an order and its answer, in the same
 * process or through a shared table. It is not an event, because nothing has happened yet; its effects are events of
 * the service that does the work.
 */
@Injectable()
export class Handovers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly takers = new Map<string, Taker>();
  private readonly table: KeptTable<Handover>;
  private readonly worker = newUuid();
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(Parcels) private readonly parcels: Parcels,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(LOG) private readonly log: Log,
    @Optional() @Inject(HANDOVER_PACE) private readonly pace: HandoverPace = PACE,
  ) {
    this.table = new KeptTable(models, 'handovers');
  }

  /** Registers this process for the work of a kind. */
  take<Order>(kind: string, taker: (order: Order, taking: Taking) => Promise<unknown>): void {
    this.takers.set(kind, taker as Taker);
  }

  /** Orders work, done here or by another process; rejects with the worker's error. */
  async give<Answer>(
    kind: string,
    order: unknown,
    {
      signal = this.stopping.signal,
      name = newUuid(),
      patience = this.pace.patience,
      progress = () => undefined,
    }: HandoverWatch = {},
  ): Promise<Answer> {
    signal.throwIfAborted();
    const taker = this.takers.get(kind);
    if (taker) return (await taker(order as never, { signal, progress })) as Answer;
    if (this.topology.embedded) throw new Refused('NOT_SUPPORTED', `no service of this process takes ${kind}`);
    const key = `${kind}-${name}`;
    const given = (await this.table.get(key))?.state;
    if (given === undefined || given === 'failed' || given === 'cancelled') {
      const pieces = await this.parcels.putJson(`order-${key}`, order);
      await this.table.change([key], () => ({
        key,
        kind,
        state: 'asked',
        beat: Date.now(),
        worker: null,
        done: 0,
        total: 0,
        order: pieces,
        answer: 0,
        problem: null,
      }));
    }
    try {
      return (await this.answered(key, { signal, patience, progress })) as Answer;
    } finally {
      if (!(signal.reason instanceof Stopping)) await this.removed(key);
    }
  }

  onApplicationBootstrap(): void {
    if (this.topology.embedded || this.topology.guest || this.takers.size === 0) return;
    this.loop = this.work();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Stopping('stopping'));
    await this.loop;
    await Promise.all(this.running);
  }

  private async answered(
    key: string,
    { signal, patience, progress }: Required<Omit<HandoverWatch, 'name'>>,
  ): Promise<unknown> {
    for (;;) {
      const found = await this.table.get(key);
      if (!found) throw new Error(`the handover ${key} is gone`);
      progress(found.done, found.total);
      if (found.state === 'done') return this.parcels.readJson(`answer-${key}`, found.answer);
      if (found.state === 'failed') throw fromProblem(found.problem!);
      if (Date.now() - found.beat > patience)
        throw fromProblem({ code: 'NOT_READY', detail: `Nobody works on ${found.kind}: is its service running?` });
      if (signal.aborted) {
        if (signal.reason instanceof Stopping) throw signal.reason;
        await this.table.change([key], (known) => known && { ...known, state: 'cancelled' });
        signal.throwIfAborted();
      }
      await pause(this.pace.look, signal);
    }
  }

  private async removed(key: string): Promise<void> {
    await this.table.change([key], () => undefined);
    await this.parcels.remove(`order-${key}`);
    await this.parcels.remove(`answer-${key}`);
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        for (const found of await this.table.find({ filter: { kind: { in: [...this.takers.keys()] } } })) {
          if (this.isOpen(found)) await this.begin(found);
          else if (Date.now() - found.beat > ABANDONED) await this.removed(found.key);
        }
      } catch (error) {
        this.log.failure('Work that another service asks for could not be looked at', error);
        await pause(this.pace.beat, signal);
      }
      await pause(this.pace.look, signal);
    }
  }

  private isOpen({ state, beat }: Handover): boolean {
    return state === 'asked' || (state === 'running' && Date.now() - beat > this.pace.dead);
  }

  private async begin({ key }: Handover): Promise<void> {
    const claim = (known: Handover | undefined) =>
      known && this.isOpen(known)
        ? { ...known, state: 'running' as const, worker: this.worker, beat: Date.now() }
        : known;
    await this.table.change([key], claim);
    const claimed = await this.table.get(key);
    if (claimed?.worker !== this.worker || claimed.state !== 'running') return;
    const running = this.do(claimed).catch((error: unknown) =>
      this.log.failure('Work that another service asks for broke off', error, { kind: claimed.kind }),
    );
    this.running.add(running);
    void running.finally(() => this.running.delete(running));
  }

  private async do({ key, kind, order }: Handover): Promise<void> {
    const abort = new AbortController();
    const stop = () => abort.abort(this.stopping.signal.reason);
    this.stopping.signal.addEventListener('abort', stop, { once: true });
    if (this.stopping.signal.aborted) stop();
    let [done, total] = [0, 0];
    const mine = (change: Partial<Handover>) =>
      this.table.change([key], (known) => {
        if (known?.worker !== this.worker || known.state !== 'running') abort.abort(new Error('cancelled'));
        return known && known.worker === this.worker && known.state === 'running'
          ? { ...known, ...change, beat: Date.now() }
          : known;
      });
    const beating = setInterval(() => void mine({ done, total }).catch(() => undefined), this.pace.beat);
    try {
      const taken = await this.parcels.readJson(`order-${key}`, order);
      // A taker with an aborted signal would wait for an abort event that has already happened.
      abort.signal.throwIfAborted();
      const answer = await this.takers.get(kind)!(taken as never, {
        signal: abort.signal,
        progress: (now, all) => void ([done, total] = [now, all]),
      });
      if (!abort.signal.aborted)
        await mine({ state: 'done', answer: await this.parcels.putJson(`answer-${key}`, answer), done: total, total });
    } catch (error) {
      // The next worker does it again.
      if (this.stopping.signal.aborted) await mine({ state: 'asked', worker: null });
      else if (!abort.signal.aborted) await mine({ state: 'failed', problem: asProblem(error, this.log) });
    } finally {
      clearInterval(beating);
      this.stopping.signal.removeEventListener('abort', stop);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
