import { describe, expect, it } from '@jest/globals';
import { createHistory } from '../answers/history.js';
import { Story } from '../testing/story.js';

const from = '2025-01-01';
const measures = {
  revenue: { counts: 'amount', of: 'deals' },
  hardware: { counts: 'amount', of: 'deals', where: 'type = "Hardware"' },
  deals: { counts: '1', of: 'deals' },
  price: { counts: 'amount / quantity', of: 'deals' },
};
/** Hardware is paid, and the tiers count all sales. */
const hardware = (name: string, below: string, above: string) => ({
  name,
  measure: 'hardware',
  by: 'revenue',
  per: 'quarter',
  tiers: [
    { from: '0', rate: below },
    { from: '600', rate: above, retroactive: 'yes' },
  ],
});
const company = (...components: object[]) =>
  new Story({ measures, fields: { quantity: 'number' } }).person('ann', 'AE', from).plan('AE', { components });
const asked = (history: ReturnType<Story['history']>, component?: string) =>
  history
    .earned({ participant: 'ann', period: '2025' }, { effective: '2025-12-31' })
    .lines.filter((line) => component === undefined || line.component === component)
    .map(({ kind, record, causedBy, earned }) =>
      [kind, record?.id, ...(causedBy ? [`by ${causedBy.id}`] : []), earned].join(' '),
    );
const exceptions = (story: Story) =>
  story
    .history()
    .exceptions({ effective: '2025-12-31' }, { participant: 'ann' })
    .map(({ code, record, detail }) => `${code} ${record?.id ?? ''} ${detail}`);

describe('A record that moves the axis and is not paid', () => {
  const sold = () =>
    company(hardware('C', '5%', '10%'))
      .sold('ann', 'H', 400, '2025-01-10', { type: 'Hardware' })
      .sold('ann', 'S', 300, '2025-02-10', { type: 'Services' });
  it('trues up earlier pay, also as the last record of its window', () => {
    expect(asked(sold().history())).toEqual(['earning H 20.00', 'true-up H by S 20.00']);
  });
  it('precedes the records that are paid after it', () => {
    const story = sold().sold('ann', 'H2', 100, '2025-02-20', { type: 'Hardware' });
    expect(asked(story.history())).toEqual(['earning H 20.00', 'earning H2 10.00', 'true-up H by S 20.00']);
  });
});

describe('A computed window', () => {
  const story = () =>
    company(hardware('A', '5%', '10%'), hardware('B', '7%', '20%'))
      .sold('ann', 'H', 400, '2025-01-10', { type: 'Hardware' })
      .sold('ann', 'Q2', 500, '2025-04-10', { type: 'Hardware' });
  it('is not that of another component, although both pay the same records', () => {
    const history = story().history();
    expect(asked(history, 'A')).toEqual(['earning H 20.00', 'earning Q2 25.00']);
    expect(asked(history, 'B')).toEqual(['earning H 28.00', 'earning Q2 35.00']);
  });
  it('is computed again when its only record changes, but not when a record of another window does', () => {
    const recorded = story();
    const history = createHistory();
    history.append(recorded.facts);
    expect(asked(history, 'A')).toEqual(['earning H 20.00', 'earning Q2 25.00']);
    const later = (change: (story: Story) => unknown) => {
      const known = recorded.facts.length;
      change(recorded);
      history.append(recorded.facts.slice(known));
    };
    later((one) => one.reprice('H', 500));
    expect(asked(history, 'A')).toEqual(['earning H 25.00', 'earning Q2 25.00']);
    later((one) => one.sold('ann', 'S', 100, '2025-03-10', { type: 'Services' }));
    expect(asked(history, 'A')).toEqual(['earning H 25.00', 'earning Q2 25.00', 'true-up H by S 25.00']);
    later((one) => one.reprice('S', 50));
    expect(asked(history, 'A')).toEqual(['earning H 25.00', 'earning Q2 25.00']);
  });
});

describe('A record of an unknown amount', () => {
  it('has no line, and is named once with the missing value', () => {
    const story = company({ name: 'C', measure: 'price', rate: '10%' })
      .sold('ann', 'D1', 400, '2025-01-10', { quantity: 4 })
      .sold('ann', 'D2', 400, '2025-01-11', { quantity: 0 });
    expect(asked(story.history())).toEqual(['earning D1 10.00']);
    expect(exceptions(story)).toEqual(['UNDEFINED D2 price is undefined']);
  });
  it('is not paid if it moves no axis either, and the next record takes its place', () => {
    const story = company({
      name: 'C',
      measure: 'deals',
      by: 'revenue',
      per: 'month',
      tiers: [
        { from: '0', each: '10' },
        { from: '500', each: '30' },
      ],
    })
      .sold('ann', 'D1', 400, '2025-01-10')
      .sold('ann', 'D2', 900, '2025-01-11', { currency: 'GBP' })
      .sold('ann', 'D3', 50, '2025-01-12');
    expect(asked(story.history())).toEqual(['earning D1 10.00', 'earning D3 10.00']);
    expect(exceptions(story)).toEqual(['RATE_MISSING D2 revenue is not known']);
  });
});

describe('A curve of each deal', () => {
  const curve = [
    { at: '0', earns: '0' },
    { at: '300', earns: '21' },
    { at: '300', earns: '24' },
    { at: '700', earns: '70.50' },
  ];
  it('goes back along it by a reversal on its own day', () => {
    const story = new Story({ measures: { revenue: { ...measures.revenue, reversals: 'dated' } } })
      .person('ann', 'AE', from)
      .plan('AE', { components: [{ name: 'C', measure: 'revenue', per: 'deal', curve }] })
      .sold('ann', 'D1', 700, '2025-01-10')
      .sold('ann', 'D2', 300, '2025-01-11')
      .cancel('D1', '2025-02-10', 500)
      .cancel('D2', '2025-02-11');
    // 200 earns 14, on the line to 21.
    expect(asked(story.history())).toEqual([
      'earning D1 70.50',
      'earning D2 24.00',
      'earning D1 -56.50',
      'earning D2 -24.00',
    ]);
  });
});

describe('The window of a plan', () => {
  it('contains the sales from its first day to its last', () => {
    const story = new Story()
      .person('ann', 'AE', '2024-01-01')
      .plan('AE', {
        effective: { from: '2025-02-01', to: '2025-03-31' },
        components: [
          {
            name: 'C',
            measure: 'revenue',
            per: 'plan',
            tiers: [
              { from: '0', rate: '5%' },
              { from: '100', rate: '10%' },
            ],
          },
        ],
      })
      .sold('ann', 'before', 1000, '2025-01-31')
      .sold('ann', 'first', 60, '2025-02-01')
      .sold('ann', 'last', 60, '2025-03-31')
      .sold('ann', 'after', 1000, '2025-04-01');
    expect(asked(story.history())).toEqual(['earning first 3.00', 'earning last 4.00']);
  });
  it('is its own for each plan, although both pay the same records', () => {
    const perPlan = {
      name: 'C',
      measure: 'revenue',
      per: 'plan',
      tiers: [
        { from: '0', rate: '5%' },
        { from: '100', rate: '10%' },
      ],
    };
    const story = company(perPlan)
      .plan('Spring', { effective: { from: '2025-03-01' }, components: [perPlan] })
      .sold('ann', 'A', 100, '2025-02-05')
      .sold('ann', 'B', 100, '2025-03-05');
    const { lines } = story.history().earned({ participant: 'ann', period: '2025' }, { effective: '2025-12-31' });
    expect(lines.map(({ plan, record, earned }) => `${plan} ${record?.id} ${earned}`)).toEqual([
      'AE A 5.00',
      'AE B 10.00',
      'Spring B 5.00',
    ]);
  });
});
