import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const marginal = [{ from: '0%', rate: '10%' }, { from: '100%', rate: '15%' }];
const commission = { name: 'Commission', measure: 'revenue', per: 'month', tiers: marginal };

describe('a quota corrected in March, a deal cancelled in April (AT-32)', () => {
  const story = new Story()
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components: [commission] })
    .at('2025-01-02')
    .quota('ann', 'revenue', '2025-01', 100000)
    .at('2025-01-15')
    .sold('ann', 'D1', 75000, '2025-01-15')
    .at('2025-01-24')
    .sold('ann', 'D2', 15000, '2025-01-24')
    .close('2025-01')
    .close('2025-02')
    .at('2025-03-10')
    .quota('ann', 'revenue', '2025-01', 80000)
    .close('2025-03')
    .at('2025-04-12')
    .cancel('D2', '2025-04-11')
    .close('2025-04');
  const history = story.history();
  const payable = (period: string) => history.statement({ participant: 'ann', period }).payable;
  const lines = (period: string) => history.statement({ participant: 'ann', period }).lines.map((line) => [line.kind, line.for, line.record?.id, line.cause?.kind, line.payable]);

  it('issues 9,000 for January and leaves it so', () => {
    expect(payable('2025-01')).toBe('9000.00');
    expect(lines('2025-01')).toEqual([
      ['earning', null, 'D1', undefined, '7500.00'],
      ['earning', null, 'D2', undefined, '1500.00'],
    ]);
  });
  it('posts 500 in March and −2,000 in April, each with its cause', () => {
    expect(payable('2025-02')).toBe('0.00');
    expect(lines('2025-03')).toEqual([['difference', '2025-01', 'D2', 'quota', '500.00']]);
    expect(lines('2025-04')).toEqual([['difference', '2025-01', 'D2', 'cancelled', '-2000.00']]);
  });
  it('tells what January was as of three days', () => {
    const earned = (known: string) => history.earned({ participant: 'ann', period: '2025-01' }, { known, effective: '2025-12-31' }).amount.toString();
    expect(['2025-02-01', '2025-03-31', '2025-04-30'].map(earned)).toEqual(['9000', '9500', '7500']);
  });
  it('attributes the difference of 1,500 to the quota and the cancellation', () => {
    const { total, causes } = history.difference({ participant: 'ann', period: '2025-01' }, { known: '2025-02-01', effective: '2025-01-31' }, { known: '2025-04-30', effective: '2025-04-30' });
    expect(total.toString()).toBe('-1500');
    expect(causes.map(({ kind, amount }) => [kind, amount.toString()])).toEqual([
      ['quota', '500'],
      ['cancelled', '-2000'],
    ]);
  });
});
