import { describe, expect, it } from '@jest/globals';
import { FactHistory } from '../answers/history.js';
import { OPEN } from '../facts/view.js';
import { Story } from '../testing/story.js';
import { ColumnLines } from './column-lines.js';
import { computeLines, type Way } from './components.js';
import { CutLines } from './cut-columns.js';
import { differing } from './differing.js';
import type { Line, Lines } from './lines.js';

const from = '2025-01-01';
const revenue = { measure: 'revenue' };
const contracts = { measure: 'contracts' };
const rates = ['5%', '8%', '12.5%'];
const tiersAt = (bounds: readonly string[], more: object = {}) =>
  bounds.map((bound, index) => ({ from: bound, rate: rates[index], ...more }));
const shares = tiersAt(['0%', '50%', '120%']);
const retroactive = { retroactive: 'yes' };
const month = { ...revenue, per: 'month' };
const quarter = { ...revenue, per: 'quarter' };
const points = [
  { at: '0', earns: '0' },
  { at: '300', earns: '21' },
  { at: '300', earns: '24' },
  { at: '700', earns: '70.50' },
];
const eachProduct = 'if(product = "X", 10%, 4%)';

type Forms = Readonly<Record<string, object>>;
const inColumns: Forms = {
  'a rate': { ...revenue, rate: '7.5%' },
  'a rate of some deals': { ...revenue, rate: '7.5%', where: 'product = "X"' },
  'a rate of each deal': { ...revenue, rate: eachProduct },
  'a rate in steps of 5 cents': { ...revenue, rate: '3.333%', rounding: { to: '0.05' } },
  'an amount for each deal': { ...contracts, each: '25.50' },
  'an amount for each deal of a kind': { ...contracts, each: 'if(product = "X", 20, 10.10)' },
  'a rate with a window': { ...month, rate: '6%' },
  'tiers by slices': { ...month, tiers: shares },
  'tiers by slices from an amount on': { ...quarter, tiers: tiersAt(['100', '400.50']) },
  'tiers by slices of the time of a plan': { ...revenue, per: 'plan', tiers: tiersAt(['0', '900']) },
  'tiers by slices of each deal': { ...revenue, per: 'deal', tiers: tiersAt(['0', '250']) },
  'tiers by slices with a rate of each deal': {
    ...month,
    tiers: [
      { from: '0%', rate: eachProduct },
      { from: '60%', rate: '9%' },
    ],
  },
  'tiers for the whole of a deal': { ...revenue, per: 'deal', tiers: tiersAt(['0', '250'], retroactive) },
  'tiers for the whole': { ...quarter, tiers: tiersAt(['0%', '50%', '70%'], retroactive) },
  'tiers for the whole from a point on': {
    ...quarter,
    tiers: [
      { from: '0', rate: '5%' },
      { from: '600', rate: '10%', retroactive: '200' },
    ],
  },
  'tiers for the whole with a rate of each deal': {
    ...quarter,
    tiers: [
      { from: '0', rate: eachProduct },
      { from: '600', rate: '11%', ...retroactive },
    ],
  },
  'tiers that are crossed upwards': { ...quarter, tiers: shares, crossing: 'higher' },
  'tiers that are crossed downwards': { ...quarter, tiers: shares, crossing: 'lower' },
  'tiers by the number of deals': { ...quarter, by: 'contracts', tiers: tiersAt(['0', '3']) },
  'tiers for the whole by the number of deals': {
    ...quarter,
    by: 'contracts',
    tiers: tiersAt(['0', '3'], retroactive),
  },
  'tiers by units that are crossed upwards, where not each deal has units': {
    ...quarter,
    by: 'units',
    crossing: 'higher',
    tiers: tiersAt(['0', '2', '3']),
  },
  'tiers of amounts': {
    ...contracts,
    per: 'quarter',
    tiers: [
      { from: '0', each: '10' },
      { from: '2', each: '30' },
    ],
  },
  'tiers that multiply a rate': {
    ...month,
    rate: '4%',
    tiers: [
      { from: '0%', times: '1' },
      { from: '60%', times: '1.5' },
    ],
  },
  'tiers that multiply a rate of each deal': {
    ...month,
    rate: eachProduct,
    tiers: [
      { from: '0%', times: '1' },
      { from: '60%', times: '1.5' },
    ],
  },
  'a hurdle': {
    ...quarter,
    tiers: [
      { from: '0%', rate: '4%', when: 'attainment(revenue) >= 50%' },
      { from: '60%', rate: '9%' },
    ],
  },
  'a curve': { ...quarter, curve: points },
  'a curve that goes on': { ...quarter, curve: points, beyond: 'continue' },
  'a curve of each deal': { ...revenue, per: 'deal', curve: points },
  'a curve of a quota': {
    ...quarter,
    curve: [
      { at: '0%', earns: '0' },
      { at: '100%', earns: '90' },
    ],
  },
  'a curve of rates': {
    ...quarter,
    curve: [
      { at: '0', rate: '2%' },
      { at: '1000', rate: '10%' },
    ],
  },
};
const cut: Forms = {
  'a cap by count': { ...revenue, rate: '5%', cap: { count: '2', per: 'month' } },
  'a cap by count of a quarter': { ...revenue, rate: '5%', cap: { count: '3', per: 'quarter' } },
  'a cap by amount': { ...revenue, rate: '10%', cap: { amount: '30', per: 'month' } },
  'a cap by amount of a quarter': { ...revenue, rate: '10%', cap: { amount: '70', per: 'quarter' } },
  'a cap by amount of a month, paid by quarter': {
    ...revenue,
    rate: '10%',
    pays: 'quarterly',
    cap: { amount: '30', per: 'month' },
  },
  'a cap of each deal': { ...revenue, rate: '10%', cap: { amount: '15', per: 'deal' } },
  'a multiplier': { ...month, rate: '5%', multiplier: 'if(attainment(revenue) >= 80%, 150%, 1/3)' },
  'a multiplier of a quarter': { ...quarter, tiers: shares, multiplier: 'if(deals >= 4, 2, 90%)' },
  'a multiplier in steps of 5 cents': {
    ...quarter,
    rate: '5%',
    rounding: { to: '0.05' },
    multiplier: 'if(deals >= 4, 2, 90%)',
  },
};
const exact: Forms = {
  'a rate rounded in total': { ...month, rate: '3.333%', rounding: { per: 'total' } },
  'a rate that is not known of each deal': { ...revenue, rate: 'if(product = "X", 10%, 10% / quantity)' },
  'a condition about the window': { ...quarter, rate: '4%', where: 'deals >= 3' },
  'tiers by a ratio': { ...quarter, by: 'size', tiers: tiersAt(['0%', '150%']) },
  'tiers of a quota that nobody has': { ...quarter, by: 'contracts', tiers: tiersAt(['20%', '50%']) },
  'tiers by other deals': { ...quarter, by: 'ofX', tiers: tiersAt(['0', '300']) },
  'a cap by amount that is carried': {
    ...revenue,
    rate: '10%',
    cap: { amount: '30', per: 'month', excess: 'carried' },
  },
  'a cap beside a multiplier': {
    ...month,
    rate: '10%',
    multiplier: 'if(deals >= 2, 2, 1)',
    cap: { amount: '30', per: 'month' },
  },
  'a cap over true-ups': {
    ...quarter,
    tiers: tiersAt(['0%', '50%'], retroactive),
    cap: { amount: '30', per: 'month' },
  },
  'a multiplier without a value': { ...month, rate: '5%', multiplier: 'attainment(contracts)' },
};

const measures = (reversals: string) => ({
  revenue: { counts: 'amount', of: 'deals', reversals },
  contracts: { counts: '1', of: 'deals', reversals },
  units: { counts: 'quantity', of: 'deals', reversals },
  ofX: { counts: 'amount', of: 'deals', where: 'product = "X"', reversals },
  size: { is: 'revenue / contracts' },
});

/** Ann sells from before the plan on, and is paid from January to 9 April, alone and with Bob. */
function sales(component: object, reversals = 'undone'): Story {
  const story = new Story({ measures: measures(reversals), fields: { quantity: 'number' } })
    .person('ann', 'AE', '2024-01-01')
    .person('ann', 'SE', '2025-04-10')
    .person('bob', 'SE', from)
    .plan('AE', { effective: { from }, components: [{ name: 'C', ...component }] });
  for (const [index, amount] of [400, 350, 500, 600].entries())
    story.quota('ann', 'revenue', `2025-0${index + 1}`, amount);
  return story
    .sold('ann', 'B0', '45.00', '2024-12-15', { product: 'X' })
    .sold('ann', 'B1', '90.00', '2024-12-20', { product: 'Y' })
    .sold('ann', 'D1', '120.40', '2025-01-05', { product: 'X', quantity: 2 })
    .sold('ann', 'D3', '250.00', '2025-01-20', { product: 'X' })
    .sold('ann', 'D2', '99.99', '2025-01-20', { product: 'Y' })
    .sold('ann', 'D4', '310.10', '2025-02-03', { product: 'X' })
    .sold('ann', 'D5', '-80.00', '2025-02-27', { product: 'Y' })
    .sold('ann', 'D6', '300.00', '2025-03-05', { product: 'X' })
    .sold('ann', 'D7', '410.25', '2025-03-31', { product: 'Y' })
    .sold('ann', 'D8', '500.00', '2025-04-02', { product: 'X' })
    .sold('ann', 'D9', '700.00', '2025-04-15', { product: 'X' });
}
/** Two are reversed as a whole; if shares count, one is shared and one is reversed in part. */
function reversed(story: Story, isShared: boolean): Story {
  story.cancel('D2', '2025-02-02').cancel('D6', '2025-04-03');
  return isShared ? story.split('D7', { ann: '2/3', bob: '1/3' }).cancel('D4', '2025-03-03', '100.05') : story;
}
const isOfAmounts = (component: object) => !/contracts|units/.test(JSON.stringify(component));

const historyOf = (story: Story) => {
  const history = new FactHistory();
  history.append(story.facts);
  return history;
};
function linesOf(history: FactHistory, way?: Way): Lines {
  const world = history.world({ effective: OPEN, position: Number(history.head) });
  return computeLines(world, 'ann', world.plans()[0]!, 'C', way);
}
const shown = (lines: readonly Line[]) =>
  lines.map(({ kind, credit, cause, date, amount, multiplies = [], explain }) =>
    [
      kind,
      credit?.id ?? '',
      cause?.id ?? '',
      date,
      amount,
      explain().unrounded,
      ...multiplies.map((part) => `${part.day} ${part.amount}`),
    ].join(' '),
  );

const spans: readonly (readonly [string | undefined, string | undefined])[] = [
  [undefined, undefined],
  [undefined, '2025-01-31'],
  ['2025-02-01', undefined],
  ['2025-01-20', '2025-01-20'],
  ['2025-01-06', '2025-03-30'],
  ['2025-03-31', '2025-04-09'],
];
function expectTheSame(own: Lines, exactly: Lines): void {
  expect(own.exceptions).toEqual(exactly.exceptions);
  for (const [first, last] of spans)
    expect(shown(own.between(first, last))).toEqual(shown(exactly.between(first, last)));
  expect([own.count, own.total()]).toEqual([exactly.count, exactly.total()]);
  expect(own.count).toBeGreaterThan(0);
}
const wayOf = (lines: Lines) =>
  lines instanceof ColumnLines ? 'columns' : lines instanceof CutLines ? 'cut columns' : 'exact';

const ways = Object.entries({ columns: inColumns, 'cut columns': cut, exact }).flatMap(([way, forms]) =>
  Object.entries(forms).map(([name, component]) => [name, way, component] as const),
);

describe('A component', () => {
  it.each(ways)('with %s is computed as %s, and pays the lines of exact numbers', (_, way, component) => {
    const isShared = isOfAmounts(component);
    for (const story of [sales(component), reversed(sales(component), isShared)]) {
      const history = historyOf(story);
      const lines = linesOf(history);
      expect(wayOf(lines)).toBe(way);
      expectTheSame(lines, linesOf(history, 'exact'));
    }
  });
});

describe('Reversals that keep their own days', () => {
  const dated = (component: object) => historyOf(reversed(sales(component, 'dated'), isOfAmounts(component)));
  it.each(Object.entries({ ...inColumns, ...cut, ...exact }))('take lines of exact numbers from %s', (_, component) => {
    const history = dated(component);
    expectTheSame(linesOf(history), linesOf(history, 'exact'));
  });
  it('are paid in columns, except for tiers of a deal and for cut components', () => {
    const exactly = (forms: Forms) =>
      Object.entries(forms).filter(([, form]) => wayOf(linesOf(dated(form))) === 'exact');
    expect(exactly(inColumns).map(([name]) => name)).toEqual([
      'tiers by slices of each deal',
      'tiers for the whole of a deal',
      'a curve of each deal',
    ]);
    expect(exactly(cut)).toHaveLength(Object.keys(cut).length);
  });
});

describe('The change by a later fact', () => {
  const facts: Readonly<Record<string, readonly [string, (story: Story) => Story]>> = {
    'a deal before all others': ['D0', (story) => story.sold('ann', 'D0', '60.00', '2025-01-02', { product: 'X' })],
    'a deal among others': ['D45', (story) => story.sold('ann', 'D45', '75.10', '2025-02-10', { product: 'X' })],
    'a deal behind all others': ['D85', (story) => story.sold('ann', 'D85', '20.00', '2025-04-09', { product: 'Y' })],
    'an amount': ['D4', (story) => story.reprice('D4', '500.00')],
    'a deal that is cancelled': ['D1', (story) => story.cancel('D1', '2025-02-20')],
    'a deal that is lost': ['D3', (story) => story.record('deal-crm:D3', { type: 'DealLost', data: { closed: null } })],
    'a deal that is not paid': ['D95', (story) => story.sold('ann', 'D95', '75.10', '2025-04-20', { product: 'X' })],
    'a deal of somebody else': ['B1', (story) => story.sold('bob', 'B1', '75.10', '2025-02-10', { product: 'X' })],
  };
  const less = (lines: string[], others: readonly string[]) => {
    const left = [...lines];
    for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
    return left;
  };
  const plain = (lines: readonly Line[]) =>
    lines.map(({ kind, credit, cause, date, amount }) => [kind, credit?.id, cause?.id, date, amount].join(' ')).sort();

  it.each(Object.entries(facts))('by %s is a list of removed lines and of added lines', (_, [changed, fact]) => {
    for (const component of Object.values({ ...inColumns, ...cut })) {
      const story = sales(component).cancel('D6', '2025-04-03');
      const history = historyOf(story);
      const before = linesOf(history);
      const known = story.facts.length;
      history.append(fact(story).facts.slice(known));
      const after = linesOf(history);
      for (const to of ['2025-01-31', '2025-02-12', '2025-12-31']) {
        const { gone, come } = differing(before, after, to, true);
        const [old, now] = [plain(before.between(undefined, to)), plain(after.between(undefined, to))];
        const [leaves, enters] = [plain(gone), plain(come)];
        expect(less(leaves, enters)).toEqual(less(old, now));
        expect(less(enters, leaves)).toEqual(less(now, old));
        // A line changes only if its deal changed, or if the answer about the window changed.
        if (before instanceof ColumnLines && component !== inColumns['a hurdle'])
          expect(less(leaves, less(old, now)).filter((line) => !line.split(' ').includes(changed))).toEqual([]);
      }
    }
  });
});
