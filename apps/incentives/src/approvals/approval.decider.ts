import type { EventOf, statementApproved } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';

export type ApprovalEvent = EventOf<typeof statementApproved>;
export interface ApprovalCommand {
  readonly do: 'approve';
  readonly approval: ApprovalEvent['data'];
}

/** An amount of a statement is approved once; another amount needs another approval. */
export const approvalDecider: Decider<ApprovalEvent['data'] | null, ApprovalCommand, ApprovalEvent> = {
  category: 'approval',
  initial: null,
  decide: ({ approval }, state) =>
    state !== null && state.amount === approval.amount && state.currency === approval.currency
      ? []
      : [{ type: 'StatementApproved', data: approval }],
  evolve: (_, { data }) => data,
  concerned: ({ after }) => (after === null ? [] : [after.participant]),
};
