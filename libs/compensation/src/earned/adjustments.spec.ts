import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const commission = { name: 'Commission', measure: 'revenue', rate: '10%' };
const company = (more: Record<string, unknown> = {}) =>
  new Story()
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { effective: { from: '2025-01-01' }, components: [commission], ...more })
    .at('2025-01-20')
    .sold('ann', 'D1', 1000, '2025-01-10');
const adjusted = (story: Story, adjustment: string, amount: string, more: Record<string, unknown> = {}) => {
  const data = {
    adjustment,
    participant: 'ann',
    period: '2025-01',
    amount,
    plan: null,
    record: null,
    for: null,
    reason: 'promised',
    ...more,
  };
  return story
    .record(`adjustment-${adjustment}`, { type: 'AdjustmentProposed', data })
    .record(`adjustment-${adjustment}`, { type: 'AdjustmentApproved', data: { adjustment, participant: 'ann' } });
};
const lines = (story: Story, period = '2025-01') =>
  story
    .history()
    .statement({ participant: 'ann', period })
    .lines.map(({ kind, component, for: of, record, payable }) => [kind, component, of, record?.id, payable]);

describe('An adjustment by hand', () => {
  it('is a line of its own behind the components of its plan, and joins what is due', () => {
    expect(lines(adjusted(company(), 'a1', '-25.50'))).toEqual([
      ['earning', 'Commission', null, 'D1', '100.00'],
      ['adjustment', '', null, undefined, '-25.50'],
    ]);
    expect(lines(adjusted(company({ draw: { amount: '500', recoverable: 'no' } }), 'a1', '50'))).toEqual([
      ['earning', 'Commission', null, 'D1', '100.00'],
      ['adjustment', '', null, undefined, '50.00'],
      ['draw', '', null, undefined, '350.00'],
    ]);
  });
  it('is paid once it is approved, and not while it is proposed', () => {
    const data = {
      adjustment: 'a1',
      participant: 'ann',
      period: '2025-01',
      amount: '5',
      plan: null,
      record: null,
      for: null,
      reason: 'promised',
    };
    expect(lines(company().record('adjustment-a1', { type: 'AdjustmentProposed', data }))).toHaveLength(1);
  });
  it('names the deal and the closed period that it concerns', () => {
    const story = adjusted(company().close('2025-01').at('2025-02-03'), 'a1', '7', {
      period: '2025-02',
      for: '2025-01',
      record: { source: 'crm', id: 'D1' },
    });
    expect(lines(story.close('2025-02'), '2025-02')).toEqual([['adjustment', '', '2025-01', 'D1', '7.00']]);
    expect(lines(story)).toHaveLength(1);
  });
  it('belongs to the plan that it names', () => {
    const both = () =>
      company().plan('Bonus', { effective: { from: '2025-01-01' }, components: [{ ...commission, name: 'Bonus' }] });
    const plans = (story: Story) =>
      story
        .history()
        .statement({ participant: 'ann', period: '2025-01' })
        .lines.flatMap(({ kind, plan }) => (kind === 'adjustment' ? [plan] : []));
    expect(plans(adjusted(both(), 'a1', '1'))).toEqual(['AE']);
    expect(plans(adjusted(both(), 'a1', '1', { plan: 'Bonus' }))).toEqual(['Bonus']);
  });
  it('is cut by no cap, converted at the pay date, and explained by its reason', () => {
    const story = adjusted(company({ cap: { amount: '60', per: 'month' } }), 'a1', '10')
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' })
      .rate('USD', 'EUR', '2025-01-31', '0.5');
    const { payable, lines: all } = story.history().statement({ participant: 'ann', period: '2025-01' });
    expect(payable).toBe('35.00');
    const trace = all.find(({ kind }) => kind === 'adjustment')!.trace;
    expect(trace.rule).toBe('AE 1: adjusted by hand: promised');
    expect(trace.inputs.map(({ what }) => what)).toEqual(['plan', 'participant', 'adjustment', 'approval']);
  });
  it('belongs to the version in force at the end of its period, or to the last version of an ended plan', () => {
    const versions = () =>
      company().plan('AE', {
        version: '2',
        effective: { from: '2025-02-28', to: '2025-03-31' },
        components: [commission],
      });
    const rule = (period: string) => {
      const all = adjusted(versions(), 'a1', '5', { period }).history().statement({ participant: 'ann', period }).lines;
      return all.find(({ kind }) => kind === 'adjustment')?.trace.rule;
    };
    expect(rule('2025-01')).toBe('AE 1: adjusted by hand: promised');
    expect(rule('2025-02')).toBe('AE 2: adjusted by hand: promised');
    expect(rule('2025-03')).toBe('AE 2: adjusted by hand: promised');
  });
  it('that names an ended plan belongs to its last version', () => {
    const ended = company({ effective: { from: '2025-01-01', to: '2025-03-31' } });
    expect(lines(adjusted(ended, 'a1', '5', { period: '2025-05', plan: 'AE' }), '2025-05')).toEqual([
      ['adjustment', '', null, undefined, '5.00'],
    ]);
    expect(lines(adjusted(ended, 'a2', '5', { period: '2025-06' }), '2025-06')).toEqual([]);
  });
  it('is listed by period, and by approval within a period', () => {
    const story = company();
    for (const [id, amount, period] of [
      ['a1', '1', '2025-03'],
      ['a2', '2', '2025-01'],
      ['a3', '3', '2025-02'],
      ['a4', '4', '2025-01'],
    ] as const)
      adjusted(story, id, amount, { period });
    const rows = story.history().earned({ participant: 'ann', period: '2025' }, { effective: '2025-12-31' }).lines;
    expect(rows.filter(({ kind }) => kind === 'adjustment').map(({ date, earned }) => `${date} ${earned}`)).toEqual([
      '2025-01-31 2.00',
      '2025-01-31 4.00',
      '2025-02-28 3.00',
      '2025-03-31 1.00',
    ]);
  });
  it('of an unknown record has no record', () => {
    const record = { source: 'crm', id: 'unknown' };
    expect(lines(adjusted(company(), 'a1', '5', { record }))[1]).toEqual(['adjustment', '', null, undefined, '5.00']);
  });
  it('is a row of the earnings', () => {
    const rows = adjusted(company(), 'a1', '12.34').history().rows();
    expect(rows.filter(({ kind }) => kind === 'adjustment')).toMatchObject([
      { component: '', date: '2025-01-31', earned: '12.34', payable: '12.34' },
    ]);
  });
});
