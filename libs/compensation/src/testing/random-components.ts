import fc from 'fast-check';

/** How reversals change the measures of a company. */
export type Policy = 'undone' | 'dated' | 'kept';
export type Component = Record<string, unknown>;

const of = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const rate = of('1%', '2.5%', '4.75%', '10%', '12.345%');
const windows = of('month', 'month', 'quarter', 'year', 'plan');
const ofTime = of('month', 'month', 'quarter', 'quarter', 'year');
const money = of('revenue', 'revenue', 'revenue', 'margin', 'big', 'bookings');
const whole = (max: number, step: number) => fc.integer({ min: 1, max }).map((n) => String(n * step));
/** A value or none; smaller companies have none. */
const maybe = <Value>(value: fc.Arbitrary<Value>, seldom = 4) =>
  fc.oneof({ weight: seldom - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Bounds that ascend: in % of a quota, or on the measure itself. */
const bounds = (count: number, step: number) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 0, maxLength: count })
    .map((marks) => marks.sort((a, b) => a - b).map((mark) => mark * step));
const onQuota = bounds(2, 25).map((marks) => marks.map((mark) => `${mark}%`));
const onMoney = bounds(2, 1500).map((marks) => marks.map(String));
const onCount = bounds(2, 1).map((marks) => marks.map(String));

interface Stairs {
  readonly marks: readonly string[];
  readonly first: boolean;
  readonly pays: readonly string[];
  readonly retroactive: readonly boolean[];
  readonly crossing: string | undefined;
  readonly hurdle: string | undefined;
}
const stairs = (marks: fc.Arbitrary<readonly string[]>, pays: fc.Arbitrary<string>): fc.Arbitrary<Stairs> =>
  fc.record({
    marks,
    first: fc.boolean().map((without) => !without),
    pays: fc.array(pays, { minLength: 3, maxLength: 3 }),
    retroactive: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    crossing: maybe(of('higher', 'lower')),
    hurdle: maybe(
      of('attainment(revenue) >= 50%', 'deals >= 2', 'sum(revenue) > 3000', 'my.tenure >= 2 and sum(wins) >= 1'),
      5,
    ),
  });

/** Tiers, each paying by one key. */
function tiersOf({ marks, first, pays, retroactive, crossing, hurdle }: Stairs, key: string): Component {
  const zero = marks.some((mark) => mark.endsWith('%')) || marks.length === 0 ? '0%' : '0';
  const all = first || marks.length === 0 ? [zero, ...marks] : marks;
  const jumps = crossing === undefined && key !== 'pays';
  const tiers = all.map((from, index) => {
    const back =
      jumps && index > 0 && retroactive[index] === true
        ? { retroactive: index === 2 && first && retroactive[0] === true ? all[1] : 'yes' }
        : {};
    return {
      from,
      [key]: pays[index % 3],
      ...back,
      ...(index === all.length - 1 && index > 0 && hurdle !== undefined && { when: hurdle }),
    };
  });
  return { tiers, ...(crossing !== undefined && key !== 'pays' && { crossing }) };
}

const paidByRate = fc.oneof(
  { weight: 3, arbitrary: fc.record({ measure: money, rate }) },
  {
    weight: 2,
    arbitrary: fc.record({
      measure: of('revenue'),
      rate,
      where: of('product = "X"', 'amount > 1000', 'quantity >= 2 and not (product = "Y")', 'my.team = territory'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      measure: of('revenue', 'margin'),
      rate: of(
        'if(product = "X", 5%, 1%)',
        'min(8%, max(1%, cost / amount))',
        'if(amount >= 2000 USD, 3%, 2%)',
        'quantity * 0.5%',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ measure: of('collected'), rate }) },
  {
    weight: 2,
    arbitrary: fc.record({
      measure: of('revenue'),
      per: windows,
      rate: of('if(sum(revenue) >= 4000, 5%, 3%)', 'if(attainment(revenue) >= 60%, 6%, 2%)', 'if(deals >= 3, 4%, 1%)'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      measure: of('revenue'),
      per: windows,
      rate,
      where: of('deals >= 2', 'product = "X" or sum(wins) >= 3'),
    }),
  },
);
const paidByTiers = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(money, windows, stairs(onQuota, rate))
      .map(([measure, per, steps]) => ({ measure, per, ...tiersOf(steps, 'rate') })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(money, of('deal', 'month', 'quarter', 'year', 'plan'), stairs(onMoney, rate))
      .map(([measure, per, steps]) => ({
        measure,
        per,
        ...tiersOf(per === 'deal' ? { ...steps, hurdle: undefined } : steps, 'rate'),
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(money, windows, stairs(onCount, rate))
      .map(([measure, per, steps]) => ({ measure, by: 'wins', per, ...tiersOf(steps, 'rate') })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(windows, stairs(onMoney, rate)).map(([per, steps]) => ({
      measure: 'revenue',
      by: 'size',
      per,
      ...tiersOf({ ...steps, crossing: undefined }, 'rate'),
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(windows, stairs(onQuota, rate)).map(([per, steps]) => ({
      measure: 'revenue',
      by: 'rateOfMargin',
      per,
      ...tiersOf({ ...steps, crossing: undefined }, 'rate'),
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(windows, rate, stairs(onQuota, of('1', '1.5', '2')), of('product = "X"', 'amount > 1000'))
      .map(([per, base, steps, where]) => ({ measure: 'revenue', where, per, rate: base, ...tiersOf(steps, 'times') })),
  },
  { weight: 2, arbitrary: fc.record({ measure: of('wins'), each: of('50', '120.25', '33.333') }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(windows, stairs(onCount, of('50', '75.5', '200')))
      .map(([per, steps]) => ({ measure: 'wins', per, ...tiersOf(steps, 'each') })),
  },
);
const curve = (marks: fc.Arbitrary<readonly string[]>, key: string, values: readonly [string, string, string]) =>
  fc.tuple(marks, fc.boolean(), of('flat', 'continue')).map(([points, jumps, beyond]) => {
    const zero = points.some((mark) => mark.endsWith('%')) || points.length === 0 ? '0%' : '0';
    const all = [zero, ...points].map((at, index) => ({ at, [key]: values[index]! }));
    return { curve: jumps ? [...all, { at: all.at(-1)!.at, [key]: values[2] }] : all, beyond };
  });
const paidByCurve = fc.oneof(
  fc
    .tuple(money, of('deal', 'month', 'quarter', 'year'), curve(onMoney, 'earns', ['0', '70.5', '310']))
    .map(([measure, per, points]) => ({ measure, per, ...points })),
  fc
    .tuple(money, of('month', 'quarter', 'year'), curve(onQuota, 'rate', ['1%', '3%', '4%']))
    .map(([measure, per, points]) => ({ measure, per, ...points })),
);
const target = of('1000', '2500.55', '900', 'if(my.tenure >= 2, 800, 400)', 'assigned');
const paidByTarget = fc.oneof(
  fc
    .tuple(of('revenue', 'wins', 'margin'), ofTime, target, curve(onQuota, 'pays', ['0%', '50%', '120%']))
    .map(([measure, per, amount, points]) => ({ measure, per, target: amount, ...points })),
  fc
    .tuple(of('revenue', 'wins'), ofTime, target, stairs(onQuota, of('25%', '50%', '100%')))
    .map(([measure, per, amount, steps]) => ({ measure, per, target: amount, ...tiersOf(steps, 'pays') })),
  fc.tuple(ofTime, target).map(([per, amount]) => ({
    per,
    target: amount === 'assigned' ? '700' : amount,
    objectives: { Partners: '60%', Playbook: '40%' },
  })),
);
const contest = fc.oneof(
  fc
    .tuple(
      ofTime,
      of('revenue', 'wins', 'attainment(revenue)'),
      of(['300', '100'], ['50%', '30%', '20%']),
      of('share', 'all'),
      maybe(of<unknown>('deals >= 2', { first: 'sum(revenue) >= 2000' })),
    )
    .map(([per, rank, prizes, ties, requires]) => ({
      per,
      contest: {
        rank,
        prizes,
        ties,
        ...(prizes[0] === '50%' && { pot: '5% of revenue' }),
        ...(requires !== undefined && { requires }),
      },
    })),
  fc
    .tuple(ofTime, of('2% of revenue', '333.34'), of('equally', 'wins'), maybe(of('my.team')))
    .map(([per, pot, divide, among]) => ({ per, contest: { pot, divide, ...(among !== undefined && { among }) } })),
);

const credit = of<unknown>(
  'sales',
  'reports',
  'overlay',
  ['sales', 'reports'],
  ['sales', 'overlay'],
  'through mentor',
  'through mentor',
  ['sales', 'through mentor'],
  ['reports', 'through mentor'],
  'all',
  { all: 'territory = my.team' },
);
const choices = fc.record({
  credit: maybe(credit, 3),
  multiplier: maybe(
    of(
      'if(attainment(revenue) >= 60%, 125%, 80%)',
      'min(1.5, max(0.5, attainment(wins)))',
      'if(sum(revenue) >= 4000, 150%, 100%)',
      'if(my.tenure >= 3, 110%, 90%)',
      'if(attainment(revenue, my.team) >= 50%, 120%, 75%)',
      '1.2',
    ),
  ),
  cap: maybe(
    fc.oneof(
      fc.record({ amount: whole(40, 10), per: of('month', 'quarter', 'year', 'deal') }),
      fc.record({ amount: whole(40, 10), per: of('month', 'quarter'), excess: of('carried') }),
      fc.record({ count: of('1', '2'), per: of('month', 'quarter', 'year') }),
    ),
  ),
  clawback: maybe(
    fc.record(
      {
        take: of('as paid', 'pro rata', '50%', '1/3'),
        within: maybe(of('30 days', '60 days', '2 months')),
        instalments: maybe(of('2', '3')),
      },
      { requiredKeys: ['take'] },
    ),
    2,
  ),
  over: of('3 months', '90 days', '1 year'),
  release: maybe(
    of<unknown>(
      'payment',
      'approval',
      'goLive',
      { after: '20 days' },
      { after: '2 months' },
      [
        { share: '40%', on: 'closed' },
        { share: '60%', on: 'payment' },
      ],
      [
        { share: '1/3', on: { after: '1 month' } },
        { share: '2/3', on: 'goLive' },
      ],
    ),
    5,
  ),
  eligible: maybe(
    fc.record({ on: maybe(of('credit date', 'pay date', 'both')), leave: maybe(of('excluded', 'included')) }),
    5,
  ),
  pays: maybe(of('quarterly', 'yearly'), 5),
  currency: maybe(of('EUR', 'USD'), 6),
  unit: maybe(of('point', 'day off'), 8),
  rounding: maybe(of<unknown>('half-even', { to: '0.05' }, { to: '1', mode: 'half-even' }, { per: 'total' }), 4),
});

const PAYS = ['monthly', 'quarterly', 'yearly'];
const without = (values: Readonly<Record<string, unknown>>): Component =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** A component of any form with any keys that the form allows. */
export function randomComponent(policy: Policy, planPays: string): fc.Arbitrary<Component> {
  const form = fc.oneof(
    { weight: 4, arbitrary: paidByRate },
    { weight: 6, arbitrary: paidByTiers },
    { weight: 2, arbitrary: paidByCurve },
    { weight: 3, arbitrary: paidByTarget },
    { weight: 1, arbitrary: contest },
  );
  return fc
    .tuple(form as fc.Arbitrary<Component>, choices)
    .map(([own, chosen]) => allowed(own, chosen, policy, planPays));
}

/** The chosen keys that the form of a component allows. */
function allowed(
  own: Component,
  { credit: whose, multiplier, cap, clawback, over, release, eligible, pays, currency, unit, rounding }: Choices,
  policy: Policy,
  planPays: string,
): Component {
  const isOfRecords = own['target'] === undefined && own['contest'] === undefined;
  const isWindowed = own['per'] !== undefined && own['per'] !== 'deal';
  const tiers = (own['tiers'] ?? []) as readonly { retroactive?: unknown }[];
  const isRetroactive = tiers.some((tier) => tier.retroactive !== undefined);
  const isTotal = (rounding as { per?: string } | undefined)?.per === 'total';
  const isReversible = isOfRecords && policy !== 'undone' && own['measure'] !== 'collected';
  const text = JSON.stringify([own, multiplier]);
  // An expression with an amount of money cannot pay another unit.
  const isPlain = !/USD|EUR/.test(text) && own['curve'] === undefined && own['measure'] !== 'collected';
  return without({
    ...own,
    credit: whose,
    multiplier: isWindowed ? multiplier : undefined,
    cap: cap !== undefined && 'count' in cap && !isOfRecords ? undefined : cap,
    clawback:
      isReversible && clawback !== undefined
        ? without({ ...clawback, ...(clawback.take === 'pro rata' && { over }) })
        : undefined,
    release: isOfRecords || (typeof release === 'object' && !Array.isArray(release)) ? release : undefined,
    eligible: eligible === undefined ? undefined : without(eligible),
    pays: pays !== undefined && PAYS.indexOf(pays) > PAYS.indexOf(planPays) ? pays : undefined,
    currency: unit !== undefined && isPlain ? undefined : currency,
    unit: isPlain ? unit : undefined,
    rounding: isTotal && isRetroactive ? undefined : rounding,
  });
}
type Choices = typeof choices extends fc.Arbitrary<infer Value> ? Value : never;
