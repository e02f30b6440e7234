import type { PipelineEvent } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';

export type QuarantineEvent = Extract<PipelineEvent, { type: `Row${string}` }>;
type Quarantined = Extract<QuarantineEvent, { type: 'RowQuarantined' }>['data'];
export type WaitingRow = Readonly<Quarantined>;
export type QuarantineCommand =
  | { readonly do: 'quarantine'; readonly row: WaitingRow }
  | { readonly do: 'release'; readonly quarantine: string; readonly source: string };

/** One row that waits, null when it does not: the same row with the same reason waits once, however often it is read. */
export const quarantineDecider: Decider<WaitingRow | null, QuarantineCommand, QuarantineEvent> = {
  category: 'quarantine',
  initial: null,
  decide(command, state) {
    if (command.do === 'release') {
      return state === null
        ? []
        : [{ type: 'RowReleased', data: { quarantine: command.quarantine, source: command.source } }];
    }
    const { row } = command;
    const same =
      state !== null && state.field === row.field && state.expected === row.expected && state.found === row.found;
    return same ? [] : [{ type: 'RowQuarantined', data: { ...row, raw: { ...row.raw } } }];
  },
  evolve: (_, event) => (event.type === 'RowQuarantined' ? event.data : null),
};
