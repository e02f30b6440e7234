import { behaviour } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { approvalDecider, type ApprovalEvent } from './approval.decider.js';
import { type HeldPay, releaseDecider, type ReleaseEvent } from './release.decider.js';

const pay: HeldPay = { of: 'deals', source: 'crm', id: 'D1', component: 'Commission', participant: null };
const approved: ReleaseEvent = { type: 'ReleaseApproved', data: { ...pay, date: '2025-03-31' } };

describe('Pay that waits for an approval', () => {
  const { given } = behaviour(releaseDecider);
  it('is released once, and held again when the approval is withdrawn', () => {
    given([]).when({ do: 'approve', pay, date: '2025-03-31' }).then([approved]);
    given([approved]).when({ do: 'approve', pay, date: '2025-04-30' }).then([]);
    given([approved])
      .when({ do: 'withdraw', pay })
      .then([{ type: 'ReleaseWithdrawn', data: pay }]);
    given([]).when({ do: 'withdraw', pay }).then([]);
  });
  it('of one participant is released apart from that of everybody', () => {
    given([approved])
      .when({ do: 'approve', pay: { ...pay, participant: 'ann' }, date: '2025-04-30' })
      .then([{ type: 'ReleaseApproved', data: { ...pay, participant: 'ann', date: '2025-04-30' } }]);
  });
});

describe('A statement', () => {
  const { given } = behaviour(approvalDecider);
  const approval = {
    participant: 'ann',
    period: '2025-01',
    amount: '1000.00',
    currency: 'USD',
    known: '2025-01-28T00:00:00.000Z',
  };
  const event: ApprovalEvent = { type: 'StatementApproved', data: approval };
  it('is approved once for its amount, and again when the amount changes', () => {
    given([]).when({ do: 'approve', approval }).then([event]);
    given([event])
      .when({ do: 'approve', approval: { ...approval, known: '2025-01-29T00:00:00.000Z' } })
      .then([]);
    given([event])
      .when({ do: 'approve', approval: { ...approval, amount: '1100.00' } })
      .then([{ ...event, data: { ...approval, amount: '1100.00' } }]);
  });
});
