import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const commission = {
  name: 'Commission',
  measure: 'revenue',
  per: 'quarter',
  tiers: [
    { from: '0%', rate: '10%' },
    { from: '100%', rate: '20%' },
  ],
};
const company = () =>
  new Story({ prorate: 'by days' })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components: [commission] });

describe('A leave', () => {
  // 90 days, 45 of them without the days of leave.
  const story = company()
    .at('2025-01-02')
    .quota('ann', 'revenue', '2025-Q1', 90000)
    .leave('ann', '2025-02-15', '2025-03-31')
    .at('2025-01-20')
    .sold('ann', 'D1', 60000, '2025-01-20')
    .close('2025-01')
    .close('2025-02');
  const history = story.history();
  const quota = (effective: string) =>
    history
      .attainment({ for: { participant: 'ann' }, measure: 'revenue', period: '2025-Q1' }, { effective })
      .quota?.toString();

  it('is absence from its first day, and no cut before that day includes it', () => {
    expect(quota('2025-02-14')).toBe('90000');
    expect(quota('2025-02-15')).toBe('45000');
  });
  it('that was known before moves the closed period when it begins, with the leave as the cause', () => {
    expect(history.statement({ participant: 'ann', period: '2025-01' }).payable).toBe('6000.00');
    const { lines, payable } = history.statement({ participant: 'ann', period: '2025-02' });
    // 45,000 at 10 % and 15,000 at 20 %.
    expect(lines.map(({ kind, for: of, cause, earned }) => [kind, of, cause?.kind, earned])).toEqual([
      ['difference', '2025-01', 'leave', '1500.00'],
    ]);
    expect(payable).toBe('1500.00');
  });
  it('that is taken back leaves the quota as it was', () => {
    story
      .at('2025-03-05')
      .record('leave-ann', { type: 'LeaveRetracted', data: { participant: 'ann', source: null, from: '2025-02-15' } })
      .close('2025-03');
    const [line] = story.history().statement({ participant: 'ann', period: '2025-03' }).lines;
    expect([line?.kind, line?.cause?.kind, line?.earned]).toEqual(['difference', 'leave', '-1500.00']);
  });
  it('of somebody outside a plan changes nothing in it', () => {
    const beside = company()
      .person('bob', 'AE', '2025-01-01')
      .at('2025-01-02')
      .quota('ann', 'revenue', '2025-Q1', 90000)
      .leave('bob', '2025-01-05');
    expect(
      beside
        .history()
        .attainment({ for: { participant: 'ann' }, measure: 'revenue', period: '2025-Q1' })
        .quota?.toString(),
    ).toBe('90000');
  });
});
