import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const measures = {
  revenue: { counts: 'amount', of: 'deals' },
  renewals: { counts: 'amount', of: 'deals', where: 'type = "Renewal"' },
  wins: { counts: '1', of: 'deals' },
};
const hurdle = 'attainment(renewals) >= 95%';
const tiered = (tiers: readonly object[], more: object = {}) => ({
  name: 'Commission',
  measure: 'revenue',
  per: 'quarter',
  tiers,
  ...more,
});
const company = (component: object, more: Record<string, unknown> = {}) =>
  new Story({ measures })
    .person('ann', 'AE', '2025-01-01', { team: 'North' })
    .plan('AE', { components: [component], ...more });
const lines = (story: Story, period = '2025') =>
  story
    .history()
    .earned({ participant: 'ann', period })
    .lines.filter(({ earned }) => Number(earned) !== 0)
    .map(({ kind, record, date, earned }) => `${kind} ${record?.id} ${date} ${earned}`);
const renewal = { type: 'Renewal' };

describe('a tier with a hurdle', () => {
  const withHurdle = tiered([
    { from: '0%', rate: '5%' },
    { from: '100%', rate: '10%', when: hurdle },
  ]);
  const begun = (component: object = withHurdle) =>
    company(component)
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .quota('ann', 'renewals', '2025-Q1', 500)
      .sold('ann', 'A', 2000, '2025-01-10');

  it('does not exist while the hurdle is unmet, and trues up at the end of the pay period in which it is met', () => {
    expect(lines(begun())).toEqual(['earning A 2025-01-10 100.00']);
    expect(lines(begun().sold('ann', 'B', 500, '2025-02-10', renewal))).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 50.00',
      'true-up A 2025-02-28 50.00',
    ]);
  });
  it('pays records of the pay period at whose end it is met from the beginning', () => {
    expect(lines(begun().sold('ann', 'B', 500, '2025-01-31', renewal))).toEqual([
      'earning A 2025-01-10 150.00',
      'earning B 2025-01-31 50.00',
    ]);
  });
  it('is lost again when a dated reversal takes the hurdle', () => {
    const dated = new Story({ measures: { ...measures, renewals: { ...measures.renewals, reversals: 'dated' } } })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ ...withHurdle, where: 'type != "Renewal"' }] });
    dated
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .quota('ann', 'renewals', '2025-Q1', 500)
      .sold('ann', 'A', 2000, '2025-01-10')
      .sold('ann', 'B', 500, '2025-01-20', renewal)
      .cancel('B', '2025-03-05');
    expect(lines(dated)).toEqual(['earning A 2025-01-10 150.00', 'true-up A 2025-03-31 -50.00']);
  });
  it('is unmet without a quota, and causes no exception', () => {
    const story = company(withHurdle)
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 2000, '2025-01-10')
      .sold('ann', 'B', 500, '2025-02-10', renewal);
    expect(lines(story)).toEqual(['earning A 2025-01-10 100.00', 'earning B 2025-02-10 25.00']);
    expect(story.history().exceptions()).toEqual([]);
  });
  it('on the first tier leaves the axis below the next tier unpaid', () => {
    const story = begun(
      tiered([
        { from: '0%', rate: '5%', when: hurdle },
        { from: '100%', rate: '10%' },
      ]),
    );
    expect(lines(story)).toEqual(['earning A 2025-01-10 100.00']);
    expect(lines(story.sold('ann', 'B', 500, '2025-02-10', renewal))).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 50.00',
      'true-up A 2025-02-28 50.00',
    ]);
  });
  it('may be retroactive, and reaches back when it is met', () => {
    const story = begun(
      tiered([
        { from: '0%', rate: '5%' },
        { from: '100%', rate: '10%', retroactive: 'yes', when: 'deals >= 2' },
      ]),
    );
    expect(lines(story)).toEqual(['earning A 2025-01-10 100.00']);
    expect(lines(story.sold('ann', 'B', 100, '2025-03-10'))).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-03-10 10.00',
      'true-up A 2025-03-31 100.00',
    ]);
  });
  it('depends on the participant’s row on the last day of the pay period', () => {
    const story = company(
      tiered(
        [
          { from: '0', rate: '5%' },
          { from: '0', rate: '10%', when: 'my.tenure >= 2' },
        ],
        { per: 'year' },
      ),
    )
      .sold('ann', 'A', 1000, '2025-01-10')
      .close('2025-03');
    const of = (period: string) =>
      story
        .history()
        .statement({ participant: 'ann', period })
        .lines.map(({ kind, earned }) => `${kind} ${earned}`);
    expect([of('2025-01'), of('2025-02'), of('2025-03')]).toEqual([['earning 50.00'], [], ['true-up 50.00']]);
  });
  it('combines with a multiplier and a cap, which count its true-up', () => {
    const story = begun({
      ...withHurdle,
      multiplier: 'if(sum(renewals) > 100, 120%, 100%)',
      cap: { amount: '170', per: 'quarter' },
    }).sold('ann', 'B', 500, '2025-02-10', renewal);
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 50.00',
      'true-up A 2025-02-28 50.00',
      'multiplier A 2025-02-28 30.00',
      'multiplier B 2025-02-28 10.00',
      'cap A 2025-02-28 -60.00',
      'cap B 2025-02-28 -10.00',
    ]);
  });
  it('of a target is a level that does not exist while the hurdle is unmet at the end of the window', () => {
    const target = {
      name: 'Bonus',
      measure: 'revenue',
      per: 'quarter',
      target: '1000',
      tiers: [
        { from: '0%', pays: '50%' },
        { from: '100%', pays: '100%', when: 'sum(renewals) >= 500' },
      ],
    };
    expect(lines(begun(target).close('2025-03'))).toEqual(['earning undefined 2025-03-31 500.00']);
    expect(lines(begun(target).sold('ann', 'B', 500, '2025-03-31', renewal).close('2025-03'))).toEqual([
      'earning undefined 2025-03-31 1000.00',
    ]);
  });
  it('states its condition, its answers with their days, and its quota', () => {
    const trueUp = begun()
      .sold('ann', 'B', 500, '2025-02-10', renewal)
      .history()
      .earned({ participant: 'ann', period: '2025-02' })
      .lines.find(({ kind }) => kind === 'true-up');
    expect(trueUp!.trace.rule).toBe(
      `AE 1, Commission: from 0% rate 5%; from 100% rate 10% when ${hurdle} of revenue per quarter (2025-Q1); on 2025-02-28 attainment(renewals) = 100%`,
    );
    expect(trueUp!.trace.inputs.map(({ what }) => what)).toContain('quota renewals of ann 2025-Q1');
  });
  it('moves a closed month when the quota of its hurdle is corrected', () => {
    const story = begun().sold('ann', 'B', 400, '2025-01-20', renewal).close('2025-01');
    story.at('2025-02-10').quota('ann', 'renewals', '2025-Q1', 400);
    const differences = story
      .history()
      .statement({ participant: 'ann', period: '2025-02' })
      .lines.filter(({ kind }) => kind === 'difference');
    expect(differences.map(({ cause, record, payable }) => [cause?.kind, record?.id, payable])).toEqual([
      ['quota', 'A', '50.00'],
      ['quota', 'B', '20.00'],
    ]);
  });
});

describe('a rate or a condition that depends on the window', () => {
  it('is answered at the end of each pay period, and trues up the records before', () => {
    const story = company({
      name: 'Commission',
      measure: 'revenue',
      per: 'quarter',
      rate: 'if(sum(revenue) >= 1500, 10%, 5%)',
    })
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 1000, '2025-02-10');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 50.00',
      'earning B 2025-02-10 100.00',
      'true-up A 2025-02-28 50.00',
    ]);
  });
  it('pays a record from the pay period on in which its condition is met', () => {
    const story = company({
      name: 'Kicker',
      measure: 'revenue',
      per: 'quarter',
      where: 'amount >= 500 and deals >= 2',
      rate: '1%',
    })
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 100, '2025-02-10');
    expect(lines(story)).toEqual(['true-up A 2025-02-28 10.00']);
  });
  it('takes no place under a count while its condition is not met', () => {
    const story = company({
      name: 'Bounty',
      measure: 'wins',
      per: 'quarter',
      where: 'amount >= 500 or deals >= 9',
      each: '50',
      cap: { count: '1', per: 'quarter' },
    })
      .sold('ann', 'A', 100, '2025-01-10')
      .sold('ann', 'B', 900, '2025-02-10');
    expect(lines(story)).toEqual(['earning B 2025-02-10 50.00']);
  });
  it('is clawed back, held and counted like one that has an own line', () => {
    const component = {
      name: 'Kicker',
      measure: 'revenue',
      per: 'quarter',
      where: 'deals >= 2',
      rate: '10%',
      clawback: { take: '50%' },
      release: 'payment',
    };
    const story = new Story({ measures: { ...measures, revenue: { ...measures.revenue, reversals: 'kept' } } })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [component] });
    story
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 100, '2025-02-10')
      .cancel('A', '2025-03-05', 500)
      .close('2025-03');
    const of = (period: string) =>
      story
        .history()
        .statement({ participant: 'ann', period })
        .lines.map(({ kind, record, earned, payable }) => `${kind} ${record?.id} ${earned} ${payable}`);
    expect([of('2025-01'), of('2025-02')]).toEqual([
      [],
      ['earning B 10.00 10.00', 'true-up A 100.00 100.00', 'hold A 0.00 -100.00', 'hold B 0.00 -10.00'],
    ]);
    expect(of('2025-03')).toEqual(['clawback A -25.00 -25.00', 'release A 0.00 25.00']);
  });
  it('blocks its line with a named exception while it is undefined', () => {
    const story = company({
      name: 'Commission',
      measure: 'revenue',
      per: 'quarter',
      rate: 'min(attainment(revenue) * 10%, 10%)',
    }).sold('ann', 'A', 1000, '2025-01-10');
    expect(lines(story)).toEqual([]);
    expect(
      story
        .history()
        .exceptions()
        .map(({ code, record }) => `${code} ${record?.id}`),
    ).toEqual(['NO_QUOTA A']);
    expect(lines(story.quota('ann', 'revenue', '2025-Q1', 2000))).toEqual(['earning A 2025-01-10 50.00']);
  });
  it('sums money in the currency of the plan, in which amounts beside it are taken, and a record in its own', () => {
    const rate = (condition: string) =>
      company({ name: 'Commission', measure: 'revenue', per: 'quarter', rate: `if(${condition}, 10%, 5%)` })
        .rate('EUR', 'USD', '2025-01-01', '2')
        .sold('ann', 'A', 100, '2025-01-10', { currency: 'EUR' });
    expect(lines(rate('sum(revenue) = 200'))).toEqual(['earning A 2025-01-10 20.00']);
    expect(lines(rate('sum(revenue) = 100 EUR'))).toEqual(['earning A 2025-01-10 20.00']);
    expect(lines(rate('sum(revenue) = amount'))).toEqual(['earning A 2025-01-10 20.00']);
    expect(lines(rate('amount = 100 and sum(revenue) - amount = 0'))).toEqual(['earning A 2025-01-10 20.00']);
  });
  it('asks the score of an objective and the deals of those below, by the credit of the component', () => {
    const story = new Story({ measures })
      .person('mo', 'Manager', '2025-01-01')
      .person('ann', 'AE', '2025-01-01', { manager: 'mo' });
    story.plan('M', {
      assignedTo: { roles: ['Manager'] },
      components: [
        {
          name: 'Override',
          credit: ['reports'],
          measure: 'revenue',
          per: 'quarter',
          rate: 'if(deals >= 2 and sum(wins) = 2 and score("Coach") >= 50%, 2%, 1%)',
        },
      ],
    });
    story.sold('ann', 'A', 1000, '2025-01-10').sold('ann', 'B', 1000, '2025-01-11');
    const earned = () =>
      story
        .history()
        .earned({ participant: 'mo', period: '2025' })
        .lines.map(({ earned }) => earned);
    expect(earned()).toEqual(['10.00', '10.00']);
    story.record('scores-mo', {
      type: 'ScoreRecorded',
      data: { participant: 'mo', period: '2025-Q1', objective: 'Coach', score: '0.5' },
    } as Parameters<Story['record']>[1]);
    expect(earned()).toEqual(['20.00', '20.00']);
  });
});
