import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { explanationText } from '../explained/text.js';
import { Story } from '../testing/story.js';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/explanations.md', import.meta.url)), 'utf8');
const seller = (
  component: Record<string, unknown>,
  plan: Record<string, unknown> = {},
  company: Record<string, unknown> = {},
) =>
  new Story(company)
    .at('2025-01-01')
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', ...component }], ...plan });

/** The tree of the first line of a kind, as the page shows it. */
function shown(story: Story, period: string, kind: string): string {
  const { statement, explain } = story.history().explained({ participant: 'ann', period });
  return explanationText(explain(statement.lines.findIndex((line) => line.kind === kind))).join('\n');
}

const stories: Record<string, () => string> = {
  'a difference': () => {
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
    return shown(story.at('2025-02-10').quota('ann', 'revenue', '2025', 300000), '2025-02', 'difference');
  },
  'a cap': () =>
    shown(
      seller({ rate: '10%', cap: { amount: '100', per: 'month' } })
        .at('2025-01-10')
        .sold('ann', 'D1', 700, '2025-01-09')
        .sold('ann', 'D2', 1000, '2025-01-10'),
      '2025-01',
      'cap',
    ),
  'a draw': () => shown(lent(), '2025-01', 'draw'),
  'a recovery': () => shown(lent(), '2025-03', 'recovery'),
  'a clawback': () => {
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
    return shown(story, '2025-02', 'clawback');
  },
  'a contest': () => {
    const contest = { rank: 'revenue', pot: '900', prizes: ['60%', '40%'] };
    const story = seller({ measure: undefined, per: 'month', contest }).person('bob', 'AE', '2025-01-01');
    return shown(
      story
        .at('2025-01-10')
        .sold('ann', 'D1', 1000, '2025-01-09')
        .sold('bob', 'D2', 3000, '2025-01-10')
        .at('2025-02-01'),
      '2025-01',
      'earning',
    );
  },
  'pay in another currency': () => {
    const story = new Story()
      .at('2025-01-01')
      .rate('USD', 'EUR', '2025-01-31', '0.9')
      .person('ann', 'AE', '2025-01-01', { currency: 'EUR' });
    story
      .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }] })
      .at('2025-01-10')
      .sold('ann', 'D1', '1000.10', '2025-01-09')
      .at('2025-02-01');
    return shown(story, '2025-01', 'earning');
  },
};

function lent(): Story {
  const story = seller(
    { rate: '10%' },
    { draw: { amount: '1000', periods: '1-2', recovers: { from: '3', share: '50%' } } },
  );
  return story
    .at('2025-01-10')
    .sold('ann', 'D1', 6000, '2025-01-09')
    .sold('ann', 'D2', 10000, '2025-02-09')
    .sold('ann', 'D3', 3000, '2025-03-09')
    .at('2025-04-01');
}

describe('The page about explanations', () => {
  it.each(Object.keys(stories))('shows the tree of %s as it is computed', (name) =>
    expect(page).toContain(`\`\`\`\n${stories[name]!()}\n\`\`\``),
  );
});
