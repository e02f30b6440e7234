import type { DealEvent } from '@attain/contracts';
import { describe, expect, it } from '@jest/globals';
import { dealDecider } from './deal.decider.js';
import { type DealDocument, dealsProjection, stateOf } from './deals.projection.js';

const fold = (events: readonly DealEvent[]) =>
  events.reduce<DealDocument | undefined>(
    (document, event) => dealsProjection.evolve(document, { ...event, stream: 'deal-crm:D1' } as never, 'crm:D1'),
    undefined,
  );
const opened: DealEvent = {
  type: 'DealOpened',
  data: { source: 'crm', id: 'D1', fields: { owner: 'ann', amount: '1054.50', currency: 'USD', termMonths: '36' } },
};

describe('The deals that are shown', () => {
  it('carry their amount as units and ten-thousandths, and the company’s own fields apart', () => {
    expect(fold([opened, { type: 'DealWon', data: { closed: '2017-03-01' } }])).toMatchObject({
      source: 'crm',
      id: 'D1',
      status: 'won',
      owner: 'ann',
      closed: '2017-03-01',
      units: 1054,
      parts: 5000,
      own: { termMonths: '36' },
      stage: null,
    });
  });
  it('are in the state that the decider knows', () => {
    const events: DealEvent[] = [
      opened,
      { type: 'DealWon', data: { closed: '2017-03-01' } },
      { type: 'DealReopened', data: {} },
      { type: 'DealRedated', data: { closed: null } },
      { type: 'DealWon', data: { closed: '2017-04-01' } },
      { type: 'DealReversed', data: { reversal: 'r', kind: 'refunded', date: '2017-05-01', amount: '1.00' } },
    ];
    for (let n = 1; n <= events.length; n += 1) {
      const state = events.slice(0, n).reduce(dealDecider.evolve, dealDecider.initial);
      expect(stateOf(fold(events.slice(0, n))!)).toEqual(state);
    }
  });
  it('have no summand without an amount, or with one too large to be summed', () => {
    const of = (amount: string) =>
      fold([{ type: 'DealOpened', data: { source: 'crm', id: 'D1', fields: { amount } } }]);
    expect(fold([{ type: 'DealOpened', data: { source: 'crm', id: 'D1', fields: {} } }])).toMatchObject({
      units: null,
      parts: null,
    });
    expect(of('99999999999999999999')).toMatchObject({ amount: '99999999999999999999', units: null, parts: null });
  });
  it('lose one that its source no longer has', () => {
    expect(fold([opened, { type: 'DealRetracted', data: {} }])).toBeUndefined();
  });
  it('are kept by source and id', () => {
    expect(dealsProjection.keys({ ...opened, stream: 'deal-crm:D1' } as never)).toEqual(['crm:D1']);
  });
});
