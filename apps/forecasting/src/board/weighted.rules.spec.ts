import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { type OpenDeals, rollUp, weigh } from './weighted.rules.js';

const stages = [
  { name: 'Prospecting', probability: Exact.parse('10%'), category: 'pipeline' },
  { name: 'Engaging', probability: Exact.parse('50%'), category: 'best case' },
  { name: 'Signing', probability: Exact.parse('100%'), category: 'commit' },
  { name: 'Parked', probability: null, category: null },
];
const open = (deals: Partial<OpenDeals>): OpenDeals => ({
  key: null,
  stage: 'Engaging',
  product: 'MG Special',
  currency: 'USD',
  deals: 1,
  unpriced: 0,
  amount: Exact.zero,
  ...deals,
});
const won = [
  { product: 'MG Special', currency: 'USD', deals: 4, amount: Exact.of(220) },
  { product: 'GTK 500', currency: 'USD', deals: 1, amount: Exact.of(26780) },
  { product: 'GTK 500', currency: 'EUR', deals: 1, amount: Exact.of(99) },
];

describe('the weighted pipeline', () => {
  it('AT-38: 100,000 at 50 %, 50 % and 100 % in three months', () => {
    const month = (key: string, stage: string) => open({ key, stage, amount: Exact.of(100_000) });
    const { rows } = weigh(
      [month('2025-06', 'Engaging'), month('2025-07', 'Engaging'), month('2025-08', 'Signing')],
      stages,
      [],
    );
    expect(rows.map(({ key, weighted }) => [key, weighted.toString()])).toEqual([
      ['2025-06', '50000'],
      ['2025-07', '50000'],
      ['2025-08', '100000'],
    ]);
  });

  it('counts a deal without an amount as the average won deal of its product, and marks it', () => {
    const { rows, assumptions } = weigh([open({ deals: 3, unpriced: 2, amount: Exact.of(100) })], stages, won);
    expect(rows).toEqual([
      { key: null, currency: 'USD', deals: 3, amount: Exact.of(100), assumed: Exact.of(110), weighted: Exact.of(105) },
    ]);
    expect(assumptions).toEqual([
      {
        product: 'MG Special',
        currency: 'USD',
        deals: 2,
        each: Exact.of(55),
        basis: 'won deals of the product',
        won: 4,
      },
    ]);
  });

  it('takes a product that was never won as the average of all won deals in the currency', () => {
    const { assumptions } = weigh([open({ product: 'New', unpriced: 1 })], stages, won);
    expect(assumptions).toEqual([
      { product: 'New', currency: 'USD', deals: 1, each: Exact.of(5400), basis: 'all won deals', won: 5 },
    ]);
  });

  it('assumes nothing in a currency in which nothing was won', () => {
    const { rows, left } = weigh([open({ currency: 'GBP', deals: 2, unpriced: 1, amount: Exact.of(10) })], stages, won);
    expect(rows).toEqual([
      { key: null, currency: 'GBP', deals: 2, amount: Exact.of(10), assumed: Exact.zero, weighted: Exact.of(5) },
    ]);
    expect(left).toEqual([
      { deals: 1, currency: 'GBP', amount: Exact.zero, why: 'no amount, and nothing won to assume one from' },
    ]);
  });

  it('weighs a deal whose stage has no probability as nothing, and names the stage', () => {
    const groups = [
      open({ stage: 'Parked', amount: Exact.of(7) }),
      open({ stage: null }),
      open({ stage: 'Unheard of' }),
    ];
    const { rows, left } = weigh(groups, stages, won);
    expect(rows).toEqual([
      { key: null, currency: 'USD', deals: 3, amount: Exact.of(7), assumed: Exact.zero, weighted: Exact.zero },
    ]);
    expect(left.map(({ why }) => why)).toEqual([
      'the stage "Parked" has no probability',
      'no stage',
      'the stage "Unheard of" has no probability',
    ]);
  });

  it('never adds two currencies', () => {
    const { rows } = weigh([open({ amount: Exact.of(1) }), open({ currency: 'EUR', amount: Exact.of(1) })], stages, []);
    expect(rows.map(({ currency, weighted }) => [currency, weighted.toString()])).toEqual([
      ['USD', '0.5'],
      ['EUR', '0.5'],
    ]);
  });
});

describe('the roll-up by category', () => {
  const rolledUp = (entries: [string, number][]) =>
    Object.fromEntries(
      rollUp(new Map(entries.map(([key, amount]) => [key, Exact.of(amount)]))).map(({ name, amount }) => [
        name,
        amount.toString(),
      ]),
    );

  it('AT-37: closed 50, commit 100, best case 150, pipeline 200 roll up to 50, 150, 300, 450', () => {
    expect(
      rolledUp([
        ['pipeline', 200],
        ['closed', 50],
        ['best case', 150],
        ['commit', 100],
      ]),
    ).toEqual({
      'closed only': '50',
      'commit forecast': '150',
      'most likely forecast': '150',
      'best case forecast': '300',
      'open pipeline': '450',
    });
  });

  it('leaves omitted deals out', () => {
    expect(
      rolledUp([
        ['omitted', 7],
        ['pipeline', 1],
      ]),
    ).toMatchObject({ 'best case forecast': '0', 'open pipeline': '1' });
  });
});
