import type { adjustmentApproved, adjustmentProposed, adjustmentRejected, EventOf } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

export type AdjustmentEvent =
  EventOf<typeof adjustmentProposed> | EventOf<typeof adjustmentApproved> | EventOf<typeof adjustmentRejected>;
export type Proposal = EventOf<typeof adjustmentProposed>['data'];
export type AdjustmentCommand =
  /** `approve`: at once, where no controls are asked for. */
  | { readonly do: 'propose'; readonly proposal: Proposal; readonly by: string; readonly approve: boolean }
  | { readonly do: 'approve'; readonly adjustment: string; readonly by: string }
  | { readonly do: 'reject'; readonly adjustment: string; readonly reason: string };
export interface AdjustmentState {
  readonly proposal: Proposal | null;
  readonly state: 'none' | 'proposed' | 'approved' | 'rejected';
}

/** What a decision needs beside its stream: the proposer of an adjustment, and whether a period is closed. */
export interface Beside {
  readonly proposer: string | undefined;
  readonly isClosed: (period: string) => boolean;
}

/** Nobody approves an own proposal, nor an adjustment of own pay. */
export function adjustmentDecider(
  beside: Beside = { proposer: undefined, isClosed: () => false },
): Decider<AdjustmentState, AdjustmentCommand, AdjustmentEvent> {
  return {
    category: 'adjustment',
    initial: { proposal: null, state: 'none' },
    decide: (command, state) => decided(command, state, beside),
    evolve(state, { type, data }) {
      if (type === 'AdjustmentProposed') return { proposal: data, state: 'proposed' };
      return { ...state, state: type === 'AdjustmentApproved' ? 'approved' : 'rejected' };
    },
    concerned: ({ after: { proposal } }) => (proposal === null ? [] : [proposal.participant]),
  };
}

function decided(
  command: AdjustmentCommand,
  { proposal, state }: AdjustmentState,
  { proposer, isClosed }: Beside,
): readonly AdjustmentEvent[] {
  if (command.do === 'propose') {
    const { adjustment } = command.proposal;
    if (proposal !== null) {
      if (JSON.stringify(proposal) === JSON.stringify(command.proposal)) return [];
      throw new Refused('ADJUSTMENT_EXISTS', `the adjustment ${adjustment} exists with other terms; use another id`, {
        adjustment,
      });
    }
    return [
      { type: 'AdjustmentProposed', data: command.proposal },
      ...(command.approve
        ? [{ type: 'AdjustmentApproved' as const, data: { adjustment, participant: command.proposal.participant } }]
        : []),
    ];
  }
  const { adjustment } = command;
  if (proposal === null)
    throw new Refused('ADJUSTMENT_UNKNOWN', `there is no adjustment ${adjustment}`, { adjustment });
  const { participant } = proposal;
  const wanted = command.do === 'approve' ? 'approved' : 'rejected';
  if (state === wanted) return [];
  if (state !== 'proposed')
    throw new Refused('ADJUSTMENT_DECIDED', `the adjustment ${adjustment} is ${state} already`, { adjustment, state });
  if (command.do === 'reject')
    return [{ type: 'AdjustmentRejected', data: { adjustment, participant, reason: command.reason } }];
  if (proposer === command.by)
    throw new Refused(
      'SAME_PERSON',
      `${command.by} proposed the adjustment ${adjustment}; somebody else must approve it`,
      { adjustment },
    );
  if (isClosed(proposal.period))
    throw new Refused(
      'PERIOD_CLOSED',
      `${proposal.period} is closed: propose the adjustment for an open period, with \`for: ${proposal.period}\``,
      { period: proposal.period },
    );
  return [{ type: 'AdjustmentApproved', data: { adjustment, participant } }];
}
