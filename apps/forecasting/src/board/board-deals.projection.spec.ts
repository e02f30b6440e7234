import { describe, expect, it } from '@jest/globals';
import type { DealEvent } from '@attain/contracts';
import type { Decoded } from '@attain/eventsourcing';
import { type BoardDeal, boardDealsProjection } from './board-deals.projection.js';

function fold(...events: DealEvent[]): BoardDeal | undefined {
  let document: BoardDeal | undefined;
  for (const event of events) {
    const stored = { ...event, stream: 'deal-crm:D-1' } as Decoded<DealEvent>;
    expect(boardDealsProjection.keys(stored)).toEqual(['crm:D-1']);
    document = boardDealsProjection.evolve(document, stored, 'crm:D-1');
  }
  return document;
}
const opened = (fields: Record<string, string>): DealEvent => ({
  type: 'DealOpened',
  data: { source: 'crm', id: 'D-1', fields },
});

describe('a deal on the board', () => {
  it('is open in its stage with the values of the source', () => {
    expect(
      fold(
        opened({
          stage: 'Engaging',
          product: 'GTK 500',
          owner: 'ann',
          account: 'Acme',
          amount: '1054.55',
          currency: 'USD',
        }),
      ),
    ).toEqual({
      deal: 'crm:D-1',
      status: 'open',
      stage: 'Engaging',
      product: 'GTK 500',
      owner: 'ann',
      account: 'Acme',
      currency: 'USD',
      units: 1054,
      parts: 5500,
      unpriced: 0,
      closed: null,
    });
  });

  it('may have no amount, and get one', () => {
    expect(fold(opened({}))).toMatchObject({ units: 0, parts: 0, unpriced: 1 });
    expect(fold(opened({}), { type: 'DealRepriced', data: { amount: '-0.25', currency: null } })).toMatchObject({
      units: -1,
      parts: 7500,
      unpriced: 0,
    });
  });

  it('moves, changes hands, dates and fields', () => {
    const moved = fold(
      opened({ stage: 'Prospecting', owner: 'ann', closed: '2025-03-01', product: 'A' }),
      { type: 'DealStageChanged', data: { stage: 'Engaging' } },
      { type: 'DealReassigned', data: { owner: 'bob' } },
      { type: 'DealRedated', data: { opened: '2025-01-01' } },
      { type: 'DealAmended', data: { fields: { account: 'Acme', note: 'x' } } },
      { type: 'DealSplit', data: { revenue: {}, overlay: {} } },
    );
    expect(moved).toMatchObject({
      stage: 'Engaging',
      owner: 'bob',
      closed: '2025-03-01',
      product: 'A',
      account: 'Acme',
    });
    expect(moved).not.toHaveProperty('note');
  });

  it('is won, reopened, lost, and gone', () => {
    const events: DealEvent[] = [opened({}), { type: 'DealWon', data: { closed: '2025-03-31' } }];
    expect(fold(...events)).toMatchObject({ status: 'won', closed: '2025-03-31' });
    events.push({ type: 'DealReopened', data: {} });
    expect(fold(...events)).toMatchObject({ status: 'open' });
    events.push({ type: 'DealLost', data: { closed: null } });
    expect(fold(...events)).toMatchObject({ status: 'lost', closed: '2025-03-31' });
    events.push({ type: 'DealRetracted', data: {} });
    expect(fold(...events)).toBeUndefined();
  });
});
