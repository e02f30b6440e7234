import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';
import type { History } from './api.js';

const contest = { name: 'Podium', per: 'quarter', contest: { rank: 'revenue', prizes: ['500', '200'] } };
const bonus = {
  name: 'Bonus',
  measure: 'revenue',
  per: 'quarter',
  target: '400',
  tiers: [
    { from: '0%', pays: '50%' },
    { from: '100%', pays: '100%' },
  ],
};
const months = ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06'];

/** A deal on a far day, so that no month is the last that a fact names. */
const story = () =>
  new Story()
    .person('ann', 'AE', '2025-01-01')
    .person('bob', 'AE', '2025-01-01')
    .plan('AE', {
      effective: { from: '2025-01-01' },
      components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }, contest, bonus],
    })
    .quota('ann', 'revenue', '2025-Q1', 1000)
    .sold('ann', 'D1', 1000, '2025-01-10')
    .sold('bob', 'D2', 500, '2025-01-20')
    .sold('ann', 'far', 1, '2199-01-01');
const paid = (history: History) =>
  months.map((period) =>
    history
      .statements(period)
      .map(({ participant, lines }) => [
        participant,
        ...lines.map(({ component, payable }) => `${component} ${payable}`),
      ]),
  );
const fresh = (recorded: Story) =>
  months.map((period) =>
    recorded
      .history()
      .statements(period)
      .map(({ participant, lines }) => [
        participant,
        ...lines.map(({ component, payable }) => `${component} ${payable}`),
      ]),
  );

describe('months in which no fact names a day', () => {
  it('pay at the end of their windows as they do when each month is computed alone', () => {
    const found = paid(story().history());
    expect(found).toEqual(fresh(story()));
    expect(found[2]).not.toEqual(found[1]);
  });

  it('count a deal whose day lies between two months that were alike before', () => {
    const recorded = story();
    const asked = recorded.facts.length;
    const history = story().history();
    const before = paid(history);
    recorded.sold('bob', 'D3', 700, '2025-02-14');
    history.append(recorded.facts.slice(asked));
    const found = paid(history);
    expect(found).toEqual(fresh(recorded));
    expect(found[0]).toEqual(before[0]);
    expect(found[1]).not.toEqual(before[1]);
  });
});
