import type { PipelineEvent, Warning } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';

export type ReadingEvent = Extract<PipelineEvent, { type: 'ReadingWarned' }>;
export interface ReadingCommand {
  readonly do: 'warn';
  readonly source: string;
  readonly as: string;
  readonly warnings: readonly Warning[];
}

/** The readings of the latest export of a source and kind; the same readings again are not recorded. */
export const readingDecider: Decider<readonly unknown[], ReadingCommand, ReadingEvent> = {
  category: 'reading',
  initial: [],
  decide({ source, as, warnings }, known) {
    if (canonicalJson(known) === canonicalJson(warnings)) return [];
    return [{ type: 'ReadingWarned', data: { source, as, warnings: [...warnings] } }];
  },
  evolve: (_, { data }) => data.warnings,
};
