import type { JobView, ProcessComparison } from '@attain/service';
import type { Api } from './api.js';
import { progress, type Terminal } from './terminal.js';

/** As the gateway names them. */
export const serviceNames = ['planning', 'pipeline', 'incentives', 'forecasting', 'reporting'] as const;

/** A process that did not compare its read models, and why. */
export interface Unasked {
  process: string;
  problem: string;
}

/** Lets every service but one compare its own read models: one after the other, because all of them read the same log. */
export async function comparedByOthers(api: Api, but: string, terminal: Terminal): Promise<(ProcessComparison | Unasked)[]> {
  const others: (ProcessComparison | Unasked)[] = [];
  for (const process of serviceNames.filter((name) => name !== but)) {
    const bar = progress(terminal, `Comparing ${process}`);
    try {
      const { id } = await api.send<JobView>(`/models/${process}/comparison`, {});
      others.push(await api.follow<ProcessComparison>(id, bar));
    } catch (error) {
      others.push({ process, problem: (error as Error).message });
    } finally {
      bar.stop();
    }
  }
  return others;
}

export const wasAsked = (other: ProcessComparison | Unasked): other is ProcessComparison => 'models' in other;
