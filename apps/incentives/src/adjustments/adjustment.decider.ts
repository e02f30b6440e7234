import type { adjustmentApproved, adjustmentProposed, adjustmentRejected, EventOf } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

export type AdjustmentEvent = EventOf<typeof adjustmentProposed> | EventOf<typeof adjustmentApproved> | EventOf<typeof adjustmentRejected>;
export type Proposal = EventOf<typeof adjustmentProposed>['data'];
export type AdjustmentCommand =
  /** `approve`: at once, where no controls are asked for. */
  | { readonly do: 'propose'; readonly proposal: Proposal; readonly by: string; readonly approve: boolean }
  | { readonly do: 'approve'; readonly adjustment: string; readonly by: string; /** Whether its period is closed by now. */ readonly isClosed: (period: string) => boolean }
  | { readonly do: 'reject'; readonly adjustment: string; readonly reason: string };
export interface AdjustmentState {
  readonly proposal: Proposal | null;
  readonly state: 'none' | 'proposed' | 'approved' | 'rejected';
}

/** `proposer`: who proposed an adjustment, as the log tells it; nobody approves an own proposal, nor an adjustment of own pay. */
export function adjustmentDecider(proposer: (adjustment: string) => string | undefined = () => undefined): Decider<AdjustmentState, AdjustmentCommand, AdjustmentEvent> {
  return {
    category: 'adjustment',
    initial: { proposal: null, state: 'none' },
    decide: (command, state) => decided(command, state, proposer),
    evolve(state, { type, data }) {
      if (type === 'AdjustmentProposed') return { proposal: data, state: 'proposed' };
      return { ...state, state: type === 'AdjustmentApproved' ? 'approved' : 'rejected' };
    },
    concerned: ({ after: { proposal } }) => (proposal === null ? [] : [proposal.participant]),
  };
}

function decided(command: AdjustmentCommand, { proposal, state }: AdjustmentState, proposer: (adjustment: string) => string | undefined): readonly AdjustmentEvent[] {
  if (command.do === 'propose') {
    const { adjustment } = command.proposal;
    if (proposal !== null) {
      if (JSON.stringify(proposal) === JSON.stringify(command.proposal)) return [];
      throw new Refused('ADJUSTMENT_EXISTS', `the adjustment ${adjustment} says something else; give this one another id`, { adjustment });
    }
    return [{ type: 'AdjustmentProposed', data: command.proposal }, ...(command.approve ? [{ type: 'AdjustmentApproved' as const, data: { adjustment, participant: command.proposal.participant } }] : [])];
  }
  const { adjustment } = command;
  if (proposal === null) throw new Refused('ADJUSTMENT_UNKNOWN', `there is no adjustment ${adjustment}`, { adjustment });
  const { participant } = proposal;
  const wanted = command.do === 'approve' ? 'approved' : 'rejected';
  if (state === wanted) return [];
  if (state !== 'proposed') throw new Refused('ADJUSTMENT_DECIDED', `the adjustment ${adjustment} is ${state} already`, { adjustment, state });
  if (command.do === 'reject') return [{ type: 'AdjustmentRejected', data: { adjustment, participant, reason: command.reason } }];
  if (proposer(adjustment) === command.by) throw new Refused('SAME_PERSON', `${command.by} proposed the adjustment ${adjustment}; somebody else must approve it`, { adjustment });
  if (command.isClosed(proposal.period)) throw new Refused('PERIOD_CLOSED', `${proposal.period} is closed: propose the adjustment for an open period, with \`for: ${proposal.period}\``, { period: proposal.period });
  return [{ type: 'AdjustmentApproved', data: { adjustment, participant } }];
}
