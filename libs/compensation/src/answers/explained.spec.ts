import { describe, expect, it } from '@jest/globals';
import type { Explanation } from './api.js';
import { Story } from '../testing/story.js';

/** The trees of the lines of a kind. */
function explained(story: Story, period: string, kind: string, participant = 'ann'): Explanation[] {
  const { statement, explain } = story.history().explained({ participant, period });
  return statement.lines.flatMap((line, index) => (line.kind === kind ? [explain(index)] : []));
}
const shown = (parts: readonly Explanation[]) => parts.map(({ kind, amount, sentence }) => [kind, amount, sentence]);
const seller = (
  component: Record<string, unknown>,
  plan: Record<string, unknown> = {},
  company: Record<string, unknown> = {},
) =>
  new Story(company)
    .at('2025-01-01')
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', ...component }], ...plan });

describe('An explanation', () => {
  it('of a difference shows both sides and the changed values', () => {
    const story = seller({
      per: 'year',
      tiers: [
        { from: '0%', rate: '6%' },
        { from: '100%', rate: '9%' },
      ],
    }).quota('ann', 'revenue', '2025', 363000);
    story
      .at('2025-01-10')
      .sold('ann', 'D1', 300000, '2025-01-09')
      .at('2025-01-20')
      .sold('ann', 'D2', 4564, '2025-01-19')
      .close('2025-01');
    story.at('2025-02-10').quota('ann', 'revenue', '2025', 300000);
    const [difference] = explained(story, '2025-02', 'difference');
    expect(difference).toMatchObject({
      amount: '136.92',
      currency: 'USD',
      sentence: '2025-01 changes because of the quota: 273.84 → 410.76 USD',
    });
    expect(difference!.changed).toEqual([
      { what: 'quota revenue 2025', before: '363000', after: '300000' },
      {
        what: 'earning of 2025-01-19',
        before: '4564 × 6% of tier 1, from 0% to 100% = 273.84',
        after: '4564 × 9% of tier 2, from 100% = 410.76',
      },
      { what: 'amount', before: '273.84', after: '410.76' },
    ]);
    expect(shown(difference!.parts)).toEqual([
      ['after', '410.76', 'crm:D2 of 2025-01 with the quota'],
      ['before', '-273.84', 'crm:D2 of 2025-01 before it'],
    ]);
    expect(difference!.inputs).toEqual([{ event: story.facts.at(-1)!.id, what: 'quota', value: 'quota-ann~revenue' }]);
  });

  it('of an earning names each slice, the place of the record in its window, and the rounding difference', () => {
    const story = seller({
      per: 'month',
      tiers: [
        { from: '0', rate: '5%' },
        { from: '100', rate: '7%' },
      ],
    })
      .at('2025-01-10')
      .sold('ann', 'D1', '120.25', '2025-01-09');
    const [earning] = explained(story, '2025-01', 'earning');
    expect(earning!.sentence).toBe(
      'crm:D1 earns 6.42 USD: 120.25 is credited on 2025-01-09; revenue moves from 0 to 120.25 in 2025-01',
    );
    expect(shown(earning!.parts)).toEqual([
      ['slice', '5', '100 × 5% of tier 1, from 0 to 100'],
      ['slice', '1.4175', '20.25 × 7% of tier 2, from 100'],
      ['rounding', '0.0025', 'half-up to 0.01 USD'],
    ]);
  });

  it('of a cap states the cut and the total', () => {
    const story = seller({ rate: '10%', cap: { amount: '100', per: 'month' } })
      .at('2025-01-10')
      .sold('ann', 'D1', 700, '2025-01-09')
      .sold('ann', 'D2', 1000, '2025-01-10');
    const [cap] = explained(story, '2025-01', 'cap');
    expect(cap!.sentence).toBe(
      'the cap takes 70.00 USD of crm:D2, because 2025-01 sums to 170.00 USD and the cap is 100.00 USD per month',
    );
    expect(shown(cap!.parts)).toEqual([['now', '-70', 'cut now, of the excess 170.00 − 100.00 = 70.00 USD']]);
    expect(shown(cap!.parts[0]!.from![0]!.parts)).toEqual([
      ['line', '70', 'Commission: earning of crm:D1 on 2025-01-09'],
      ['line', '100', 'Commission: earning of crm:D2 on 2025-01-10'],
    ]);
  });

  it('of a cap by count states the number of the record in order', () => {
    const story = seller({ rate: '10%', cap: { count: '1', per: 'month' } })
      .at('2025-01-10')
      .sold('ann', 'D1', 700, '2025-01-09')
      .sold('ann', 'D2', 1000, '2025-01-10');
    expect(explained(story, '2025-01', 'cap').map(({ sentence }) => sentence)).toEqual([
      'the cap takes 100.00 USD of crm:D2, because it is number 2 in order, and the first 1 per month are paid',
    ]);
  });

  it('of a draw shows its balance, and of a recovery the amount that it is a share of', () => {
    const story = seller(
      { rate: '10%' },
      { draw: { amount: '1000', periods: '1-2', recovers: { from: '3', share: '50%' } } },
    );
    story
      .at('2025-01-10')
      .sold('ann', 'D1', 6000, '2025-01-09')
      .sold('ann', 'D2', 10000, '2025-02-09')
      .sold('ann', 'D3', 3000, '2025-03-09')
      .at('2025-04-01');
    const [draw] = explained(story, '2025-01', 'draw');
    expect(draw!.sentence).toBe(
      'the amount due, 600.00 USD, is filled up to the draw of 1000.00 USD: the balance goes from 0.00 USD to 400.00 USD',
    );
    expect(shown(draw!.parts)).toEqual([
      ['draw', '1000', 'the minimum of the draw'],
      ['due', '-600', 'the amount due without the draw'],
    ]);
    const [recovery] = explained(story, '2025-03', 'recovery');
    expect(recovery!.sentence).toBe(
      '150.00 USD of the lent amount is paid back: the balance goes from 400.00 USD to 250.00 USD',
    );
    expect(shown(recovery!.parts)).toEqual([['surplus', '-150', '50% of the amount due, 300.00 USD']]);
  });

  it('of a guarantee states that nothing is paid back', () => {
    const story = seller({ rate: '10%' }, { draw: { amount: '1000', recoverable: 'no' } }).at('2025-02-01');
    expect(explained(story, '2025-01', 'draw')[0]!.sentence).toBe(
      'the amount due, 0.00 USD, is filled up to the guarantee of 1000.00 USD, which is never paid back',
    );
  });

  it('of a carried negative shows the amount carried before', () => {
    const story = seller({ rate: '10%' }, { negative: 'carried' })
      .at('2025-01-10')
      .sold('ann', 'D1', -300, '2025-01-09')
      .sold('ann', 'D2', 1000, '2025-02-09')
      .at('2025-03-01');
    expect(shown(explained(story, '2025-01', 'carried'))).toEqual([
      [
        'carried',
        '30.00',
        'a negative is carried, because the amount due is -30.00 USD: the balance goes from 0.00 USD to 30.00 USD',
      ],
    ]);
    expect(shown(explained(story, '2025-02', 'carried')[0]!.parts)).toEqual([
      ['before', '-30', 'carried from the pay period before'],
    ]);
  });

  it('of a clawback explains the original line that it takes a share of', () => {
    const story = seller(
      { rate: '10%', clawback: { take: '50%' } },
      {},
      { measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'kept' } } },
    );
    story
      .at('2025-01-10')
      .sold('ann', 'D1', 1000, '2025-01-09')
      .close('2025-01')
      .at('2025-02-10')
      .cancel('D1', '2025-02-05')
      .at('2025-03-01');
    const [clawback] = explained(story, '2025-02', 'clawback');
    expect(clawback!.sentence).toBe(
      '50.00 USD is clawed back: 50% of what crm:D1 had earned by then, cancelled on 2025-02-05',
    );
    expect(shown(clawback!.parts)).toEqual([['line', '-50', '50% of the earning of 2025-01-09, 100.00 USD']]);
    expect(shown(clawback!.parts[0]!.from!)).toEqual([
      ['earning', '100.00', 'crm:D1 earns 100.00 USD: 1000 is credited on 2025-01-09'],
    ]);
  });

  it('of a contest shows the ranking', () => {
    const contest = { rank: 'revenue', pot: '900', prizes: ['60%', '40%'] };
    const story = seller({ measure: undefined, per: 'month', contest }).person('bob', 'AE', '2025-01-01');
    story.at('2025-01-10').sold('ann', 'D1', 1000, '2025-01-09').sold('bob', 'D2', 3000, '2025-01-10').at('2025-02-01');
    const [line] = explained(story, '2025-01', 'earning');
    expect(shown(line!.parts)).toEqual([['prize', '360', 'the prize of place 2 of 2 of the pot 900 USD']]);
    expect(line!.parts[0]!.ranking).toEqual([
      { place: 1, last: 1, participants: ['bob'] },
      { place: 2, last: 2, participants: ['ann'] },
    ]);
  });

  it('of held and released pay states the condition of the release', () => {
    const story = seller({ rate: '10%', release: { after: '20 days' } })
      .at('2025-01-10')
      .sold('ann', 'D1', 1000, '2025-01-25')
      .at('2025-03-01');
    expect(shown(explained(story, '2025-01', 'hold')[0]!.parts)).toEqual([
      ['held', '-100', expect.stringContaining('0% of 100 USD released; waits for')],
    ]);
    expect(shown(explained(story, '2025-02', 'release')[0]!.parts)).toEqual([['before', '100', 'held before']]);
  });

  it('in another currency shows the rate and the converted amount', () => {
    const story = new Story()
      .at('2025-01-01')
      .rate('USD', 'EUR', '2025-01-31', '0.9')
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' });
    story
      .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }] })
      .at('2025-01-10')
      .sold('ann', 'D1', '1000.10', '2025-01-09')
      .at('2025-02-01');
    const [earning] = explained(story, '2025-01', 'earning');
    expect(shown([earning!, ...earning!.parts])).toEqual([
      ['earning', '90.01', '100.01 USD is paid in EUR'],
      ['conversion', '90.009', '100.01 USD at the rate 0.9 of 2025-01-31'],
      ['rounding', '0.001', 'half-up, once more in the pay currency'],
    ]);
    expect(shown(earning!.parts[0]!.from!)).toEqual([
      ['earning', '100.01', 'crm:D1 earns 100.01 USD: 1000.1 is credited on 2025-01-09'],
    ]);
  });
});
