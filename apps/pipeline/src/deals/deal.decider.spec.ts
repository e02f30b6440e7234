import type { DealEvent } from '@attain/contracts';
import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { type DealCommand, dealDecider } from './deal.decider.js';

const { given } = behaviour(dealDecider);
const deal = { source: 'crm', id: 'D1' };
const opened = (fields: Record<string, string> = { owner: 'ann', amount: '1000', stage: 'Engaging' }): DealEvent => ({
  type: 'DealOpened',
  data: { ...deal, fields },
});
const won: DealEvent = { type: 'DealWon', data: { closed: '2025-01-15' } };
const reversed = (reversal: string, amount: string | null): DealEvent => ({
  type: 'DealReversed',
  data: { reversal, kind: 'refunded', date: '2025-02-01', amount },
});
const reverse = (amount: string | null, reversal: string | null = null): DealCommand => ({
  do: 'reverse',
  reversal,
  kind: 'refunded',
  date: '2025-02-01',
  amount,
});

describe('A deal', () => {
  it('is opened with its known fields, without blanks', () => {
    given([])
      .when({ do: 'open', deal, fields: { owner: 'ann', amount: '1000', account: '', product: null } })
      .then([opened({ owner: 'ann', amount: '1000' })]);
  });
  it('is not opened twice, unless with the same fields', () => {
    given([opened()])
      .when({ do: 'open', deal, fields: { owner: 'ann', amount: '1000', stage: 'Engaging' } })
      .then([]);
    given([opened()])
      .when({ do: 'open', deal, fields: { owner: 'bob' } })
      .then(refused('DEAL_EXISTS'));
  });
  it('records each kind of change as its own event', () => {
    given([opened()])
      .when({
        do: 'change',
        fields: {
          stage: 'Prospecting',
          amount: '1200.50',
          currency: 'EUR',
          opened: '2025-01-02',
          closed: '2025-03-01',
          owner: 'bob',
          product: 'GTX Pro',
          account: 'Acme',
        },
      })
      .then([
        { type: 'DealStageChanged', data: { stage: 'Prospecting' } },
        { type: 'DealRepriced', data: { amount: '1200.50', currency: 'EUR' } },
        { type: 'DealRedated', data: { opened: '2025-01-02', closed: '2025-03-01' } },
        { type: 'DealReassigned', data: { owner: 'bob' } },
        { type: 'DealAmended', data: { fields: { product: 'GTX Pro', account: 'Acme' } } },
      ]);
  });
  it('is cleared of a field by null, and keeps its currency when only the price changes', () => {
    given([opened({ owner: 'ann', amount: '5', currency: 'EUR', product: 'X' })])
      .when({ do: 'change', fields: { amount: '6', product: null, owner: 'ann' } })
      .then([
        { type: 'DealRepriced', data: { amount: '6', currency: 'EUR' } },
        { type: 'DealAmended', data: { fields: { product: null } } },
      ]);
  });
  it.each([
    ['amount', '1e400'],
    ['amount', '1.234,56'],
    ['closed', '2025-02-30'],
    ['currency', 'USX'],
    ['status', 'won'],
  ])('refuses what could not be stored: %s %s', (field, value) => {
    given([opened()])
      .when({ do: 'change', fields: { [field]: value } })
      .then(refused('INVALID_FIELD'));
  });
  it('that is unknown cannot be changed', () => {
    given([])
      .when({ do: 'change', fields: { amount: '1' } })
      .then(refused('DEAL_UNKNOWN'));
    given([opened(), { type: 'DealRetracted', data: {} }])
      .when({ do: 'reopen' })
      .then(refused('DEAL_UNKNOWN'));
  });
});

describe('Winning and losing', () => {
  it('a new deal that is won is opened and won', () => {
    given([])
      .when({ do: 'win', deal, closed: '2025-01-15', fields: { owner: 'ann', amount: '10' } })
      .then([opened({ owner: 'ann', amount: '10' }), won]);
  });
  it('is won once, however often the win is reported', () => {
    given([opened(), won])
      .when({ do: 'win', deal, closed: '2025-01-15', fields: { amount: '1000' } })
      .then([]);
  });
  it('on another day is a new date, not a second win', () => {
    given([opened(), won])
      .when({ do: 'win', deal, closed: '2025-01-16', fields: {} })
      .then([{ type: 'DealRedated', data: { closed: '2025-01-16' } }]);
  });
  it('is lost without a date if none is known', () => {
    given([opened()])
      .when({ do: 'lose', deal, closed: null, fields: {} })
      .then([{ type: 'DealLost', data: { closed: null } }]);
  });
  it('a won deal that is lost after all was reopened first', () => {
    given([opened(), won])
      .when({ do: 'lose', deal, closed: '2025-02-01', fields: {} })
      .then([
        { type: 'DealReopened', data: {} },
        { type: 'DealLost', data: { closed: '2025-02-01' } },
      ]);
  });
  it('reopening takes back what was reversed, since nothing is sold any more', () => {
    given([opened(), won, reversed('1', '10')])
      .when({ do: 'reopen' })
      .then([
        { type: 'DealReversalRetracted', data: { reversal: '1' } },
        { type: 'DealReopened', data: {} },
      ]);
  });
  it('a won deal keeps a closing date', () => {
    given([opened(), won])
      .when({ do: 'change', fields: { closed: null } })
      .then(refused('CLOSED_MISSING'));
  });
});

describe('A split', () => {
  const split = (revenue: Record<string, string>, overlay: Record<string, string> = {}): DealCommand => ({
    do: 'split',
    revenue,
    overlay,
  });
  it('of 70/20/10 with overlays on top is taken (AT-22)', () => {
    given([opened()])
      .when(split({ ann: '70%', bob: '20%', cid: '10%' }, { eve: '25%', fay: '10%' }))
      .then([
        {
          type: 'DealSplit',
          data: { revenue: { ann: '70%', bob: '20%', cid: '10%' }, overlay: { eve: '25%', fay: '10%' } },
        },
      ]);
  });
  it('of 70/20/5 is refused (AT-22)', () => {
    given([opened()])
      .when(split({ ann: '70%', bob: '20%', cid: '5%' }))
      .then(refused('SPLIT_TOTAL'));
  });
  it('in thirds is exact (AT-23)', () => {
    given([opened()])
      .when(split({ ann: '1/3', bob: '1/3', cid: '1/3' }))
      .then([{ type: 'DealSplit', data: { revenue: { ann: '1/3', bob: '1/3', cid: '1/3' }, overlay: {} } }]);
    given([opened()])
      .when(split({ ann: '33.33%', bob: '33.33%', cid: '33.33%' }))
      .then(refused('SPLIT_TOTAL'));
  });
  it('reported again changes nothing, and an empty one takes it back', () => {
    const half: DealEvent = { type: 'DealSplit', data: { revenue: { ann: '50%', bob: '50%' }, overlay: {} } };
    given([opened(), half])
      .when(split({ bob: '50%', ann: '50%' }))
      .then([]);
    given([opened(), half])
      .when(split({}))
      .then([{ type: 'DealSplit', data: { revenue: {}, overlay: {} } }]);
  });
  it.each(['0%', '-10%', '1/0', 'half', '0.5'])('refuses a share of %s', (share) => {
    given([opened()])
      .when(split({}, { eve: share }))
      .then(refused('SPLIT_SHARE'));
  });
});

describe('Taking back', () => {
  it('a deal that is not won is refused', () => {
    given([opened()]).when(reverse('10')).then(refused('NOT_WON'));
    given([opened(), { type: 'DealLost', data: { closed: null } }])
      .when(reverse(null))
      .then(refused('NOT_WON'));
  });
  it('part by part is together at most the whole', () => {
    given([opened(), won])
      .when(reverse('400'))
      .then([reversed('1', '400')]);
    given([opened(), won, reversed('1', '400')])
      .when(reverse('600'))
      .then([reversed('2', '600')]);
    given([opened(), won, reversed('1', '400')])
      .when(reverse('600.01'))
      .then(refused('REVERSED_MORE_THAN_WHOLE'));
  });
  it('all that is left leaves nothing', () => {
    given([opened(), won, reversed('1', '400')])
      .when(reverse(null))
      .then([reversed('2', null)]);
    given([opened(), won, reversed('1', null)])
      .when(reverse('1'))
      .then(refused('REVERSED_MORE_THAN_WHOLE'));
    given([opened(), won, reversed('1', '1000')])
      .when(reverse(null))
      .then(refused('REVERSED_MORE_THAN_WHOLE'));
  });
  it('a deal without an amount can be taken back as a whole', () => {
    given([opened({ owner: 'ann' }), won])
      .when(reverse(null))
      .then([reversed('1', null)]);
  });
  it('of a negative deal is negative', () => {
    given([opened({ amount: '-50' }), won])
      .when(reverse('-20'))
      .then([reversed('1', '-20')]);
    given([opened({ amount: '-50' }), won])
      .when(reverse('20'))
      .then(refused('INVALID_FIELD'));
  });
  it('under one name has one meaning', () => {
    given([opened(), won, reversed('CN-1', '10')])
      .when(reverse('10', 'CN-1'))
      .then([]);
    given([opened(), won, reversed('CN-1', '10')])
      .when(reverse('11', 'CN-1'))
      .then(refused('REVERSAL_EXISTS'));
  });
  it('can itself be taken back', () => {
    given([opened(), won, reversed('1', null)])
      .when({ do: 'retractReversal', reversal: '1' })
      .then([{ type: 'DealReversalRetracted', data: { reversal: '1' } }]);
    given([opened(), won]).when({ do: 'retractReversal', reversal: '1' }).then([]);
  });
  it('more than the new price is refused', () => {
    given([opened(), won, reversed('1', '800')])
      .when({ do: 'change', fields: { amount: '700' } })
      .then(refused('REVERSED_MORE_THAN_WHOLE'));
  });
  it('as its source lists it replaces that source’s own, and leaves those of others', () => {
    given([opened(), won, reversed('7', '100'), reversed('erp:a', '100'), reversed('erp:b', '50')])
      .when({
        do: 'syncReversals',
        of: 'erp',
        reversals: {
          'erp:b': { kind: 'refunded', date: '2025-02-01', amount: '50' },
          'erp:c': { kind: 'cancelled', date: '2025-03-01', amount: '200' },
        },
      })
      .then([
        { type: 'DealReversalRetracted', data: { reversal: 'erp:a' } },
        { type: 'DealReversed', data: { reversal: 'erp:c', kind: 'cancelled', date: '2025-03-01', amount: '200' } },
      ]);
  });
});

describe('A row of the source', () => {
  const sync = (status: 'open' | 'won' | 'lost', fields: Record<string, string>): DealCommand => ({
    do: 'sync',
    deal,
    status,
    fields,
  });
  it('with the known values changes nothing', () => {
    given([opened({ owner: 'ann', amount: '10' }), won])
      .when(sync('won', { owner: 'ann', amount: '10', closed: '2025-01-15' }))
      .then([]);
  });
  it('clears what it no longer names', () => {
    given([opened({ owner: 'ann', amount: '10', closed: '2025-05-01', product: 'X' })])
      .when(sync('open', { owner: 'ann', amount: '10' }))
      .then([
        { type: 'DealRedated', data: { closed: null } },
        { type: 'DealAmended', data: { fields: { product: null } } },
      ]);
  });
  it('wins an open deal on its date, and moves its stage on the way', () => {
    given([opened({ owner: 'ann', stage: 'Engaging', closed: '2025-06-01' })])
      .when(sync('won', { owner: 'ann', stage: 'Won', amount: '10', closed: '2025-01-15' }))
      .then([
        { type: 'DealStageChanged', data: { stage: 'Won' } },
        { type: 'DealRepriced', data: { amount: '10', currency: null } },
        won,
      ]);
  });
  it('reopens a deal that is open again', () => {
    given([opened({ owner: 'ann' }), won])
      .when(sync('open', { owner: 'ann' }))
      .then([
        { type: 'DealReopened', data: {} },
        { type: 'DealRedated', data: { closed: null } },
      ]);
  });
  it('that is lost without a date clears the expected one', () => {
    given([opened({ closed: '2025-06-01' })])
      .when(sync('lost', {}))
      .then([
        { type: 'DealRedated', data: { closed: null } },
        { type: 'DealLost', data: { closed: null } },
      ]);
  });
  it('cannot be won without a date', () => {
    given([])
      .when(sync('won', { amount: '10' }))
      .then(refused('CLOSED_MISSING'));
  });
  it('that returns opens the deal again', () => {
    given([opened(), won, { type: 'DealRetracted', data: {} }])
      .when(sync('open', { owner: 'bob' }))
      .then([opened({ owner: 'bob' })]);
  });
  it('that is gone retracts the deal, once', () => {
    given([opened()])
      .when({ do: 'retract' })
      .then([{ type: 'DealRetracted', data: {} }]);
    given([]).when({ do: 'retract' }).then([]);
  });
});
