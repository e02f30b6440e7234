import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { adjustmentDecider, type AdjustmentEvent, type Proposal } from './adjustment.decider.js';

const { given } = behaviour(adjustmentDecider({ proposer: 'user:fin', isClosed: () => false }));
const { given: givenClosed } = behaviour(adjustmentDecider({ proposer: 'user:fin', isClosed: () => true }));
const proposal: Proposal = {
  adjustment: 'a1',
  participant: 'ann',
  period: '2025-02',
  amount: '50',
  plan: null,
  record: null,
  for: null,
  reason: 'forgotten',
};
const proposed: AdjustmentEvent = { type: 'AdjustmentProposed', data: proposal };
const approved: AdjustmentEvent = { type: 'AdjustmentApproved', data: { adjustment: 'a1', participant: 'ann' } };
const rejected: AdjustmentEvent = {
  type: 'AdjustmentRejected',
  data: { adjustment: 'a1', participant: 'ann', reason: 'no' },
};
const approve = { do: 'approve', adjustment: 'a1', by: 'user:boss' } as const;

describe('An adjustment by hand', () => {
  it('is proposed once, and approved by somebody else', () => {
    given([]).when({ do: 'propose', proposal, by: 'user:fin', approve: false }).then([proposed]);
    given([proposed]).when({ do: 'propose', proposal, by: 'user:fin', approve: false }).then([]);
    given([proposed]).when(approve).then([approved]);
    given([proposed, approved]).when(approve).then([]);
  });
  it('is refused if its id has other contents', () => {
    given([proposed])
      .when({ do: 'propose', proposal: { ...proposal, amount: '60' }, by: 'user:fin', approve: false })
      .then(refused('ADJUSTMENT_EXISTS'));
  });
  it('is not approved by its proposer, nor after its period has closed', () => {
    given([proposed])
      .when({ ...approve, by: 'user:fin' })
      .then(refused('SAME_PERSON'));
    givenClosed([proposed]).when(approve).then(refused('PERIOD_CLOSED'));
    given([]).when(approve).then(refused('ADJUSTMENT_UNKNOWN'));
  });
  it('is rejected with a reason, and then never approved', () => {
    given([proposed]).when({ do: 'reject', adjustment: 'a1', reason: 'no' }).then([rejected]);
    given([proposed, rejected]).when(approve).then(refused('ADJUSTMENT_DECIDED'));
  });
  it('is approved at once where no controls are asked for', () => {
    given([]).when({ do: 'propose', proposal, by: 'scenario', approve: true }).then([proposed, approved]);
  });
  it('concerns the pay of its participant', () => {
    expect(
      adjustmentDecider().concerned?.({
        id: 'a1',
        before: { proposal: null, state: 'none' },
        after: { proposal, state: 'proposed' },
      }),
    ).toEqual(['ann']);
  });
});
