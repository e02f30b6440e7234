import { Inject, Injectable } from '@nestjs/common';
import { type ModelComparison, Turns } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { EventTransport } from '../event-transport.js';
import { Jobs, type JobView, type Working } from '../jobs/jobs.js';
import { TOPOLOGY, type Topology } from '../tokens.js';

export interface ProcessComparison {
  /** The process that compared its own read models. */
  process: string;
  models: ModelComparison[];
  /** No model differs from the log. */
  agrees: boolean;
}

const KIND = 'comparison';
const WHOLE = 1000;

/** Compares the read models of this process with the log. One comparison runs at a time. */
@Injectable()
export class ModelComparisons {
  #latest: string | undefined;

  constructor(
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(TOPOLOGY) private readonly topology: Topology,
  ) {}

  /** Answers the job that runs where one does. */
  start(actor: string): JobView {
    const running = this.#latest === undefined ? undefined : this.jobs.view(this.#latest);
    if (running?.state === 'running') return running;
    const { name } = this.topology;
    // A gateway finds by the id the process that runs the job.
    const id = `${KIND}-${name}-${newUuid()}`;
    const job = this.jobs.start({ id, kind: KIND, title: `Comparison of the read models of ${name} with the log`, actor }, (working) => this.#compared(working));
    this.#latest = id;
    return job;
  }

  async #compared({ progress, signal }: Working): Promise<ProcessComparison> {
    const turns = new Turns();
    const turn = async (): Promise<void> => {
      await turns.next();
      signal.throwIfAborted();
    };
    const models = await this.transport.compared({ turn, progress: (share) => progress(Math.round(share * WHOLE), WHOLE) });
    return { process: this.topology.name, models, agrees: models.every(({ differences }) => differences.length === 0) };
  }
}
