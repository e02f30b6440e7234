import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const pays = [
  { from: '80%', pays: '50%' },
  { from: '100%', pays: '100%' },
];
const bonus = {
  name: 'Bonus',
  measure: 'revenue',
  per: 'quarter',
  target: '9000',
  curve: [
    { at: '0%', pays: '0%' },
    { at: '100%', pays: '100%' },
  ],
};
const company = (component: object, settings: object = {}, plan: object = {}) =>
  new Story({ ...settings } as Record<string, unknown>)
    .person('ann', 'AE', '2025-01-01', { team: 'North' })
    .plan('AE', { components: [component], ...plan });
const earned = (story: Story, period = '2025') =>
  story.history().earned({ participant: 'ann', period }, { effective: '2025-12-31' });
const lines = (story: Story, period?: string) =>
  earned(story, period)
    .lines.filter(({ earned: amount }) => Number(amount) !== 0)
    .map(({ kind, record, date, earned: amount }) => `${kind} ${record?.id ?? 'window'} ${date} ${amount}`);
const exceptions = (story: Story) =>
  story
    .history()
    .statement({ participant: 'ann', period: '2025-03' })
    .exceptions.map(({ code, detail }) => `${code} ${detail}`);

describe('a target', () => {
  it('AT-12 is one line at the end of its window, prorated by the days in the plan', () => {
    const story = new Story({ prorate: 'by days' })
      .person('ann', 'AE', '2025-02-10')
      .plan('AE', { components: [{ ...bonus, beyond: 'continue' }] });
    story.quota('ann', 'revenue', '2025-Q1', 90000).sold('ann', 'A', 60000, '2025-03-12');
    expect(lines(story)).toEqual(['earning window 2025-03-31 6000.00']);
  });
  it('AT-26b pays no more than the last point of its curve', () => {
    expect(
      lines(company(bonus).quota('ann', 'revenue', '2025-Q1', 10000).sold('ann', 'A', 13000, '2025-01-12')),
    ).toEqual(['earning window 2025-03-31 9000.00']);
  });
  it('pays in steps, and nothing below the first', () => {
    const story = company({ ...bonus, curve: undefined, tiers: pays }).quota('ann', 'revenue', '2025', 40000);
    story
      .sold('ann', 'A', 7999, '2025-01-12')
      .sold('ann', 'B', 8000, '2025-04-12')
      .sold('ann', 'C', 30000, '2025-07-12');
    expect(lines(story)).toEqual(['earning window 2025-06-30 4500.00', 'earning window 2025-09-30 9000.00']);
  });
  it('has no line before its window has ended', () => {
    const story = company(bonus).quota('ann', 'revenue', '2025-Q1', 10000).sold('ann', 'A', 13000, '2025-01-12');
    expect(story.history().earned({ participant: 'ann', period: '2025' }, { effective: '2025-03-30' }).lines).toEqual(
      [],
    );
  });
  it('goes by the version at the start of the window, and by the assignment through all versions', () => {
    const story = company(bonus, { prorate: 'by months' }).plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      components: [{ ...bonus, target: '12000' }],
    });
    for (const quarter of ['2025-Q1', '2025-Q2']) story.quota('ann', 'revenue', quarter, 1000);
    story.sold('ann', 'A', 1000, '2025-01-12').sold('ann', 'B', 1000, '2025-05-12');
    expect(lines(story)).toEqual(['earning window 2025-03-31 9000.00', 'earning window 2025-06-30 12000.00']);
  });
  it('follows the version at the start of the window, even if it names somebody else', () => {
    const half = { ...bonus, curve: undefined, tiers: [{ from: '0', pays: '50%' }] };
    const story = new Story()
      .person('ann', 'SDR', '2025-01-01')
      .plan('AE', { effective: { from: '2025-01-01' }, assignedTo: { roles: ['AE'] }, components: [half] })
      .plan('AE', {
        version: '2',
        effective: { from: '2025-02-01' },
        assignedTo: { roles: ['SDR'] },
        components: [{ ...half, target: '18000' }],
      });
    expect(lines(story).slice(0, 2)).toEqual([
      'earning window 2025-03-31 4500.00',
      'earning window 2025-06-30 9000.00',
    ]);
  });
  it('pays a leaver for their part, at the end of the window', () => {
    const story = new Story({ prorate: 'by months' })
      .person('ann', 'AE', '2025-01-01', { to: '2025-02-28' })
      .plan('AE', { components: [bonus] });
    story.quota('ann', 'revenue', '2025-Q1', 3000).sold('ann', 'A', 2000, '2025-01-12');
    expect(lines(story)).toEqual(['earning window 2025-03-31 6000.00']);
  });
  it('leaves out the days of a leave', () => {
    const story = company(bonus, { prorate: 'by months' })
      .quota('ann', 'revenue', '2025-Q1', 3000)
      .sold('ann', 'A', 3000, '2025-01-12');
    story.record('leave-ann', {
      type: 'LeaveRecorded',
      data: { participant: 'ann', source: null, from: '2025-03-01', to: '2025-03-31' },
    });
    expect(lines(story)).toEqual(['earning window 2025-03-31 6000.00']);
  });
  it('that is assigned is cut as the quota is, by seasons and without a ramp', () => {
    const story = company(
      { ...bonus, target: 'assigned' },
      { seasons: ['10%', '20%', '30%', '40%'], ramp: { AE: ['0%', '0%', '0%'] } },
    );
    story.record('quota-ann~revenue', {
      type: 'QuotaAssigned',
      data: {
        for: 'ann',
        measure: 'revenue',
        period: '2025',
        amount: '1000',
        target: '6000',
        credit: ['sales'],
        currency: null,
      },
    });
    story.sold('ann', 'A', 5000, '2025-05-12').sold('ann', 'B', 5000, '2025-08-12');
    expect(lines(story)).toEqual(['earning window 2025-06-30 1200.00', 'earning window 2025-09-30 1800.00']);
  });
  it('that nobody assigned pays 0, by name', () => {
    const story = company({ ...bonus, target: 'assigned' })
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 5000, '2025-02-12');
    expect(exceptions(story)).toEqual(['UNDEFINED no target is assigned to ann for revenue in 2025-Q1']);
  });
  it('without a quota pays 0 with the exception NO_QUOTA, even from 0%', () => {
    const story = company({ ...bonus, curve: undefined, tiers: [{ from: '0%', pays: '10%' }, ...pays] }).sold(
      'ann',
      'A',
      5000,
      '2025-02-12',
    );
    expect([lines(story, '2025-Q1'), exceptions(story)]).toEqual([[], ['NO_QUOTA no quota for revenue in 2025-Q1']]);
  });
  it('on levels of the measure itself needs no quota', () => {
    const story = company({ ...bonus, curve: undefined, tiers: [{ from: '4000', pays: '50%' }] }).sold(
      'ann',
      'A',
      5000,
      '2025-02-12',
    );
    expect([lines(story), exceptions(story)]).toEqual([['earning window 2025-03-31 4500.00'], []]);
  });
  it('is multiplied and capped as a whole, by an amount or a share of it', () => {
    const story = company({ ...bonus, beyond: 'continue', multiplier: '150%', cap: { share: '200%' } })
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 2000, '2025-02-12');
    expect(lines(story)).toEqual([
      'earning window 2025-03-31 18000.00',
      'multiplier window 2025-03-31 9000.00',
      'cap window 2025-03-31 -9000.00',
    ]);
    const capped = company({ ...bonus, cap: { amount: '10000', per: 'year' } })
      .quota('ann', 'revenue', '2025', 4000)
      .sold('ann', 'A', 1000, '2025-02-12')
      .sold('ann', 'B', 1000, '2025-05-12');
    expect(lines(capped).slice(2)).toEqual(['cap window 2025-06-30 -8000.00']);
  });
  it('may follow from the participant, by an expression', () => {
    const story = company({ ...bonus, target: 'if(my.team = "North", 5000, 9000)' })
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 1000, '2025-02-12');
    expect(lines(story)).toEqual(['earning window 2025-03-31 5000.00']);
  });
  it('may be written in another currency, or follow from a sum: it is converted at the rate of the first day', () => {
    const paying = (target: string) =>
      company({ ...bonus, target, curve: undefined, tiers: [{ from: '0', pays: '50%' }] }).sold(
        'ann',
        'A',
        1000,
        '2025-02-12',
      );
    const euros = paying('4000 EUR').rate('EUR', 'USD', '2025-01-01', '1.1').rate('EUR', 'USD', '2025-01-02', '2');
    expect(lines(euros).slice(0, 1)).toEqual(['earning window 2025-03-31 2200.00']);
    expect(lines(paying('4000 USD'))[0]).toBe('earning window 2025-03-31 2000.00');
    expect(lines(paying('10% * sum(revenue)'))).toEqual(['earning window 2025-03-31 50.00']);
    expect(exceptions(paying('4000 USD'))).toEqual([]);
    expect(lines(paying('4000 EUR'))).toEqual([]);
    expect(exceptions(paying('4000 EUR'))).toEqual(['RATE_MISSING no rate from EUR to USD on 2025-01-01']);
    expect(exceptions(paying('4000 / (deals - 1)'))).toEqual(['UNDEFINED 4000 / (deals - 1) is undefined']);
  });
  it('names the unknown value: a rate of its quota or of itself, or the amount of a record', () => {
    const assigned = (more: object) =>
      company({ ...bonus, ...more }).record('quota-ann~revenue', {
        type: 'QuotaAssigned',
        data: {
          for: 'ann',
          measure: 'revenue',
          period: '2025-Q1',
          amount: '10000',
          target: '900',
          credit: ['sales'],
          currency: 'EUR',
        },
      });
    expect(exceptions(assigned({}))).toEqual(['RATE_MISSING no rate from EUR to USD on 2025-01-01']);
    expect(exceptions(assigned({ target: 'assigned', curve: undefined, tiers: [{ from: '0', pays: '50%' }] }))).toEqual(
      ['RATE_MISSING no rate from EUR to USD on 2025-01-01'],
    );
    const measures = { revenue: { counts: 'amount / quantity', of: 'deals' } };
    const story = company(
      { ...bonus, curve: undefined, tiers: [{ from: '0', pays: '50%' }] },
      { measures, fields: { quantity: 'number' } },
    )
      .sold('ann', 'A', 1000, '2025-01-12')
      .sold('ann', 'B', 1000, '2025-01-13', { quantity: 2, currency: 'GBP' });
    expect(exceptions(story)).toEqual(['UNDEFINED revenue is undefined', 'RATE_MISSING no rate to USD on 2025-01-13']);
  });
  it('pays nobody whom the plan names on no day of the window', () => {
    const story = new Story()
      .person('ann', 'SDR', '2025-01-01')
      .person('ann', 'AE', '2025-04-01')
      .person('ann', 'SDR', '2025-07-01')
      .plan('AE', { components: [{ ...bonus, curve: undefined, tiers: [{ from: '0', pays: '50%' }] }] });
    expect(earned(story).lines.map(({ date, earned: amount }) => `${date} ${amount}`)).toEqual(['2025-06-30 4500.00']);
  });
  it('moves a closed month by a late record, as a difference without a record', () => {
    const story = company(bonus)
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .sold('ann', 'A', 500, '2025-02-12')
      .close('2025-03');
    story.at('2025-04-10').sold('ann', 'B', 250, '2025-03-20');
    const [line] = story
      .history()
      .statement({ participant: 'ann', period: '2025-04' })
      .lines.filter(({ kind }) => kind === 'difference');
    expect([line?.record, line?.for, line?.cause?.kind, line?.payable]).toEqual([null, '2025-03', 'won', '2250.00']);
  });
  it('states the target and the paid share, and its parts sum to the line', () => {
    const [line] = earned(
      company(bonus).quota('ann', 'revenue', '2025-Q1', 1000).sold('ann', 'A', 500, '2025-02-12'),
      '2025-03',
    ).lines;
    expect(line!.trace.rule).toBe(
      'AE 1, Bonus: 50% of the target 9000 USD for 2025-Q1; revenue reached 500 of the quota 1000',
    );
    expect(line!.trace.slices).toMatchObject([{ credited: '9000', rate: '50%', amount: '4500' }]);
    expect(line!.trace.inputs.map(({ what }) => what)).toEqual([
      'plan',
      'participant',
      'quota revenue 2025-Q1',
      'crm:A',
    ]);
  });
});

describe('objectives', () => {
  const objectives = {
    name: 'Goals',
    per: 'quarter',
    target: '4000',
    objectives: { Partners: '50%', Pipeline: '30%', Playbook: '20%' },
  };
  const score = (story: Story, objective: string, share: string, period = '2025-Q1') =>
    story.record('score-ann', { type: 'ScoreRecorded', data: { participant: 'ann', period, objective, score: share } });
  it('AT-26 pay their weights times their scores; one without a score counts 0', () => {
    const story = company(objectives);
    score(score(story, 'Partners', '100%'), 'Pipeline', '80%');
    expect(lines(story)).toEqual(['earning window 2025-03-31 2960.00']);
  });
  it('are scored again: a closed month moves, with the cause score', () => {
    const story = company(objectives);
    score(story, 'Partners', '100%').close('2025-03');
    score(story.at('2025-04-10'), 'Partners', '50%');
    const [line] = story
      .history()
      .statement({ participant: 'ann', period: '2025-04' })
      .lines.filter(({ kind }) => kind === 'difference');
    expect([line?.cause?.kind, line?.payable]).toEqual(['score', '-1000.00']);
  });
  it('may be assigned to the participant, or else to the team', () => {
    const story = company({ ...objectives, objectives: 'assigned' });
    const assign = (forWhom: string, name: string, period: string) =>
      story.record(`objective-${forWhom}`, {
        type: 'ObjectiveAssigned',
        data: { for: forWhom, component: 'Goals', period, name, weight: '100%' },
      });
    assign('North', 'Pipeline', '2025-Q1');
    assign('North', 'Pipeline', '2025-Q2');
    assign('ann', 'Playbook', '2025-Q2');
    score(score(story, 'Pipeline', '50%'), 'Playbook', '25%', '2025-Q2');
    expect(lines(story)).toEqual(['earning window 2025-03-31 2000.00', 'earning window 2025-06-30 1000.00']);
  });
  it('may gate another component by score()', () => {
    const story = company({
      name: 'Commission',
      measure: 'revenue',
      per: 'quarter',
      rate: '10%',
      multiplier: 'if(score("Playbook") >= 50%, 100%, 0%)',
    }).sold('ann', 'A', 1000, '2025-03-12');
    expect(lines(story)).toEqual(['earning A 2025-03-12 100.00', 'multiplier A 2025-03-31 -100.00']);
    expect(lines(score(story, 'Playbook', '50%'))).toEqual(['earning A 2025-03-12 100.00']);
  });
});

describe('a ratio', () => {
  const measures = {
    revenue: { counts: 'amount', of: 'deals' },
    cost: { counts: 'amount * 0.6', of: 'deals', where: 'product = "X"' },
    wins: { counts: '1', of: 'deals' },
    costRate: { is: 'cost / revenue' },
    size: { is: 'revenue / wins' },
  };
  it('is the axis of a target: a bound in % is the ratio itself, and no quota is needed', () => {
    const story = company(
      {
        ...bonus,
        curve: undefined,
        measure: 'costRate',
        tiers: [
          { from: '20%', pays: '50%' },
          { from: '35%', pays: '100%' },
        ],
      },
      { measures },
    );
    story
      .sold('ann', 'A', 1000, '2025-01-12', { product: 'X' })
      .sold('ann', 'B', 1000, '2025-02-12')
      .sold('ann', 'C', 1000, '2025-05-12', { product: 'X' });
    expect(lines(story)).toEqual(['earning window 2025-03-31 4500.00', 'earning window 2025-06-30 9000.00']);
    expect(exceptions(story)).toEqual([]);
  });
  it('pays a record at the ratio that the record produces', () => {
    const tiers = [
      { from: '0%', rate: '1%' },
      { from: '50%', rate: '10%' },
    ];
    const story = company({ name: 'By', measure: 'revenue', by: 'costRate', per: 'quarter', tiers }, { measures });
    story
      .sold('ann', 'A', 1000, '2025-01-12', { product: 'X' })
      .sold('ann', 'B', 1000, '2025-02-12')
      .sold('ann', 'C', 4000, '2025-03-12', { product: 'X' });
    expect(lines(story)).toEqual([
      'earning A 2025-01-12 100.00',
      'earning B 2025-02-12 10.00',
      'earning C 2025-03-12 400.00',
    ]);
  });
  it('of money by a number has plain bounds in units of money', () => {
    const tiers = [
      { from: '0', rate: '1%' },
      { from: '1500', rate: '10%', retroactive: 'yes' },
    ];
    const story = company({ name: 'By', measure: 'revenue', by: 'size', per: 'quarter', tiers }, { measures });
    story.sold('ann', 'A', 1000, '2025-01-12').sold('ann', 'B', 2000, '2025-02-12');
    expect(lines(story)).toEqual([
      'earning A 2025-01-12 10.00',
      'earning B 2025-02-12 200.00',
      'true-up A 2025-02-12 90.00',
    ]);
  });
  it('is attained as it is, and undefined where its divisor is 0', () => {
    const story = company(bonus, { measures }).sold('ann', 'A', 1000, '2025-01-12', { product: 'X' });
    const attained = (period: string) =>
      story
        .history()
        .attainment({ for: { participant: 'ann' }, measure: 'costRate', period })
        .attained?.toString() ?? null;
    expect([attained('2025-Q1'), attained('2025-Q2')]).toEqual(['0.6', null]);
  });
});
