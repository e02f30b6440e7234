import { describe, expect, it } from '@jest/globals';
import { FactHistory } from '../answers/history.js';
import { OPEN } from '../facts/view.js';
import { Story } from '../testing/story.js';
import { paidLines } from './held.rules.js';

const from = '2025-01-01';
const flat = (more: object) => ({ name: 'C', measure: 'revenue', rate: '10%', ...more });
const bonus = (release: unknown) => ({
  name: 'C',
  measure: 'revenue',
  per: 'month',
  target: '900',
  tiers: [{ from: '0', pays: '100%' }],
  release,
});
const company = (component: object, plan: object = {}) =>
  new Story({ measures: { revenue: { counts: 'amount', of: 'deals', reversals: 'kept' } } })
    .person('ann', 'AE', from)
    .plan('AE', { effective: { from }, components: [component], ...plan });

function linesOf(story: Story, effective = OPEN) {
  const history = new FactHistory();
  history.append(story.facts);
  const world = history.world({ effective, position: Number(history.head) });
  return paidLines(world, 'ann', world.plans()[0]!, 'C').between();
}
const shown = (story: Story, effective?: string) =>
  linesOf(story, effective).map(({ kind, credit, date, amount }) =>
    [kind, credit?.id ?? 'window', date, amount].join(' '),
  );
const heldBy = (story: Story, kind: string) => {
  const { limit, held } = linesOf(story)
    .find((line) => line.kind === kind)!
    .explain().why;
  return { limit, held };
};

describe('Held pay', () => {
  it('follows all earnings: holds in the order of records, then releases by record and day', () => {
    const release = [
      { share: '50%', on: 'closed' },
      { share: '25%', on: { after: '10 days' } },
      { share: '25%', on: { after: '50 days' } },
    ];
    const story = company(flat({ release }))
      .sold('ann', 'D2', 2000, '2025-01-25')
      .sold('ann', 'D1', 1000, '2025-01-20');
    expect(shown(story)).toEqual([
      'earning D1 2025-01-20 10000',
      'earning D2 2025-01-25 20000',
      'hold D1 2025-01-20 -2500',
      'hold D2 2025-01-25 -10000',
      'release D1 2025-03-11 2500',
      'release D2 2025-02-04 5000',
      'release D2 2025-03-16 5000',
    ]);
  });
  it('is released on the day that its time has passed, and not a day before', () => {
    const story = company(flat({ release: { after: '30 days' } })).sold('ann', 'D1', 1000, '2025-01-20');
    expect(shown(story, '2025-02-18')).toEqual(['earning D1 2025-01-20 10000', 'hold D1 2025-01-20 -10000']);
    expect(shown(story, '2025-02-19').at(-1)).toBe('release D1 2025-02-19 10000');
  });
  it('of a whole window is released a time after its end, and by no property of a record', () => {
    const story = company(bonus({ after: '10 days' })).sold('ann', 'D1', 1000, '2025-01-20');
    expect(shown(story, '2025-02-28').slice(0, 2)).toEqual([
      'earning window 2025-01-31 90000',
      'earning window 2025-02-28 90000',
    ]);
    expect(shown(story, '2025-02-28').slice(2)).toEqual([
      'hold window 2025-01-31 -90000',
      'hold window 2025-02-28 -90000',
      'release window 2025-02-10 90000',
    ]);
    expect(shown(company(bonus('payment')).sold('ann', 'D1', 1000, '2025-01-20'), '2025-01-31')).toEqual([
      'earning window 2025-01-31 90000',
      'hold window 2025-01-31 -90000',
    ]);
  });
  it('states its amount, the total and the condition of the release', () => {
    expect(
      heldBy(company(flat({ release: { after: '2 months' } })).sold('ann', 'D1', 1000, '2025-01-20'), 'hold'),
    ).toEqual({
      limit: 'held 100 USD, 0 USD before: 0% of 100 USD released; waits for 2 months after the credit',
      held: {
        before: 0n,
        now: [
          {
            kind: 'held',
            text: '0% of 100 USD released; waits for 2 months after the credit',
            amount: 10000n,
            date: '2025-01-20',
          },
        ],
      },
    });
    const window = company(bonus({ after: '10 days' })).sold('ann', 'D1', 1000, '2025-01-20');
    expect(heldBy(window, 'hold').limit).toBe(
      'held 900 USD, 0 USD before: 0% of 900 USD released; waits for a time after 2025-01-01',
    );
  });
});

describe('Instalments of a clawback', () => {
  const clawedBack = (more: object = {}, plan: object = {}) =>
    company(flat({ clawback: { take: 'as paid', instalments: '3' }, ...more }), plan)
      .sold('ann', 'D1', 1000, '2025-01-20')
      .cancel('D1', '2025-02-10');
  it('are taken at the end of the pay period of each', () => {
    expect(shown(clawedBack())).toEqual([
      'earning D1 2025-01-20 10000',
      'clawback D1 2025-02-10 -10000',
      'hold D1 2025-02-10 6666',
      'release D1 2025-03-31 -3333',
      'release D1 2025-04-30 -3333',
    ]);
    expect(shown(clawedBack({ pays: 'quarterly' }, {})).slice(2)).toEqual([
      'hold D1 2025-02-10 6666',
      'release D1 2025-06-30 -3333',
      'release D1 2025-09-30 -3333',
    ]);
  });
  it('are stated one by one while they are not due', () => {
    expect(heldBy(clawedBack(), 'hold')).toEqual({
      limit: 'held -66.66 USD, 0 USD before: instalments that are not due yet',
      held: {
        before: 0n,
        now: [
          { kind: 'instalment', text: 'an instalment that is due on 2025-03-31', amount: -3333n, date: '2025-03-31' },
          { kind: 'instalment', text: 'an instalment that is due on 2025-04-30', amount: -3333n, date: '2025-04-30' },
        ],
      },
    });
    expect(heldBy(clawedBack(), 'release').held).toEqual({
      before: -6666n,
      now: [
        { kind: 'instalment', text: 'an instalment that is due on 2025-04-30', amount: -3333n, date: '2025-04-30' },
      ],
    });
  });
  it('free no room under a cap, and take none', () => {
    const cap = { amount: '120', per: 'month', excess: 'carried' };
    for (const story of [clawedBack({ cap }), clawedBack({}, { cap })]) {
      story.sold('ann', 'D2', 1500, '2025-02-20');
      expect(shown(story).filter((line) => line.includes('window'))).toEqual([
        'hold window 2025-02-28 -3000',
        'release window 2025-03-31 3000',
      ]);
    }
  });
});

describe('Carried excess', () => {
  const capped = (more: object = {}) =>
    company(flat({ cap: { amount: '100', per: 'month', excess: 'carried' }, ...more }));
  it('states its amount and the cap that holds it', () => {
    expect(heldBy(capped().sold('ann', 'D1', 1500, '2025-01-20'), 'hold')).toEqual({
      limit: '50.00 USD is held, 0.00 USD before: at most 100.00 USD per month, the excess is carried',
      held: {
        before: 0n,
        now: [
          {
            kind: 'held',
            text: 'at most 100.00 USD per month, the excess is carried',
            amount: 5000n,
            date: '2025-01-31',
          },
        ],
      },
    });
    const plan = company(flat({}), { cap: { amount: '100', per: 'month', excess: 'carried' } });
    expect(heldBy(plan.sold('ann', 'D1', 1500, '2025-01-20'), 'hold').limit).toBe(
      '50.00 USD is held, 0.00 USD before: at most 100.00 USD per month of all components of the plan, the excess is carried',
    );
  });
  it('is paid whole by a version without the component, or without the cap', () => {
    const sold = (components: object[]) =>
      capped()
        .plan('AE', { version: '2', effective: { from: '2025-02-01' }, components })
        .sold('ann', 'D1', 9000, '2025-01-20');
    for (const components of [[flat({ name: 'Other' })], [flat({})]]) {
      expect(shown(sold(components))).toEqual([
        'earning D1 2025-01-20 90000',
        'hold window 2025-01-31 -80000',
        'release window 2025-02-28 80000',
      ]);
      expect(heldBy(sold(components), 'release').limit).toBe(
        '0.00 USD is held, 800.00 USD before: no cap holds it any longer',
      );
    }
  });
  it('is paid when its participant leaves, on the last day or before', () => {
    const story = capped().person('ann', 'AE', from, { to: '2025-03-31' }).sold('ann', 'D1', 9000, '2025-01-20');
    expect(shown(story).slice(1)).toEqual([
      'hold window 2025-01-31 -80000',
      'release window 2025-02-28 10000',
      'release window 2025-03-31 70000',
    ]);
  });
});
