import {
  compareModelsOf,
  Handovers,
  type ProcessComparison,
  serviceNames,
  TOPOLOGY,
  type Topology,
} from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Unasked } from './verify.answers.js';

export type { Unasked } from './verify.answers.js';

/** Milliseconds in which a service that runs begins a comparison. */
const PATIENCE = 15_000;

/** The services that are processes of their own, each of which compares its own read models with the log. */
@Injectable()
export class OtherServices {
  constructor(
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(TOPOLOGY) private readonly topology: Topology,
  ) {}

  /** One after the other, because all read the same log. Empty if all services are in one process. */
  async compared(
    signal: AbortSignal | undefined,
    progress: (share: number) => void,
    patience = PATIENCE,
  ): Promise<(ProcessComparison | Unasked)[]> {
    const { name, whole } = this.topology;
    const others = whole ? [] : serviceNames.filter((service) => service !== name);
    const compared: (ProcessComparison | Unasked)[] = [];
    for (const [index, process] of others.entries()) {
      const watch = {
        patience,
        ...(signal && { signal }),
        progress: (done: number, total: number) => progress((index + (total > 0 ? done / total : 0)) / others.length),
      };
      try {
        compared.push(await this.handovers.give<ProcessComparison>(compareModelsOf(process), {}, watch));
      } catch (error) {
        signal?.throwIfAborted();
        compared.push({ process, problem: (error as Error).message });
      }
    }
    return compared;
  }
}

export const wasAsked = (other: ProcessComparison | Unasked): other is ProcessComparison => 'models' in other;
