import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { FactHistory } from '../answers/history.js';
import { OPEN } from '../facts/view.js';
import { Story } from '../testing/story.js';
import { ColumnLines } from './column-lines.js';
import { computeLines } from './components.js';
import { CutLines } from './cut-columns.js';
import { type Line, type Lines, listed } from './lines.js';
import { planCapColumns } from './plan-cap-columns.js';
import { planCapLines } from './plan-cap.rules.js';

// The law runs the same number of cases for each of its forms.
const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 500) / 10);
const seed = process.env['LAWS_SEED'] === undefined ? {} : { seed: Number(process.env['LAWS_SEED']) };
jest.setTimeout(3_600_000);

const date = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, day]) => `2025-0${month}-${String(day).padStart(2, '0')}`);
const deals = fc.array(
  fc.record({
    date,
    cents: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 9_000_000 }) },
      fc.integer({ min: -2_000_000, max: 0 }),
    ),
    reversed: fc.constantFrom('no', 'no', 'no', 'whole', 'half'),
    product: fc.constantFrom('X', 'Y'),
    isShared: fc.boolean(),
  }),
  { maxLength: 14 },
);
const percent = fc.integer({ min: 0, max: 250 }).map((tenths) => `${tenths / 10}%`);
// A count of a shared or partly reversed record is not a whole number; only the exact way computes it.
const records = fc.tuple(deals, fc.boolean(), fc.constantFrom(1, 1000)).map(([list, isWhole, size]) =>
  list.map((deal) => ({
    ...deal,
    cents: Math.trunc(deal.cents / size),
    ...(isWhole && { isShared: false, reversed: deal.reversed === 'half' ? 'no' : deal.reversed }),
  })),
);
const rate = fc.oneof(
  { weight: 2, arbitrary: percent },
  fc.tuple(percent, percent).map(([a, b]) => `if(product = "X", ${a}, ${b})`),
  percent.map((most) => `${most} * quantity / 3`),
);
const bounds = (places: readonly string[]) => fc.subarray([...places], { minLength: 1, maxLength: 4 });
const retroactive = fc.constantFrom<{ retroactive?: string }>({}, {}, { retroactive: 'yes' });
const tiersAt = (places: readonly string[], marks: fc.Arbitrary<{ retroactive?: string }>) =>
  bounds(places).chain((froms) =>
    fc.tuple(...froms.map((from) => fc.tuple(rate, marks).map(([pay, mark]) => ({ from, rate: pay, ...mark })))),
  );
const per = fc.constantFrom('month', 'quarter', 'year');
const [SHARES, AMOUNTS, COUNTS] = [
  ['0%', '30%', '75%', '100%', '120%'],
  ['0', '10000', '33333.33', '80000'],
  ['0', '1', '2', '3.5', '6'],
];
type Keys = Record<string, unknown>;

const hurdle = fc.constantFrom(
  undefined,
  'attainment(revenue) >= 50%',
  'sum(revenue) < 40000',
  'deals >= 2',
  'my.tenure > 3',
);

/** The forms that are computed in columns, as plans write them. */
const forms: Readonly<Record<string, fc.Arbitrary<Keys>>> = {
  'a rate': fc.record({ rate }),
  'an amount for each': fc.record({
    measure: fc.constant('contracts'),
    each: fc.constantFrom('200', '12.345', 'if(product = "X", 100, 50.5)'),
  }),
  'marginal tiers': fc.record({
    per,
    tiers: fc.oneof(tiersAt(SHARES, fc.constant({})), tiersAt(AMOUNTS, fc.constant({}))),
  }),
  'tiers of a deal': fc.record({ per: fc.constant('deal'), tiers: tiersAt(AMOUNTS, retroactive) }),
  'retroactive tiers': fc.record({
    per,
    tiers: fc.oneof(
      tiersAt(SHARES, retroactive),
      tiersAt(AMOUNTS, fc.constantFrom<{ retroactive?: string }>({}, { retroactive: 'yes' }, { retroactive: '5000' })),
    ),
  }),
  'tiers with hurdles': fc.record({
    per,
    pays: fc.constantFrom(undefined, undefined, 'quarterly'),
    tiers: tiersAt(SHARES, retroactive).chain((tiers) =>
      fc
        .tuple(...tiers.map(() => hurdle))
        .map((hurdles) => tiers.map((tier, index) => ({ ...tier, ...(hurdles[index] && { when: hurdles[index] }) }))),
    ),
  }),
  'tiers that are crossed': fc.record({
    per,
    crossing: fc.constantFrom('higher', 'lower'),
    tiers: tiersAt(SHARES, fc.constant({})),
  }),
  'tiers by another measure': fc.record({
    per,
    by: fc.constant('contracts'),
    crossing: fc.constantFrom('split', 'higher', 'lower'),
    tiers: tiersAt(COUNTS, fc.constant({})),
  }),
  'retroactive tiers by another measure': fc.record({
    per,
    by: fc.constant('contracts'),
    tiers: tiersAt(COUNTS, retroactive),
  }),
  'a curve': fc.record({
    per: fc.constantFrom('deal', 'month', 'year'),
    curve: fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })).map(([a, b]) => [
      { at: '0', earns: '0' },
      { at: '10000', earns: `${a}` },
      { at: '10000', earns: `${a + 5}.5` },
      { at: '80000', earns: `${a + b}` },
    ]),
    beyond: fc.constantFrom('flat', 'continue'),
  }),
  'a curve of rates': fc.record({
    per: fc.constantFrom('deal', 'month'),
    curve: fc.tuple(percent, percent).map(([a, b]) => [
      { at: '0', rate: a },
      { at: '50000', rate: b },
    ]),
    beyond: fc.constantFrom('flat', 'continue'),
  }),
  'a cap by count': fc.record({
    measure: fc.constantFrom('contracts', 'revenue'),
    rate: fc.constant(undefined),
    each: fc.constant('2'),
    cap: fc.record({ count: fc.constantFrom('1', '2', '3'), per: fc.constantFrom('month', 'quarter', 'year') }),
  }),
  'a cap by amount': fc.record({
    rate: percent,
    cap: fc.record({
      amount: fc.constantFrom('0', '500', '3000.50'),
      per: fc.constantFrom('month', 'quarter', 'year'),
    }),
    pays: fc.constantFrom(undefined, 'quarterly'),
  }),
  'tiers under a cap': fc.record({
    per,
    tiers: tiersAt(SHARES, retroactive),
    cap: fc.record({ amount: fc.constantFrom('500', '3000.50'), per: fc.constantFrom('month', 'year') }),
  }),
  'a cap per deal': fc.record({
    rate,
    cap: fc.record({ amount: fc.constantFrom('0', '100', '1000'), per: fc.constant('deal') }),
  }),
  'a multiplier': fc.record({
    per,
    rate: percent,
    multiplier: fc.constantFrom(
      'if(attainment(revenue) >= 50%, 110%, 1/3)',
      '0%',
      'if(sum(revenue) > 20000, 130%, 100%)',
      'deals * 10%',
    ),
  }),
};
const extras = fc.record({
  where: fc.constantFrom(undefined, undefined, 'product = "X"'),
  rounding: fc.constantFrom(undefined, 'half-even', { to: '0.05' }),
});

/** Ann's plan and deals: a year of months, some of them without a quota. */
function storyOf(
  component: Keys,
  later: Keys | null,
  list: readonly { date: string; cents: number; reversed: string; product: string; isShared: boolean }[],
  quotas: readonly number[],
  reversals: string,
  { components = [], ...plan }: { components?: Keys[]; cap?: Keys } = {},
): Story {
  const measures = {
    revenue: { counts: 'amount', of: 'deals', reversals },
    contracts: { counts: '1', of: 'deals', reversals },
  };
  const story = new Story({ measures, fields: { quantity: 'number' } })
    .person('ann', 'AE', '2025-01-01')
    .person('bob', 'SE', '2025-01-01');
  for (const [index, amount] of quotas.entries())
    if (amount > 0) story.quota('ann', 'revenue', `2025-0${index + 1}`, amount);
  story.plan('AE', { ...plan, components: [{ name: 'C', measure: 'revenue', ...component }, ...components] });
  if (later !== null)
    story.plan('AE', {
      version: '2',
      effective: { from: '2025-03-15' },
      components: [{ name: 'C', measure: 'revenue', ...later }],
    });
  for (const [index, { date: closed, cents, reversed, product, isShared }] of list.entries()) {
    const id = `D${index}`;
    story.sold('ann', id, (cents / 100).toFixed(2), closed, { product, quantity: (index % 3) + 1 });
    if (isShared) story.split(id, { ann: '2/3', bob: '1/3' });
    if (reversed !== 'no')
      story.cancel(id, '2025-07-03', reversed === 'whole' ? null : (Math.abs(cents) / 200).toFixed(2));
  }
  return story;
}

function shown(lines: Lines): unknown[] {
  return [
    ...lines.exceptions,
    ...lines
      .between()
      .map(({ kind, credit, cause, date: on, amount, explain }) => [
        kind,
        credit?.id,
        cause?.id,
        on,
        amount,
        String(explain().unrounded),
      ]),
  ];
}

describe('the column way', () => {
  it.each(Object.entries(forms))('pays %s as the exact way does, line by line', (name, form) => {
    let [inColumns, of] = [0, 0];
    fc.assert(
      fc.property(
        form,
        fc.option(form, { freq: 1 }),
        extras,
        records,
        fc.array(fc.constantFrom(0, 20_000, 55_555, 90_000), { minLength: 6, maxLength: 6 }),
        fc.constantFrom('undone', 'undone', 'dated', 'kept'),
        (component, other, extra, list, quotas, reversals) => {
          const history = new FactHistory();
          history.append(
            storyOf(
              { ...component, ...extra },
              other === null ? null : { ...other, ...extra, per: component['per'] },
              list,
              quotas,
              reversals,
            ).facts,
          );
          const world = history.world({ effective: OPEN, position: Number(history.head) });
          const [life] = world.plans();
          const lines = computeLines(world, 'ann', life!, 'C');
          of += 1;
          if (lines instanceof ColumnLines || lines instanceof CutLines) inColumns += 1;
          expect(shown(lines)).toEqual(shown(computeLines(world, 'ann', life!, 'C', 'exact')));
          expect([lines.count, lines.total()]).toEqual([
            lines.between().length,
            lines.between().reduce((sum, { amount }) => sum + amount, 0n),
          ]);
        },
      ),
      { numRuns, ...seed },
    );
    // Without this check the law could compare the exact way with itself.
    expect(`${name} ${of < 200 || inColumns > of / 8}`).toBe(`${name} true`);
  });

  it('cuts by the cap of a plan as the exact way does, line by line', () => {
    let [inColumns, of] = [0, 0];
    const capped = fc.record({
      amount: fc.constantFrom('0', '400', '2500.50', '9000'),
      per: fc.constantFrom('month', 'quarter', 'year'),
    });
    fc.assert(
      fc.property(
        forms['marginal tiers']!,
        fc.option(forms['a rate']!),
        capped,
        records,
        fc.constantFrom('undone', 'kept', 'dated'),
        (component, other, cap, list, reversals) => {
          const history = new FactHistory();
          const components = other === null ? [] : [{ name: 'D', measure: 'revenue', ...other }];
          const story = storyOf(component, null, list, [20_000, 55_555], reversals, { cap, components });
          history.append(story.facts);
          const world = history.world({ effective: OPEN, position: Number(history.head) });
          const [life] = world.plans();
          const own = ['C', 'D'].map((name) => computeLines(world, 'ann', life!, name));
          const exactly = planCapLines(
            world,
            own.flatMap((lines) => lines.between()),
          );
          const cuts = planCapColumns(life!, own, () => exactly.lines);
          of += 1;
          if (cuts === null) return;
          inColumns += 1;
          const ofComponent = (lines: readonly Line[], name: string) =>
            shown(
              listed(
                lines.filter((line) => line.component.name === name),
                [],
              ),
            );
          for (const name of ['C', 'D']) expect(ofComponent(cuts, name)).toEqual(ofComponent(exactly.lines, name));
        },
      ),
      { numRuns, ...seed },
    );
    expect(of < 200 || inColumns > of / 8).toBe(true);
  });
});
