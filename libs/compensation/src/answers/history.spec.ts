import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';
import type { History } from './api.js';

const marginal = [
  { from: '0%', rate: '10%' },
  { from: '100%', rate: '15%' },
];
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
  const lines = (period: string) =>
    history
      .statement({ participant: 'ann', period })
      .lines.map((line) => [line.kind, line.for, line.record?.id, line.cause?.kind, line.payable]);

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
  it('answers for January as known on three days', () => {
    const earned = (known: string) =>
      history.earned({ participant: 'ann', period: '2025-01' }, { known, effective: '2025-12-31' }).amount.toString();
    expect(['2025-02-01', '2025-03-31', '2025-04-30'].map(earned)).toEqual(['9000', '9500', '7500']);
  });
  it('attributes the difference of 1,500 to the quota and the cancellation', () => {
    const { total, causes } = history.difference(
      { participant: 'ann', period: '2025-01' },
      { known: '2025-02-01', effective: '2025-01-31' },
      { known: '2025-04-30', effective: '2025-04-30' },
    );
    expect(total.toString()).toBe('-1500');
    expect(causes.map(({ kind, amount }) => [kind, amount.toString()])).toEqual([
      ['quota', '500'],
      ['cancelled', '-2000'],
    ]);
  });
});

describe('a history with questions between its facts', () => {
  it('forgets the pay of a retracted plan version', () => {
    const published = () =>
      new Story()
        .person('ann', 'AE', '2025-01-01')
        .plan('AE', {
          version: '1',
          effective: { from: '2025-01-01' },
          components: [{ name: 'Flat', measure: 'revenue', rate: '3%' }],
        })
        .plan('AE', {
          version: '2',
          effective: { from: '2025-02-01' },
          components: [{ name: 'Flat', measure: 'revenue', rate: '6%' }],
        })
        .sold('ann', 'D1', 1000, '2025-02-10');
    const earned = (history: History) => history.earned({ participant: 'ann', period: '2025-02' }).amount.toString();
    for (let others = 0; others < 12; others += 1) {
      const story = published();
      const asked = story.facts.length;
      story.record('plan-AE', { type: 'PlanRetracted', data: { plan: 'AE', version: '2' } });
      for (let other = 0; other < others; other += 1) story.opened(`open ${other}`, { owner: 'ann', amount: 1 });
      const running = published().history();
      expect(earned(running)).toBe('60');
      running.append(story.facts.slice(asked));
      expect(earned(running)).toBe('30');
    }
  });

  it('computes an override over 140,000 deals of one manager', () => {
    const story = new Story()
      .person('mo', 'Manager', '2025-01-01')
      .person('ann', 'AE', '2025-01-01', { manager: 'mo' })
      .plan('Managers', {
        effective: { from: '2025-01-01' },
        assignedTo: { roles: ['Manager'] },
        components: [
          {
            name: 'Override',
            credit: ['reports'],
            measure: 'revenue',
            per: 'year',
            tiers: [
              { from: '0', rate: '1%' },
              { from: '5000000', rate: '2%', retroactive: 'yes' },
            ],
          },
        ],
      });
    for (let deal = 0; deal < 140_000; deal += 1) story.sold('ann', `D${deal}`, 10, '2025-02-10');
    const history = story.history();
    expect(history.earned({ participant: 'mo', period: '2025-02' }).amount.toString()).toBe('14000');
    expect(history.exceptions()).toEqual([]);
  });
});

describe('credits for the sales of others', () => {
  const history = new Story()
    .person('ann', 'AE', '2025-01-01', { manager: 'max' })
    .person('bob', 'Mentor', '2025-01-01')
    .person('max', 'Manager', '2025-01-01')
    .person('zoe', 'Analyst', '2025-01-01')
    .plan('AE', { components: [commission] })
    .plan('Mentor', {
      assignedTo: { roles: ['Mentor'] },
      components: [{ name: 'Mentoring', measure: 'revenue', rate: '1%', credit: ['sales', 'through mentor'] }],
    })
    .plan('Manager', {
      assignedTo: { roles: ['Manager'] },
      components: [{ name: 'Override', measure: 'revenue', rate: '1%', credit: 'reports' }],
    })
    .quota('max', 'revenue', '2025-01', 1000, ['sales', 'overlay'])
    .quota('zoe', 'revenue', '2025-01', 1000, ['all'])
    .history();
  const kinds = (participant: string) => [...history.creditKinds(participant)].sort();

  it('follow from plans and quotas together', () => {
    expect(kinds('ann')).toEqual(['sales']);
    expect(kinds('bob')).toEqual(['sales', 'through']);
    expect(kinds('max')).toEqual(['overlay', 'reports', 'sales']);
    expect(kinds('zoe')).toEqual(['all']);
    expect(kinds('nobody')).toEqual([]);
  });
});
