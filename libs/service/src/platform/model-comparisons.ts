import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Turns } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { EventTransport } from '../event-transport.js';
import { Handovers, type Taking } from '../handover/handovers.js';
import { Jobs, type JobView } from '../jobs/jobs.js';
import { TOPOLOGY, type Topology } from '../tokens.js';
import type { ProcessComparison } from './platform.answers.js';

export type { ProcessComparison } from './platform.answers.js';

/** As the gateway names them. */
export const serviceNames = ['planning', 'pipeline', 'incentives', 'forecasting', 'reporting'] as const;

/** The kind of the handover by which a service compares its own read models. */
export function compareModelsOf(service: string): string {
  return `${service}.models`;
}

const KIND = 'comparison';
const WHOLE = 1000;

/** Compares the read models of this process with the log. One comparison runs at a time. */
@Injectable()
export class ModelComparisons implements OnModuleInit {
  private latest: string | undefined;

  constructor(
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(Handovers) private readonly handovers: Handovers,
  ) {}

  onModuleInit(): void {
    if (!this.topology.whole)
      this.handovers.take(compareModelsOf(this.topology.name), (_: object, taking) => this.compared(taking));
  }

  /** Returns the running job if there is one. */
  start(actor: string): JobView {
    const running = this.latest === undefined ? undefined : this.jobs.view(this.latest);
    if (running?.state === 'running') return running;
    const { name } = this.topology;
    // A gateway finds the process that runs a job by the job's id.
    const id = `${KIND}-${name}-${newUuid()}`;
    const job = this.jobs.start(
      { id, kind: KIND, title: `Comparison of the read models of ${name} with the log`, actor },
      (working) => this.compared(working),
    );
    this.latest = id;
    return job;
  }

  private async compared({ progress, signal }: Taking): Promise<ProcessComparison> {
    const turns = new Turns();
    const turn = async (): Promise<void> => {
      await turns.next();
      signal.throwIfAborted();
    };
    const models = await this.transport.compared({
      turn,
      progress: (share) => progress(Math.round(share * WHOLE), WHOLE),
    });
    return { process: this.topology.name, models, agrees: models.every(({ differences }) => differences.length === 0) };
  }
}
