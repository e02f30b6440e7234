import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const multiplied = (multiplier: string) => ({
  name: 'Commission',
  measure: 'revenue',
  per: 'quarter',
  rate: '10%',
  multiplier,
});
const company = (multiplier: string) =>
  new Story()
    .person('ann', 'AE', '2025-01-01', { team: 'North' })
    .person('bob', 'AE', '2025-01-01', { team: 'North' })
    .plan('AE', { components: [multiplied(multiplier)] });
const lines = (story: Story, period = '2025') =>
  story
    .history()
    .earned({ participant: 'ann', period })
    .lines.map(({ kind, record, date, earned }) => `${kind} ${record?.id} ${date} ${earned}`);
const gate = 'if(attainment(revenue) >= 50%, 120%, 80%)';

describe('a multiplier', () => {
  it('is evaluated at the end of each pay period, and trues up the months before when it changes', () => {
    const story = company(gate)
      .quota('ann', 'revenue', '2025-Q1', 3000)
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 1000, '2025-02-10');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 100.00',
      'multiplier A 2025-01-31 -20.00',
      'multiplier A 2025-02-28 40.00',
      'multiplier B 2025-02-28 20.00',
    ]);
  });
  it('begins anew in each window', () => {
    const story = company(gate)
      .quota('ann', 'revenue', '2025-Q1', 1000)
      .quota('ann', 'revenue', '2025-Q2', 1000)
      .sold('ann', 'A', 900, '2025-03-10')
      .sold('ann', 'B', 100, '2025-04-10');
    expect(lines(story).slice(2)).toEqual(['multiplier A 2025-03-31 18.00', 'multiplier B 2025-04-30 -2.00']);
  });
  it('may depend on the attainment of a team', () => {
    const story = company('if(attainment(revenue, my.team) >= 100%, 110%, 100%)').quota(
      'North',
      'revenue',
      '2025-Q1',
      2000,
    );
    story.sold('ann', 'A', 1000, '2025-01-10').sold('bob', 'B', 1000, '2025-02-10');
    expect(lines(story)).toEqual(['earning A 2025-01-10 100.00', 'multiplier A 2025-02-28 10.00']);
  });
  it('uses the plan’s currency, with credits at the rates of their days and the quota at that of the first day', () => {
    const story = company(gate).rate('EUR', 'USD', '2025-01-01', '2').rate('EUR', 'USD', '2025-02-01', '1');
    story.record('quota-ann~revenue', {
      type: 'QuotaAssigned',
      data: {
        for: 'ann',
        measure: 'revenue',
        period: '2025-Q1',
        amount: '1000',
        target: null,
        credit: ['sales'],
        currency: 'EUR',
      },
    });
    story.sold('ann', 'A', 600, '2025-02-10', { currency: 'EUR' });
    expect(lines(story)).toEqual(['earning A 2025-02-10 60.00', 'multiplier A 2025-02-28 -12.00']);
  });
  it('counts as 0 where it is undefined, by name', () => {
    const story = company(gate).sold('ann', 'A', 1000, '2025-01-10');
    expect(lines(story, '2025-01')).toEqual(['earning A 2025-01-10 100.00', 'multiplier A 2025-01-31 -100.00']);
    expect(
      story
        .history()
        .exceptions()
        .map(({ code, detail }) => `${code} ${detail}`),
    ).toContain('NO_QUOTA no quota for revenue of ann in 2025-Q1');
  });
  it('that is undefined is named when it takes an amount, and not again in a month without new lines', () => {
    const story = company(gate).sold('ann', 'A', 1000, '2025-01-10');
    const february = () =>
      JSON.stringify(
        story.history().statement({ participant: 'ann', period: '2025-02' }, { known: '2025-01-31T00:00:00Z' }),
      );
    const before = february();
    story.at('2025-03-10').sold('ann', 'B', 1000, '2025-02-10');
    expect(february()).toBe(before);
    expect(
      story
        .history()
        .exceptions()
        .map(({ record }) => record?.id),
    ).toEqual(['A', 'B']);
  });
  it('states its value and its quota', () => {
    const story = company(gate).quota('ann', 'revenue', '2025-Q1', 3000).sold('ann', 'A', 1000, '2025-01-10');
    const [, line] = story.history().earned({ participant: 'ann', period: '2025-01' }).lines;
    expect(line!.trace.rule).toBe(
      `AE 1, Commission: ${gate} = 80% on 2025-01-31, because attainment(revenue) = about 33.3333%`,
    );
    expect(line!.trace.inputs.map(({ what }) => what)).toContain('quota revenue of ann 2025-Q1');
  });
  it('moves a closed month when a quota of the team is corrected', () => {
    const story = company('if(attainment(revenue, my.team) >= 100%, 110%, 100%)')
      .quota('North', 'revenue', '2025-Q1', 2000)
      .sold('ann', 'A', 1000, '2025-01-10')
      .close('2025-01');
    story.at('2025-02-10').quota('North', 'revenue', '2025-Q1', 1000);
    const differences = story
      .history()
      .statement({ participant: 'ann', period: '2025-02' })
      .lines.filter(({ kind }) => kind === 'difference');
    expect(differences.map(({ cause, payable }) => [cause?.kind, payable])).toEqual([['quota', '10.00']]);
  });
  it('may depend on a ratio so far, and on the attainment of a region', () => {
    const measures = {
      revenue: { counts: 'amount', of: 'deals' },
      hardware: { counts: 'amount', of: 'deals', where: 'type = "Hardware"' },
      mix: { is: 'hardware / revenue' },
    };
    const story = (multiplier: string) =>
      new Story({ measures })
        .person('ann', 'AE', '2025-01-01', { region: 'EU' })
        .person('bob', 'AE', '2025-01-01', { region: 'EU' })
        .plan('AE', { components: [multiplied(multiplier)] })
        .quota('EU', 'revenue', '2025-Q1', 5000)
        .sold('ann', 'A', 1000, '2025-01-10', { type: 'Services' })
        .sold('ann', 'B', 3000, '2025-03-31', { type: 'Hardware' })
        .sold('bob', 'C', 1000, '2025-02-10', { type: 'Services' });
    const own = ['earning A 2025-01-10 100.00', 'earning B 2025-03-31 300.00'];
    expect(lines(story('if(attainment(mix) >= 75%, 120%, 100%)'))).toEqual([
      ...own,
      'multiplier A 2025-03-31 20.00',
      'multiplier B 2025-03-31 60.00',
    ]);
    expect(lines(story('if(attainment(revenue, my.region) >= 100%, 110%, 100%)'))).toEqual([
      ...own,
      'multiplier A 2025-03-31 10.00',
      'multiplier B 2025-03-31 30.00',
    ]);
  });
  it('states its value and the numbers that it used', () => {
    const { trace } = company(gate)
      .quota('ann', 'revenue', '2025-Q1', 3000)
      .sold('ann', 'A', 1000, '2025-01-10')
      .history()
      .earned({ participant: 'ann', period: '2025' })
      .lines.find(({ kind }) => kind === 'multiplier')!;
    expect(trace.rule).toContain(`${gate} = 80% on 2025-01-31, because attainment(revenue) = `);
    const plain = company('if(deals > 5, 1, 50%)').sold('ann', 'A', 1000, '2025-01-10');
    expect(plain.history().earned({ participant: 'ann', period: '2025' }).lines.at(-1)!.trace.rule).toContain(
      'if(deals > 5, 1, 50%) = 50% on 2025-01-31',
    );
  });
  it('that depends on a tenure changes on a day without a fact, also after an earlier question', () => {
    const history = new Story()
      .person('ann', 'AE', '2024-06-10')
      .plan('AE', { components: [{ ...multiplied('if(my.tenure >= 12, 120%, 100%)'), per: 'year' }] })
      .sold('ann', 'A', 1000, '2025-01-10')
      .history();
    const on = (effective: string) =>
      history
        .earned({ participant: 'ann', period: '2025' }, { effective })
        .lines.map(({ kind, date, earned }) => `${kind} ${date} ${earned}`);
    expect(on('2025-05-31')).toEqual(['earning 2025-01-10 100.00']);
    expect(on('2025-06-30')).toEqual(['earning 2025-01-10 100.00', 'multiplier 2025-06-30 20.00']);
    expect(on('2025-05-31')).toEqual(['earning 2025-01-10 100.00']);
  });
});
