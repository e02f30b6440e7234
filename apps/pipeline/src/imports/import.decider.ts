import type { PipelineEvent } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';

export type ImportEvent = Extract<PipelineEvent, { type: `Import${string}` }>;
export interface ImportCounts {
  readonly rows: number;
  readonly opened: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly retracted: number;
  readonly quarantined: number;
}
export type ImportCommand =
  | {
      readonly do: 'start';
      readonly import: string;
      readonly source: string;
      readonly files: readonly string[];
      readonly complete: boolean;
    }
  | { readonly do: 'finish'; readonly import: string; readonly source: string; readonly counts: ImportCounts };
export type ImportState = 'none' | 'running' | 'finished';

/** One run: started with its first effect and finished with its counts. A run without changes records no event. */
export const importDecider: Decider<ImportState, ImportCommand, ImportEvent> = {
  category: 'import',
  initial: 'none',
  decide(command, state) {
    if (command.do === 'start') {
      const { import: id, source, files, complete } = command;
      return state === 'none'
        ? [{ type: 'ImportStarted', data: { import: id, source, files: [...files], complete } }]
        : [];
    }
    return state === 'running'
      ? [{ type: 'ImportFinished', data: { import: command.import, source: command.source, ...command.counts } }]
      : [];
  },
  evolve: (_, { type }) => (type === 'ImportStarted' ? 'running' : 'finished'),
};
