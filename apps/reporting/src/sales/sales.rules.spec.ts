import { describe, expect, it } from '@jest/globals';
import type { PersonRow } from '@attain/compensation';
import { Exact, FiscalCalendar } from '@attain/values';
import { periodKey, Places, salesRows, type SoldGroup, winRate } from './sales.rules.js';

const group = (of: Partial<SoldGroup>): SoldGroup => ({
  key: null,
  status: 'won',
  currency: 'USD',
  deals: 1,
  amount: Exact.zero,
  reversed: Exact.zero,
  ...of,
});

describe('sales', () => {
  it('count won deals with amounts and reversals, and lost deals', () => {
    const rows = salesRows([
      group({ key: 'GTX Pro', deals: 3, amount: Exact.of(300), reversed: Exact.of(20) }),
      group({ key: 'GTX Pro', status: 'lost', deals: 1, amount: Exact.of(999) }),
      group({ key: 'GTX Pro', deals: 1, amount: Exact.of(5) }),
    ]);
    expect(rows).toEqual([
      {
        key: 'GTX Pro',
        currency: 'USD',
        won: 4,
        lost: 1,
        amount: Exact.of(305),
        reversed: Exact.of(20),
        net: Exact.of(285),
        winRate: Exact.of(4, 5),
      },
    ]);
  });

  it('never add two currencies, but win or lose in both', () => {
    const rows = salesRows([
      group({ amount: Exact.of(1) }),
      group({ currency: 'EUR', amount: Exact.of(2) }),
      group({ status: 'lost', deals: 2 }),
    ]);
    expect(rows.map(({ currency, amount, winRate: rate }) => [currency, amount.toString(), rate?.toString()])).toEqual([
      ['EUR', '2', '0.5'],
      ['USD', '1', '0.5'],
    ]);
  });

  it('are in the order of their keys, rows without a key last', () => {
    expect(salesRows([group({}), group({ key: 'b' }), group({ key: 'B' })]).map(({ key }) => key)).toEqual([
      'B',
      'b',
      null,
    ]);
  });
});

describe('the win rate', () => {
  it('is 63.15 % of 4,238 won and 2,473 lost', () => {
    expect(
      winRate([{ won: 4238, lost: 2473 }])
        ?.times(Exact.of(100))
        .toDecimal(2, 'half-up'),
    ).toBe('63.15');
  });

  it('is undefined while nothing is closed', () => {
    expect(winRate([{ won: 0, lost: 0 }])).toBeNull();
  });
});

describe('the period of a sale', () => {
  it('is that of the company calendar, by the closing date', () => {
    expect(periodKey('2017-03-31', 'quarter', new FiscalCalendar({ starts: '01-01', calendar: 'months' }))).toBe(
      '2017-Q1',
    );
    expect(periodKey('2017-03-31', 'month', new FiscalCalendar({ starts: '02-01', calendar: 'months' }))).toBe(
      '2018-P02',
    );
    expect(periodKey(null, 'month', new FiscalCalendar({ starts: '02-01', calendar: 'months' }))).toBeNull();
  });
});

describe('the region of a sale', () => {
  const row = (from: string, to: string | null, region: string): PersonRow => ({
    participant: 'ann',
    from,
    to,
    region,
    role: null,
    manager: null,
    team: null,
    currency: null,
  });
  const places = new Places([row('2017-06-01', null, 'East'), row('2017-01-01', '2017-04-30', 'West')], 'region');

  it('is the region of its owner on the closing date, not the present one', () => {
    expect(places.at('ann', '2017-04-30')).toBe('West');
    expect(places.at('ann', '2017-06-01')).toBe('East');
  });

  it('is none on a day on which the owner was not there, and of an owner whom nobody knows', () => {
    expect(places.at('ann', '2017-05-01')).toBeNull();
    expect(places.at('ann', '2016-12-31')).toBeNull();
    expect(places.at('bob', '2017-06-01')).toBeNull();
    expect(places.at(null, '2017-06-01')).toBeNull();
  });

  it('of a lost deal without a date is that of the owner’s latest row', () => {
    expect(places.at('ann', null)).toBe('East');
  });

  it('is one from a day on which somebody moves to the day before the next', () => {
    expect(places.spans()).toEqual([
      { to: '2016-12-31' },
      { from: '2017-01-01', to: '2017-04-30' },
      { from: '2017-05-01', to: '2017-05-31' },
      { from: '2017-06-01' },
    ]);
    expect(places.spans('2017-04-30', '2017-05-31')).toEqual([
      { from: '2017-04-30', to: '2017-04-30' },
      { from: '2017-05-01', to: '2017-05-31' },
    ]);
    expect(places.spans('2017-07-01')).toEqual([{ from: '2017-07-01' }]);
    expect(new Places([], 'team').spans()).toEqual([{}]);
  });
});
