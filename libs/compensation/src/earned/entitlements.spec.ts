import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const measures = { revenue: { counts: 'amount', of: 'deals' }, wins: { counts: '1', of: 'deals' } };
/** A plan in dollars, and one deal of 1,000 in dollars and one in euros. */
const paying = (component: object) =>
  new Story({ measures, fields: { bounty: 'money' } })
    .person('ann', 'AE', '2025-01-01')
    .rate('EUR', 'USD', '2025-01-01', '1.08')
    .rate('USD', 'EUR', '2025-01-01', '0.92')
    .rate('EUR', 'USD', '2025-01-11', '1.1')
    .plan('AE', { components: [{ name: 'C', measure: 'wins', ...component }] })
    .sold('ann', 'dollars', 1000, '2025-01-10', { bounty: 30 })
    .sold('ann', 'euros', 1000, '2025-01-11', { bounty: 30, currency: 'EUR' });
const earned = (component: object) =>
  paying(component)
    .history()
    .earned({ participant: 'ann', period: '2025-01' })
    .lines.map(({ earned: amount }) => amount);
const exceptions = (component: object) =>
  paying(component)
    .history()
    .exceptions({ effective: '2025-01-31' })
    .map(({ code, record, detail }) => `${code} ${record?.id} ${detail}`);

describe('An amount for each record', () => {
  it('is in the currency of the plan where it is written without one', () => {
    expect(earned({ each: '25.50' })).toEqual(['25.50', '25.50']);
  });
  it('is the written amount for a record in any currency', () => {
    expect(earned({ each: '25.50 USD' })).toEqual(['25.50', '25.50']);
    expect(earned({ each: 'if(amount > 0, 25.50 USD, 1 USD)' })).toEqual(['25.50', '25.50']);
  });
  it('in another currency is converted at the rate of the credit date', () => {
    expect(earned({ each: '20 EUR' })).toEqual(['21.60', '22.00']);
    expect(earned({ each: '20 GBP' })).toEqual([]);
    expect(exceptions({ each: '20 GBP' })).toEqual([
      'RATE_MISSING dollars no rate from GBP to USD on 2025-01-10',
      'RATE_MISSING euros no rate from GBP to USD on 2025-01-11',
    ]);
  });
  it('of the record is in the currency of the record', () => {
    expect(earned({ each: 'bounty' })).toEqual(['30.00', '33.00']);
    expect(earned({ each: '1% * amount' })).toEqual(['10.00', '11.00']);
  });
  it('of a sum of the window is in the currency of the plan', () => {
    expect(earned({ each: '1% * sum(revenue)', per: 'month' })).toEqual(['21.00', '21.00']);
  });
  it('is unknown if an amount that it depends on is unknown', () => {
    expect(exceptions({ each: 'amount / (amount - amount) * 1 USD' })).toHaveLength(2);
    expect(exceptions({ each: 'max(bounty, 10 GBP)' })).toEqual([
      'RATE_MISSING dollars max(bounty, 10 GBP) is undefined',
      'RATE_MISSING euros max(bounty, 10 GBP) is undefined',
    ]);
  });
});
