import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const flat = (name: string, more: object = {}) => ({ name, measure: 'revenue', rate: '10%', ...more });
const company = (components: object[], plan: object = {}, settings: object = {}) =>
  new Story({ ...settings })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components, ...plan });
const lines = (story: Story, period: string) =>
  story
    .history()
    .statement({ participant: 'ann', period })
    .lines.map(({ kind, component, record, for: concerns, payable }) =>
      [kind, component, record?.id ?? '', concerns ?? '', payable].join(' ').replace(/ +/g, ' '),
    );

describe('a component that pays less often than its plan', () => {
  const both = () =>
    company([flat('Monthly'), flat('Quarterly', { pays: 'quarterly' })])
      .at('2025-01-20')
      .sold('ann', 'D1', 100, '2025-01-15')
      .at('2025-03-20')
      .sold('ann', 'D3', 300, '2025-03-15');

  it('is in the statement of the plan’s period in which its own period ends', () => {
    expect(lines(both(), '2025-01')).toEqual(['earning Monthly D1 10.00']);
    expect(lines(both(), '2025-02')).toEqual([]);
    expect(lines(both(), '2025-03')).toEqual([
      'earning Monthly D3 30.00',
      'earning Quarterly D1 10.00',
      'earning Quarterly D3 30.00',
    ]);
  });

  it('is earned in that period, and in the quarter and the year that hold it', () => {
    const earned = (period: string) =>
      both().history().earned({ participant: 'ann', period, component: 'Quarterly' }).amount.toString();
    expect([earned('2025-01'), earned('2025-03'), earned('2025-Q1'), earned('2025')]).toEqual(['0', '40', '40', '40']);
  });

  it('has no difference while its own period is open, and one when it is closed', () => {
    const story = company([flat('Monthly'), flat('Quarterly', { pays: 'quarterly' })])
      .at('2025-01-20')
      .sold('ann', 'D1', 100, '2025-01-15')
      .close('2025-01');
    story.at('2025-02-10').reprice('D1', 150).close('2025-02');
    expect(lines(story, '2025-02')).toEqual(['difference Monthly D1 2025-01 5.00']);
    story.close('2025-03').at('2025-04-10').reprice('D1', 200).close('2025-04');
    expect(lines(story, '2025-03')).toEqual(['earning Quarterly D1 15.00']);
    expect(lines(story, '2025-04')).toEqual([
      'difference Monthly D1 2025-01 5.00',
      'difference Quarterly D1 2025-03 5.00',
    ]);
  });

  it('is converted at the pay date of that statement', () => {
    const story = company([flat('Quarterly', { pays: 'quarterly' })]).person('ann', 'AE', '2025-01-01', {
      currency: 'EUR',
    });
    story
      .rate('USD', 'EUR', '2025-01-01', '0.5')
      .rate('USD', 'EUR', '2025-03-31', '0.8')
      .sold('ann', 'D1', 100, '2025-01-15');
    expect(story.history().statement({ participant: 'ann', period: '2025-03' })).toMatchObject({
      payable: '8.00',
      currency: 'EUR',
    });
  });

  it('goes by the version of each record when a later one pays it more often', () => {
    const story = company([flat('Bonus', { pays: 'yearly' })], { effective: { from: '2025-01-01' } });
    story.plan('AE', { version: '2', effective: { from: '2025-02-01' }, components: [flat('Bonus')] });
    story.sold('ann', 'D1', 100, '2025-01-15').sold('ann', 'D2', 200, '2025-02-15');
    expect(lines(story, '2025-01')).toEqual([]);
    expect(lines(story, '2025-02')).toEqual(['earning Bonus D2 20.00']);
    expect(lines(story, '2025-12')).toEqual(['earning Bonus D1 10.00']);
  });

  it('is capped, multiplied and totalled at the end of its own period', () => {
    const capped = company([flat('Capped', { pays: 'quarterly', cap: { amount: '25', per: 'quarter' } })])
      .sold('ann', 'D1', 200, '2025-01-15')
      .sold('ann', 'D2', 100, '2025-02-15');
    expect(lines(capped, '2025-03')).toEqual([
      'earning Capped D1 20.00',
      'earning Capped D2 10.00',
      'cap Capped D2 -5.00',
    ]);
    const totalled = company([flat('Totalled', { pays: 'quarterly', rounding: { per: 'total' } })])
      .sold('ann', 'D1', '0.03', '2025-01-15')
      .sold('ann', 'D2', '0.03', '2025-02-15')
      .sold('ann', 'D3', '0.03', '2025-03-15');
    expect(totalled.history().statement({ participant: 'ann', period: '2025-03' }).payable).toBe('0.01');
  });

  it('lists in that statement the amounts that could not be computed', () => {
    const story = company([flat('Quarterly', { pays: 'quarterly' })]).sold('ann', 'D1', 100, '2025-01-15', {
      currency: 'EUR',
    });
    const codes = (period: string) =>
      story
        .history()
        .statement({ participant: 'ann', period })
        .exceptions.map(({ code }) => code);
    expect([codes('2025-01'), codes('2025-03')]).toEqual([[], ['RATE_MISSING']]);
  });
});
