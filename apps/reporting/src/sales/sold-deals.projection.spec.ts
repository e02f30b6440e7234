import { describe, expect, it } from '@jest/globals';
import type { DealEvent } from '@attain/contracts';
import type { Decoded } from '@attain/eventsourcing';
import { type SoldDeal, soldDealsProjection } from './sold-deals.projection.js';

function fold(...events: DealEvent[]): SoldDeal | undefined {
  let document: SoldDeal | undefined;
  for (const event of events) {
    const stored = { ...event, stream: 'deal-crm:D-1' } as Decoded<DealEvent>;
    expect(soldDealsProjection.keys(stored)).toEqual(['crm:D-1']);
    document = soldDealsProjection.evolve(document, stored, 'crm:D-1');
  }
  return document;
}
const opened = (fields: Record<string, string>): DealEvent => ({
  type: 'DealOpened',
  data: { source: 'crm', id: 'D-1', fields },
});
const won: DealEvent = { type: 'DealWon', data: { closed: '2017-03-31' } };
const reversed = (reversal: string, amount: string | null): DealEvent => ({
  type: 'DealReversed',
  data: { reversal, kind: 'refunded', date: '2017-04-30', amount },
});

describe('a deal in the sales reports', () => {
  it('counts with what it was won for, on its closing day, for its owner', () => {
    expect(
      fold(opened({ owner: 'ann', product: 'GTX Pro', account: 'Acme', amount: '1054', currency: 'USD' }), won),
    ).toEqual({
      deal: 'crm:D-1',
      status: 'won',
      owner: 'ann',
      product: 'GTX Pro',
      account: 'Acme',
      currency: 'USD',
      closed: '2017-03-31',
      amount: '1054',
      units: 1054,
      parts: 0,
      reversals: [],
      reversed: false,
      reversedUnits: 0,
      reversedParts: 0,
    });
  });

  it('keeps cents and negative amounts exact', () => {
    expect(fold(opened({ amount: '0.1' }))).toMatchObject({ units: 0, parts: 1000 });
    expect(fold(opened({ amount: '-10.25' }))).toMatchObject({ units: -11, parts: 7500 });
  });

  it('has its reversed amount beside it: parts, all that is left, and nothing when retracted', () => {
    const start = [opened({ amount: '100' }), won];
    expect(fold(...start, reversed('r1', '30.5'))).toMatchObject({
      units: 100,
      reversedUnits: 30,
      reversedParts: 5000,
    });
    expect(fold(...start, reversed('r1', '30.5'), reversed('r1', '10'))).toMatchObject({
      reversedUnits: 10,
      reversedParts: 0,
    });
    const all = [...start, reversed('r1', '30.5'), reversed('r2', null)];
    expect(fold(...all)).toMatchObject({ reversedUnits: 100, reversedParts: 0 });
    expect(fold(...all, { type: 'DealRepriced', data: { amount: '200', currency: 'EUR' } })).toMatchObject({
      currency: 'EUR',
      reversedUnits: 200,
    });
    expect(fold(...all, { type: 'DealReversalRetracted', data: { reversal: 'r2' } })).toMatchObject({
      reversedUnits: 30,
      reversedParts: 5000,
    });
  });

  it('has no reversals after it is reopened', () => {
    expect(
      fold(opened({ amount: '100' }), won, reversed('r1', null), { type: 'DealReopened', data: {} }, won),
    ).toMatchObject({ status: 'won', reversedUnits: 0, reversals: [] });
  });

  it('changes hands, dates, product and account, is reopened, lost, and gone', () => {
    const events: DealEvent[] = [
      opened({ owner: 'ann', product: 'A', account: 'Acme' }),
      won,
      { type: 'DealReassigned', data: { owner: 'bob' } },
      { type: 'DealRedated', data: { closed: '2017-04-01' } },
      { type: 'DealAmended', data: { fields: { product: 'B' } } },
    ];
    expect(fold(...events)).toMatchObject({
      status: 'won',
      owner: 'bob',
      closed: '2017-04-01',
      product: 'B',
      account: 'Acme',
    });
    expect(fold(...events, { type: 'DealReopened', data: {} })).toMatchObject({ status: 'open' });
    expect(fold(...events, { type: 'DealLost', data: { closed: null } })).toMatchObject({
      status: 'lost',
      closed: '2017-04-01',
    });
    expect(fold(...events, { type: 'DealRetracted', data: {} })).toBeUndefined();
  });
});
