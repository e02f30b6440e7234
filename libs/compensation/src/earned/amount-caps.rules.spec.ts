import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const flat = { name: 'Flat', measure: 'revenue', rate: '10%' };
const lines = (story: Story, period = '2025') =>
  story
    .history()
    .earned({ participant: 'ann', period })
    .lines.map(({ kind, component, record, date, earned }) => `${kind} ${component} ${record?.id} ${date} ${earned}`);
const company = (plan: object, pays = 'monthly') =>
  new Story().person('ann', 'AE', '2025-01-01').plan('AE', { pays, ...plan });

describe('a cap by amount', () => {
  it('AT-27 cuts the last lines of its window first, at the end of the pay period', () => {
    const story = company({ components: [{ ...flat, cap: { amount: '100', per: 'month' } }] });
    story.sold('ann', 'A', 700, '2025-01-05').sold('ann', 'B', 500, '2025-01-06').sold('ann', 'C', 900, '2025-02-06');
    expect(lines(story)).toEqual([
      'earning Flat A 2025-01-05 70.00',
      'earning Flat B 2025-01-06 50.00',
      'earning Flat C 2025-02-06 90.00',
      'cap Flat B 2025-01-31 -20.00',
    ]);
  });
  it('of a quarter is reached in a later month, and leaves the earlier months as they are', () => {
    const story = company({ components: [{ ...flat, cap: { amount: '100', per: 'quarter' } }] });
    story.sold('ann', 'A', 700, '2025-01-05').sold('ann', 'B', 500, '2025-02-06').sold('ann', 'C', 900, '2025-03-06');
    expect(lines(story).slice(3)).toEqual(['cap Flat B 2025-02-28 -20.00', 'cap Flat C 2025-03-31 -90.00']);
  });
  it('of a month is evaluated at the end of the month where the plan pays by quarter', () => {
    const story = company({ components: [{ ...flat, cap: { amount: '50', per: 'month' } }] }, 'quarterly');
    story.sold('ann', 'A', 700, '2025-01-05').sold('ann', 'B', 700, '2025-02-05');
    expect(lines(story).slice(2)).toEqual(['cap Flat A 2025-01-31 -20.00', 'cap Flat B 2025-02-28 -20.00']);
  });
  it('per deal cuts each deal by itself, and a deal that is cancelled not below 0', () => {
    const story = company({ components: [{ ...flat, cap: { amount: '50', per: 'deal' } }] });
    story
      .sold('ann', 'A', 700, '2025-01-05')
      .sold('ann', 'B', 800, '2025-01-06')
      .sold('ann', 'C', 400, '2025-01-07')
      .cancel('B', '2025-01-20');
    expect(lines(story).filter((line) => line.startsWith('cap'))).toEqual(['cap Flat A 2025-01-05 -20.00']);
  });
  it('frees room when a later line takes an amount back', () => {
    const tiers = [
      { from: '0', rate: '10%' },
      { from: '1000', rate: '5%', retroactive: 'yes' },
    ];
    const story = company({
      components: [
        { name: 'Falling', measure: 'revenue', per: 'quarter', tiers, cap: { amount: '60', per: 'quarter' } },
      ],
    });
    story.sold('ann', 'A', 900, '2025-01-05').sold('ann', 'B', 200, '2025-02-05');
    expect(lines(story)).toEqual([
      'earning Falling A 2025-01-05 90.00',
      'earning Falling B 2025-02-05 10.00',
      'true-up Falling A 2025-02-05 -45.00',
      'cap Falling A 2025-01-31 -30.00',
      'cap Falling A 2025-02-28 30.00',
    ]);
  });
  it('of the plan cuts the lines of all its components, each as a line of its record', () => {
    const story = company({
      cap: { amount: '100', per: 'year' },
      components: [flat, { ...flat, name: 'Kicker', rate: '2%' }],
    });
    story.sold('ann', 'A', 600, '2025-01-05').sold('ann', 'B', 400, '2025-01-06');
    expect(lines(story)).toEqual(
      [
        'earning Flat A 2025-01-05 60.00',
        'earning Flat B 2025-01-06 40.00',
        'earning Kicker A 2025-01-05 12.00',
        'earning Kicker B 2025-01-06 8.00',
        'cap Flat B 2025-01-31 -12.00',
        'cap Kicker B 2025-01-31 -8.00',
      ].sort(inStatement),
    );
  });
  it('states the reached sum and the allowed maximum', () => {
    const story = company({ components: [{ ...flat, cap: { amount: '100', per: 'month' } }] }).sold(
      'ann',
      'A',
      1700,
      '2025-01-05',
    );
    const [, cut] = story.history().earned({ participant: 'ann', period: '2025-01' }).lines;
    expect(cut!.trace.rule).toBe('AE 1, Flat: 170.00 USD in 2025-01, at most 100.00 per month');
  });
});

/** In the order of a statement: by component, the lines before the cuts. */
function inStatement(a: string, b: string): number {
  const rank = (line: string) => (line.includes(' Flat ') ? 0 : 2) + (line.startsWith('cap') ? 1 : 0);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

describe('a cap beside a multiplier', () => {
  const month = (multiplier: string, cap: object, more: object = {}) => ({
    name: 'C',
    measure: 'revenue',
    per: 'year',
    rate: '10%',
    multiplier,
    cap,
    ...more,
  });
  const companyOf = (component: object, pays = 'monthly') =>
    new Story().person('ann', 'AE', '2025-01-01').plan('AE', { pays, components: [component] });
  const shown = (story: Story) =>
    story
      .history()
      .earned({ participant: 'ann', period: '2025' })
      .lines.map(({ kind, record, date, earned }) => `${kind} ${record?.id} ${date} ${earned}`);

  it('cuts the multiplied amount', () => {
    expect(
      shown(companyOf(month('200%', { amount: '150', per: 'year' })).sold('ann', 'A', 1000, '2025-01-10')),
    ).toEqual(['earning A 2025-01-10 100.00', 'multiplier A 2025-01-31 100.00', 'cap A 2025-01-31 -50.00']);
  });

  it('per deal comes before the multiplier, on the day of the last line of the deal', () => {
    expect(shown(companyOf(month('200%', { amount: '60', per: 'deal' })).sold('ann', 'A', 1000, '2025-01-10'))).toEqual(
      ['earning A 2025-01-10 100.00', 'multiplier A 2025-01-31 60.00', 'cap A 2025-01-10 -40.00'],
    );
  });

  it('is trued up for an earlier window when the multiplier of its lines changes', () => {
    const story = companyOf(
      month('if(attainment(revenue) >= 100%, 200%, 100%)', { amount: '120', per: 'month' }),
    ).quota('ann', 'revenue', '2025', 2000);
    story.sold('ann', 'A', 1000, '2025-01-10').sold('ann', 'B', 1000, '2025-02-10');
    expect(shown(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 100.00',
      'multiplier A 2025-02-28 100.00',
      'multiplier B 2025-02-28 100.00',
      'cap A 2025-02-28 -80.00',
      'cap B 2025-02-28 -80.00',
    ]);
  });

  it('whose window ends within the pay period is dated at its end', () => {
    const story = companyOf(month('200%', { amount: '120', per: 'month' }), 'quarterly').sold(
      'ann',
      'A',
      1000,
      '2025-01-10',
    );
    expect(shown(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'multiplier A 2025-03-31 100.00',
      'cap A 2025-01-31 -80.00',
    ]);
  });
});
