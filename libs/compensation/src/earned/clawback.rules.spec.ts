import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const measures = {
  dated: { counts: 'amount', of: 'deals', reversals: 'dated' },
  kept: { counts: 'amount', of: 'deals', reversals: 'kept' },
};
const fields = { termMonths: 'number' };
const flat = (clawback: object, more: object = {}) => ({ measure: 'kept', rate: '10%', clawback, ...more });
const company = (...components: object[]) =>
  new Story({ measures, fields })
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { components: components.map((component, index) => ({ name: `C${index}`, ...component })) });
const lines = (story: Story, period = '2025') =>
  story
    .history()
    .earned({ participant: 'ann', period })
    .lines.map(({ kind, record, date, causedBy, earned }) =>
      [kind, record?.id, date, ...(causedBy === null || kind === 'clawback' ? [] : [causedBy.id]), earned].join(' '),
    );
const clawbacks = (story: Story) => lines(story).filter((line) => line.startsWith('clawback'));

describe('a clawback takes', () => {
  it('the pay of the record on the day of its reversal, and names the reversal', () => {
    const story = company(flat({ take: 'as paid' }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05');
    expect(lines(story)).toEqual(['earning A 2025-01-10 100.00', 'clawback A 2025-03-05 -100.00']);
    const [line] = story.history().statement({ participant: 'ann', period: '2025-03' }).lines;
    expect([line!.causedBy?.source, line!.causedBy?.id.slice(0, 9), line!.credited, line!.rate]).toEqual([
      'crm',
      'cancelled',
      null,
      null,
    ]);
  });

  it('everything if the plan states no share', () => {
    expect(clawbacks(company(flat({})).sold('ann', 'A', 1000, '2025-01-10').cancel('A', '2025-03-05'))).toEqual([
      'clawback A 2025-03-05 -100.00',
    ]);
  });

  it('a share of the reversed part', () => {
    const story = company(flat({ take: '50%' }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-02-05', 250, 'refunded')
      .cancel('A', '2025-03-05');
    expect(clawbacks(story)).toEqual(['clawback A 2025-02-05 -12.50', 'clawback A 2025-03-05 -37.50']);
  });

  it('instead of a negative record, which only moves the sum of the window', () => {
    const tiers = [
      { from: '0', rate: '10%' },
      { from: '1500', rate: '20%' },
    ];
    const story = company(flat({}, { measure: 'dated', rate: undefined, per: 'year', tiers }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-02-05')
      .sold('ann', 'B', 2000, '2025-03-01');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-03-01 250.00',
      'clawback A 2025-02-05 -100.00',
    ]);
  });

  it('the time of a contract that was not served, by completed months', () => {
    const story = company(flat({ take: 'pro rata' }))
      .sold('ann', 'A', 12000, '2025-01-15', { termMonths: 12 })
      .cancel('A', '2025-05-14');
    expect(clawbacks(story)).toEqual(['clawback A 2025-05-14 -900.00']);
    const days = company(flat({ take: 'pro rata', over: '100 days' }))
      .sold('ann', 'A', 1000, '2025-01-15')
      .cancel('A', '2025-02-14');
    expect(clawbacks(days)).toEqual(['clawback A 2025-02-14 -70.00']);
    const served = company(flat({ take: 'pro rata', over: '1 month' }))
      .sold('ann', 'A', 1000, '2025-01-15')
      .cancel('A', '2025-02-15');
    expect(clawbacks(served)).toEqual([]);
  });

  it('nothing of a record without a term, by name', () => {
    const story = company(flat({ take: 'pro rata' }))
      .sold('ann', 'A', 12000, '2025-01-15')
      .cancel('A', '2025-05-14');
    expect(clawbacks(story)).toEqual([]);
    expect(
      story
        .history()
        .exceptions()
        .map(({ code, record, detail }) => `${code} ${record?.id} ${detail}`),
    ).toEqual([
      'UNDEFINED A termMonths is blank or 0, so that the time left of it is undefined: nothing is clawed back',
    ]);
  });

  it('nothing after its window, whose last day counts', () => {
    const story = company(flat({ within: '90 days' }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 1000, '2025-01-10')
      .cancel('A', '2025-04-10')
      .cancel('B', '2025-04-11');
    expect(clawbacks(story)).toEqual(['clawback A 2025-04-10 -100.00']);
    const month = company(flat({ within: '1 month' }))
      .sold('ann', 'A', 1000, '2025-01-31')
      .sold('ann', 'B', 1000, '2025-01-31')
      .cancel('A', '2025-02-28')
      .cancel('B', '2025-03-01');
    expect(clawbacks(month)).toEqual(['clawback A 2025-02-28 -100.00']);
  });

  it('no more than the record has left, to the cent', () => {
    const story = company(flat({}, { rate: '100%' }))
      .sold('ann', 'A', '0.05', '2025-01-10')
      .cancel('A', '2025-02-05', '0.025')
      .cancel('A', '2025-03-05');
    expect(clawbacks(story)).toEqual(['clawback A 2025-02-05 -0.03', 'clawback A 2025-03-05 -0.02']);
  });

  it('back the amount that a record below 0 had taken', () => {
    expect(clawbacks(company(flat({})).sold('ann', 'A', -1000, '2025-01-10').cancel('A', '2025-03-05'))).toEqual([
      'clawback A 2025-03-05 100.00',
    ]);
  });
});

describe('a clawback follows the lines, true-ups and cuts of its record', () => {
  it('by the end of its pay period, and again when they change later', () => {
    const tiers = [
      { from: '0', rate: '5%' },
      { from: '1500', rate: '10%', retroactive: 'yes' },
    ];
    const story = company(flat({ take: '50%' }, { rate: undefined, per: 'quarter', tiers }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-01-20')
      .sold('ann', 'B', 600, '2025-02-10');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 50.00',
      'earning B 2025-02-10 60.00',
      'true-up A 2025-02-10 B 50.00',
      'clawback A 2025-01-20 -25.00',
      'clawback A 2025-02-28 -25.00',
    ]);
  });

  it('takes the amount that the caps of component and plan left, and frees no room under them', () => {
    const story = company(flat({}, { cap: { amount: '150', per: 'quarter' } }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .sold('ann', 'B', 1000, '2025-01-11')
      .cancel('B', '2025-02-05')
      .sold('ann', 'C', 1000, '2025-03-01');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-01-11 100.00',
      'earning C 2025-03-01 100.00',
      'cap B 2025-01-31 -50.00',
      'cap C 2025-03-31 -100.00',
      'clawback B 2025-02-05 -50.00',
    ]);
    const plan = new Story({ measures })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { cap: { amount: '50', per: 'year' }, components: [{ name: 'C', ...flat({}) }] })
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05');
    expect(clawbacks(plan)).toEqual(['clawback A 2025-03-05 -50.00']);
  });

  it('and is not multiplied itself', () => {
    const story = company(flat({}, { per: 'quarter', multiplier: '150%' }))
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-02-05');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'multiplier A 2025-01-31 50.00',
      'clawback A 2025-02-05 -150.00',
    ]);
  });

  it('by the version in force on the credit date, not by the one on the day of the reversal', () => {
    const story = company(flat({}, { measure: 'dated' })).plan('AE', {
      version: '2',
      effective: { from: '2025-02-01' },
      components: [{ name: 'C0', measure: 'dated', rate: '20%' }],
    });
    story
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05')
      .sold('ann', 'B', 1000, '2025-02-10')
      .cancel('B', '2025-03-05');
    expect(lines(story)).toEqual([
      'earning A 2025-01-10 100.00',
      'earning B 2025-02-10 200.00',
      'earning B 2025-03-05 -200.00',
      'clawback A 2025-03-05 -100.00',
    ]);
  });

  it('of somebody who has left, too', () => {
    const story = new Story({ measures })
      .person('ann', 'AE', '2025-01-01', { to: '2025-01-31' })
      .plan('AE', { components: [{ name: 'C', ...flat({}) }] })
      .sold('ann', 'A', 1000, '2025-01-10')
      .cancel('A', '2025-03-05');
    expect(clawbacks(story)).toEqual(['clawback A 2025-03-05 -100.00']);
  });
});

describe('in statements', () => {
  const story = () => company(flat({})).at('2025-01-10').sold('ann', 'A', 1000, '2025-01-10').close('2025-02');
  const statement = (of: Story, period: string) =>
    of
      .history()
      .statement({ participant: 'ann', period })
      .lines.map(({ kind, for: concerns, record, earned, cause }) =>
        [
          kind,
          ...(concerns === null ? [] : [concerns]),
          record?.id,
          earned,
          ...(cause === null ? [] : [cause.kind]),
        ].join(' '),
      );

  it('a reversal of a closed period is a difference, and its retraction another', () => {
    const late = story().at('2025-03-02').cancel('A', '2025-02-20').close('2025-03');
    expect(statement(late, '2025-03')).toEqual(['difference 2025-02 A -100.00 cancelled']);
    const reversal = late.facts.find((fact) => fact.type === 'DealReversed')!.data.reversal;
    late.at('2025-04-02').record('deal-crm:A', { type: 'DealReversalRetracted', data: { reversal } }).close('2025-04');
    expect(statement(late, '2025-04')).toEqual(['difference 2025-02 A 100.00 retracted']);
  });

  it('a record that changes after its clawback has a difference for each of both periods', () => {
    const late = story()
      .at('2025-03-02')
      .cancel('A', '2025-03-01')
      .close('2025-03')
      .at('2025-04-02')
      .reprice('A', 1500)
      .close('2025-04');
    expect(statement(late, '2025-04')).toEqual([
      'difference 2025-01 A 50.00 changed',
      'difference 2025-03 A -50.00 changed',
    ]);
  });

  it('its trace names the lines that it takes a share of, and sums to it', () => {
    const story = company(flat({ take: '50%' }, { rate: '3.33%' }))
      .sold('ann', 'A', '100.10', '2025-01-10')
      .cancel('A', '2025-03-05');
    const { trace } = story.history().statement({ participant: 'ann', period: '2025-03' }).lines[0]!;
    expect(trace.rule).toBe('AE 1, C0: 50% of what crm:A had earned by then, cancelled on 2025-03-05');
    expect(trace.arithmetic).toBe('3.33 × -50% − 0.005 = -1.67');
    expect(trace.inputs.map(({ what, value }) => `${what} ${value}`)).toEqual(
      expect.arrayContaining(['earning 3.33 USD on 2025-01-10', 'cancelled all on 2025-03-05']),
    );
  });
});
