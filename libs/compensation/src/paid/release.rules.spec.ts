import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';
import { instalmentsOf } from './instalments.rules.js';

const deal = { source: 'crm', id: 'D1' };
const paying = (release: unknown, more: object = {}) =>
  new Story({ fields: { goLive: 'date' }, ...more })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', rate: '10%', release }] })
    .at('2025-01-10')
    .sold('ann', 'D1', 10000, '2025-01-10', { goLive: '2025-03-05' });
const paid = (story: Story, id: string, amount: string, date: string) =>
  story.record(`payment-erp:${id}`, {
    type: 'PaymentRecorded',
    data: { source: 'erp', id, deal, invoice: null, fields: { amount, paid: date } },
  });
const lines = (story: Story, period: string) =>
  story
    .history()
    .statement({ participant: 'ann', period })
    .lines.map(({ kind, payable, earned, cause, date }) => [kind, payable, earned, cause?.kind ?? date]);
const held = (story: Story, period: string) => story.history().statement({ participant: 'ann', period }).held;

describe('pay that waits for the customer', () => {
  it('is held, and released as the customer pays, to the cent', () => {
    const story = paying('payment').close('2025-01');
    paid(story.at('2025-02-10'), 'P1', '3333.33', '2025-02-10');
    expect(lines(story, '2025-01')).toEqual([
      ['earning', '1000.00', '1000.00', '2025-01-10'],
      ['hold', '-1000.00', '0.00', '2025-01-10'],
    ]);
    expect(lines(story, '2025-02')).toEqual([['release', '333.33', '0.00', '2025-02-10']]);
    expect(held(story, '2025-01')).toEqual([{ plan: 'AE', currency: 'USD', amount: '1000.00' }]);
    expect(held(story, '2025-02')).toEqual([{ plan: 'AE', currency: 'USD', amount: '666.67' }]);
  });
  it('is a difference of the closed month where the payment was made in it and became known later', () => {
    const story = paying('payment').close('2025-01');
    paid(story.at('2025-02-10'), 'P1', '5000', '2025-01-20');
    expect(lines(story, '2025-02')).toEqual([['difference', '500.00', '0.00', 'paid']]);
  });
  it('has no line for held pay that is no longer earned', () => {
    const story = paying('payment').close('2025-01').at('2025-02-10').cancel('D1', '2025-02-09');
    expect(lines(story, '2025-02')).toEqual([['difference', '0.00', '-1000.00', 'cancelled']]);
    expect(held(story, '2025-02')).toEqual([{ plan: 'AE', currency: 'USD', amount: '0.00' }]);
  });
  it('counts a payment once that was corrected before its deal was known', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', rate: '10%', release: 'payment' }] });
    paid(paid(story.at('2025-01-10'), 'P1', '2000', '2025-01-20'), 'P1', '3000', '2025-01-20').sold(
      'ann',
      'D1',
      10000,
      '2025-01-10',
    );
    expect(held(story, '2025-01')).toEqual([{ plan: 'AE', currency: 'USD', amount: '700.00' }]);
  });
  it('counts a refund neither as received nor as owed', () => {
    const story = paying('payment', { measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'kept' } } });
    paid(story, 'P1', '6000', '2025-01-20').cancel('D1', '2025-01-25', 2000, 'refunded');
    expect(lines(story, '2025-01')).toEqual([
      ['earning', '1000.00', '1000.00', '2025-01-10'],
      ['hold', '-500.00', '0.00', '2025-01-10'],
    ]);
  });
  it('counts the payments of the deal’s invoices', () => {
    const story = paying('payment').record('invoice-erp:I1', {
      type: 'InvoiceRecorded',
      data: { source: 'erp', id: 'I1', deal, fields: { date: '2025-01-12', amount: '10000' } },
    });
    story.record('payment-erp:P1', {
      type: 'PaymentRecorded',
      data: {
        source: 'erp',
        id: 'P1',
        deal: null,
        invoice: { source: 'erp', id: 'I1' },
        fields: { amount: '4000', paid: '2025-01-20' },
      },
    });
    expect(lines(story, '2025-01')[1]).toEqual(['hold', '-600.00', '0.00', '2025-01-10']);
  });
  it('states the condition of its release and the payments so far', () => {
    const story = paid(paying('payment'), 'P1', '5000', '2025-01-20');
    const { trace } = story.history().statement({ participant: 'ann', period: '2025-01' }).lines[1]!;
    expect(trace.rule).toBe(
      'AE 1, Commission: held 500 USD, 0 USD before: 50% of 1000 USD released; waits for the customer’s payment',
    );
    expect(trace.inputs.map(({ what, value }) => `${what} ${value}`)).toContain('paid 5000 USD on 2025-01-20');
  });
});

describe('pay that waits for a day', () => {
  it('is released on the date of a field, and on another one when that changes', () => {
    const story = paying('goLive');
    expect(lines(story, '2025-03')).toEqual([['release', '1000.00', '0.00', '2025-03-05']]);
    expect(lines(story.amend('D1', { goLive: '2025-04-02' }), '2025-03')).toEqual([]);
  });
  it('is released a time after its credit', () => {
    expect(lines(paying({ after: '30 days' }), '2025-02')).toEqual([['release', '1000.00', '0.00', '2025-02-09']]);
  });
  it('is released part by part', () => {
    const story = paying([
      { share: '50%', on: 'closed' },
      { share: '50%', on: 'payment' },
    ]);
    expect(lines(story, '2025-01')[1]).toEqual(['hold', '-500.00', '0.00', '2025-01-10']);
    expect(lines(paid(story, 'P1', '2000', '2025-02-03'), '2025-02')).toEqual([
      ['release', '100.00', '0.00', '2025-02-03'],
    ]);
  });
});

describe('pay that waits for an approval', () => {
  const of = { of: 'deals', ...deal, component: 'Commission', participant: null } as const;
  it('is released when it is approved, and held again when the approval is withdrawn', () => {
    const story = paying('approval').close('2025-01');
    story.at('2025-02-12').record('release-crm:D1', { type: 'ReleaseApproved', data: { ...of, date: '2025-02-12' } });
    expect(lines(story, '2025-02')).toEqual([['release', '1000.00', '0.00', '2025-02-12']]);
    expect(lines(story.record('release-crm:D1', { type: 'ReleaseWithdrawn', data: of }), '2025-02')).toEqual([]);
  });
  it('is not released by an approval of another component or participant', () => {
    const story = paying('approval').record('release-crm:D1', {
      type: 'ReleaseApproved',
      data: { ...of, component: 'Other', date: '2025-01-12' },
    });
    story.record('release-crm:D1', {
      type: 'ReleaseApproved',
      data: { ...of, participant: 'bob', date: '2025-01-12' },
    });
    expect(lines(story, '2025-01')[1]).toEqual(['hold', '-1000.00', '0.00', '2025-01-10']);
  });
});

describe('the condition of a hold', () => {
  const of = { of: 'deals', ...deal, component: 'Commission' } as const;
  const rule = (release: unknown) => {
    const line = paying(release)
      .history()
      .statement({ participant: 'ann', period: '2025-01' })
      .lines.find(({ kind }) => kind === 'hold')!;
    return line.trace.rule.split('waits for ')[1];
  };
  it('is named: a payment, an approval, the field of a date, a time, and the share of each', () => {
    expect(rule('payment')).toBe('the customer’s payment');
    expect(rule('approval')).toBe('an approval');
    expect(rule('goLive')).toBe('goLive');
    expect(rule({ after: '30 days' })).toBe('30 days after the credit');
    const list = [
      { share: '25%', on: 'goLive' },
      { share: '75%', on: 'approval' },
    ];
    expect(rule(list)).toBe('25% for goLive, 75% for an approval');
  });
  it('is approved by the first approval of all, whichever was recorded first', () => {
    const approved = (...days: [string | null, string][]) =>
      days.reduce(
        (story, [participant, date]) =>
          story.record('release-crm:D1', { type: 'ReleaseApproved', data: { ...of, participant, date } }),
        paying('approval'),
      );
    const orders: [string | null, string][][] = [
      [
        ['ann', '2025-02-12'],
        [null, '2025-02-20'],
      ],
      [
        [null, '2025-02-20'],
        ['ann', '2025-02-12'],
      ],
    ];
    for (const order of orders) {
      const story = approved(...order);
      expect(lines(story, '2025-02')).toEqual([['release', '1000.00', '0.00', '2025-02-12']]);
      const { trace } = story.history().statement({ participant: 'ann', period: '2025-02' }).lines[0]!;
      expect(trace.inputs.map(({ what, value }) => `${what} ${value}`)).toContain('approve Commission on 2025-02-12');
    }
  });
  it('is absent for the customer’s payment itself', () => {
    const story = new Story({ measures: { collected: { counts: 'amount', of: 'payments', date: 'paid' } } })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ name: 'C', measure: 'collected', rate: '10%', release: 'payment' }] })
      .at('2025-01-10')
      .sold('ann', 'D1', 10000, '2025-01-10');
    expect(lines(paid(story, 'P1', '4000', '2025-01-20'), '2025-01')).toEqual([
      ['earning', '400.00', '400.00', '2025-01-20'],
    ]);
  });
});

describe('instalments of a clawback', () => {
  it('are equal by largest remainder', () => {
    expect(instalmentsOf(-45214n, 3)).toEqual([-15072n, -15071n, -15071n]);
    expect(instalmentsOf(3n, 2)).toEqual([2n, 1n]);
  });
  it('are held and taken back pay period after pay period', () => {
    const story = new Story({ measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'kept' } } }).person(
      'ann',
      'AE',
      '2025-01-01',
    );
    story
      .plan('AE', {
        components: [
          { name: 'Commission', measure: 'revenue', rate: '10%', clawback: { take: 'as paid', instalments: '3' } },
        ],
      })
      .at('2025-01-10')
      .sold('ann', 'D1', 1000, '2025-01-10')
      .cancel('D1', '2025-02-10');
    expect(lines(story, '2025-02')).toEqual([
      ['clawback', '-100.00', '-100.00', '2025-02-10'],
      ['hold', '66.66', '0.00', '2025-02-10'],
    ]);
    expect(lines(story, '2025-03')).toEqual([['release', '-33.33', '0.00', '2025-03-31']]);
    expect(lines(story, '2025-04')).toEqual([['release', '-33.33', '0.00', '2025-04-30']]);
    expect(lines(story, '2025-05')).toEqual([]);
  });
});
