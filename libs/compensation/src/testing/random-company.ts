import { addDays } from '@attain/values';
import fc from 'fast-check';
import type { Scenario, ScenarioStep } from './naive/company.js';
import { type Component, type Policy, randomComponent } from './random-components.js';

const of = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const maybe = <Value>(value: fc.Arbitrary<Value>, seldom = 4) =>
  fc.oneof({ weight: seldom - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
/** Days on which something ends or begins, and those that are 30 and 60 days after another. */
const EDGES = [
  '2025-01-01',
  '2025-01-15',
  '2025-01-31',
  '2025-02-01',
  '2025-02-14',
  '2025-02-28',
  '2025-03-01',
  '2025-03-16',
  '2025-03-31',
  '2025-04-01',
];
const day = fc.oneof(
  fc.integer({ min: 0, max: 110 }).map((days) => addDays('2025-01-01', days)),
  of(...EDGES),
);
const deal = fc.integer({ min: 1, max: 5 }).map((n) => `D${n}`);
const amount = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 8_000_00 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }).map((n) => n * 500_00) },
    { weight: 1, arbitrary: fc.integer({ min: -900_00, max: 0 }) },
  )
  .map((cents) => (cents / 100).toFixed(2));
const sellers = of('ann', 'ann', 'bob');
const anyone = of('ann', 'bob', 'eve', 'mo');
const product = of('X', 'Y');
const without = <Values extends object>(values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;

const fields = fc
  .record({
    owner: sellers,
    amount,
    closed: day,
    product,
    currency: maybe(of('EUR', 'USD'), 3),
    cost: maybe(of('100', '900.55'), 2),
    quantity: maybe(of('1', '3'), 2),
    goLive: maybe(day, 3),
    territory: maybe(of('T1', 'T2'), 3),
    time: maybe(of('09:00', '10:30'), 6),
  })
  .map(without);
const revenue = of<Record<string, string>>(
  { ann: '50%', bob: '50%' },
  { ann: '1/3', bob: '1/3', eve: '1/3' },
  { bob: '70%', eve: '30%' },
  { ann: '100%' },
);
const overlay = of<Record<string, string>>({ eve: '25%' }, { eve: '100%', bob: '10%' }, {});
const period = of('2025-01', '2025-02', '2025-03', '2025-Q1', '2025-Q2', '2025-H1', '2025');

type Said = { readonly kind: string; readonly said: Record<string, unknown> };
const told = (kind: string, said: fc.Arbitrary<object>): fc.Arbitrary<Said> =>
  said.map((one) => ({ kind, said: without(one as Record<string, unknown>) }));
const reversal = (kind: string) => told(kind, fc.record({ deal, date: day, amount: maybe(of('100.00', '750.25'), 2) }));
const quota = fc.record({
  for: anyone,
  measure: of('revenue', 'revenue', 'wins', 'margin'),
  period,
  amount: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => String(n * 600)) },
    of('0', 'none', '3'),
  ),
  target: maybe(of('500', '1200.50'), 2),
  currency: maybe(of('EUR'), 8),
  credit: maybe(of('reports', 'sales overlay', 'all'), 6),
});
const step = (policy: Policy): fc.Arbitrary<Said> =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: told(
        'won',
        fc.tuple(deal, fields).map(([id, own]) => ({ id, ...own })),
      ),
    },
    {
      weight: 3,
      arbitrary: told(
        'changed',
        fc
          .tuple(deal, of('amount', 'closed', 'owner', 'product', 'territory', 'goLive'), fields, day)
          .map(([id, key, own, date]) => ({
            deal: id,
            [key]: key === 'goLive' ? date : ((own as Record<string, string>)[key] ?? 'T1'),
          })),
      ),
    },
    {
      weight: 2,
      arbitrary: told('split', fc.record({ deal, revenue: maybe(revenue, 2), overlay: maybe(overlay, 2) })),
    },
    {
      weight: policy === 'undone' ? 2 : 4,
      arbitrary: fc.oneof(reversal('cancelled'), reversal('refunded'), reversal('churned')),
    },
    {
      weight: 2,
      arbitrary: told(
        'paid',
        fc.record({
          id: of('P1', 'P2', 'P3'),
          deal,
          amount: amount.map((text) => text.replace('-', '')),
          date: day,
          currency: maybe(of('EUR', 'USD'), 5),
        }),
      ),
    },
    { weight: 3, arbitrary: told('quota', quota) },
    { weight: 1, arbitrary: told('lost', fc.record({ id: deal })) },
    { weight: 1, arbitrary: told('reopened', fc.record({ id: deal })) },
    {
      weight: 1,
      arbitrary: told(
        'person',
        fc
          .tuple(
            anyone,
            day,
            of<Record<string, string>>(
              { role: 'AE' },
              { role: 'SE' },
              { manager: 'vic' },
              { team: 'T2' },
              { role: 'AE', manager: 'eve' },
            ),
          )
          .map(([id, from, changed]) => ({ id, from, ...changed })),
      ),
    },
    {
      weight: 1,
      arbitrary: told(
        'leave',
        fc
          .tuple(anyone, day, fc.integer({ min: 0, max: 50 }))
          .map(([participant, from, days]) => ({ participant, from, to: addDays(from, days) })),
      ),
    },
    {
      weight: 1,
      arbitrary: told('rate', fc.record({ from: of('EUR'), to: of('USD'), date: day, rate: of('1.1', '1.25') })),
    },
    {
      weight: 1,
      arbitrary: told(
        'score',
        fc.record({
          participant: anyone,
          period,
          objective: of('Partners', 'Playbook'),
          score: of('100%', '80%', '33.3%'),
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: told(
        'approve',
        fc.tuple(deal, fc.nat(2)).map(([id, nth]) => ({ deal: id, component: `C${nth + 1}` })),
      ),
    },
    { weight: 7, arbitrary: fc.constant({ kind: 'close', said: {} }) },
  );

const draw = fc.oneof(
  fc
    .record({
      amount: of('100', '250.50'),
      periods: maybe(of('1-2', '2-3'), 2),
      recoverable: maybe(of('yes', 'no'), 3),
      recovers: maybe(fc.record({ from: maybe(of('2'), 2), share: maybe(of('50%', '100%'), 2) }).map(without), 2),
      forgive: maybe(of('at end'), 3),
    })
    .map((one) =>
      without(
        one.recoverable === 'no'
          ? { ...one, recovers: undefined, forgive: undefined }
          : one.periods === undefined
            ? { ...one, forgive: undefined }
            : one,
      ),
    ),
  fc.record({ amount: of(['300', '150']), recoverable: of('no') }),
);
const planCap = fc.oneof(
  fc.record({ amount: of('150', '400'), per: of('month', 'quarter', 'year') }),
  fc.record({ amount: of('120'), per: of('month', 'quarter'), excess: of('carried') }),
);

function plan(policy: Policy, name: string, assigned: fc.Arbitrary<object>): fc.Arbitrary<Record<string, unknown>> {
  return of('monthly', 'monthly', 'quarterly').chain((pays) =>
    fc
      .record({
        assignedTo: assigned,
        components: fc.array(randomComponent(policy, pays), { minLength: 1, maxLength: 2, size: 'max' }),
        currency: maybe(of('EUR'), 6),
        rounding: maybe(of<unknown>('half-even', { to: '0.10' }), 6),
        draw: maybe(draw, 4),
        negative: maybe(of('carried'), 4),
        cap: maybe(planCap, 5),
        convert: maybe(
          of<unknown>(
            { pay: 'on credit date' },
            { credits: 'on pay date' },
            { credits: 'at plan rate', pay: 'at plan rate' },
          ),
          6,
        ),
        later: maybe(fc.tuple(day, randomComponent(policy, pays)), 4),
      })
      .map(({ components, later, convert, ...own }) => {
        const currency = own.currency ?? 'USD';
        const rates =
          JSON.stringify(convert)?.includes('plan rate') === true
            ? { planRates: currency === 'USD' ? { EUR: '1.2' } : { USD: '0.8' } }
            : {};
        const named = components.map((one, index) => ({ name: `C${index + 1}`, ...one }));
        const document = without({
          plan: name,
          version: '1',
          effective: { from: '2025-01-01' },
          ...own,
          pays,
          convert,
          ...rates,
          cap: carriesOwn(own.cap, named) ? { ...own.cap, excess: undefined } : own.cap,
          components: named,
        });
        return {
          ...document,
          cap: document.cap === undefined ? undefined : without(document.cap),
          next:
            later === undefined
              ? undefined
              : {
                  from: isCarriedByQuarter([own, ...components, later[1]]) ? '2025-04-01' : later[0],
                  component: { name: 'C1', ...later[1] },
                },
        };
      })
      .map(without),
  );
}

/** Which part of a quarter counts under a carried cap whose version begins within it, the plan language does not decide. */
function isCarriedByQuarter(capped: readonly { readonly cap?: unknown }[]): boolean {
  return capped.some(({ cap }) => {
    const { per, excess } = (cap ?? {}) as { per?: unknown; excess?: unknown };
    return per === 'quarter' && excess === 'carried';
  });
}

/** A plan's carried excess stands only on components that pay as the plan does. */
function carriesOwn(cap: object | undefined, components: readonly Component[]): boolean {
  return (
    cap !== undefined &&
    'excess' in cap &&
    components.some((one) => one['currency'] !== undefined || one['unit'] !== undefined || one['pays'] !== undefined)
  );
}

const settings = fc
  .record({
    seasons: maybe(
      of(
        ['10%', '20%', '30%', '40%'],
        ['5%', '5%', '10%', '5%', '5%', '10%', '10%', '10%', '10%', '10%', '10%', '10%'],
      ),
      5,
    ),
    ramp: maybe(of({ AE: ['0%', '50%'] }, { AE: ['25%', '50%', '75%'] }), 6),
    prorate: maybe(of('by days' as const, 'by months' as const), 3),
    payDay: maybe(of('15 of the next month'), 5),
  })
  .map(without);

/** A company of a few people with a plan or two of any features, and what happens to it. */
export function randomCompany(longest = 16): fc.Arbitrary<Scenario> {
  // Values without a bias to small ones, because a company of few deals says little.
  const companies = of<Policy>('undone', 'undone', 'dated', 'kept').chain((policy) =>
    fc
      .record({
        settings,
        euro: maybe(of('ann', 'bob', 'mo'), 4),
        relation: fc.record({ from: day, days: of(0, 14, 31, 60, 90) }),
        quotas: fc.array(quota, { maxLength: 4, size: 'max' }),
        teamQuota: maybe(of('5000', '9000'), 4),
        plans: fc.tuple(
          plan(
            policy,
            'P',
            of<object>(
              { roles: ['AE'] },
              { teams: ['T1'] },
              { roles: ['AE', 'SE'], except: ['bob'] },
              { people: ['ann', 'mo'] },
            ),
          ),
          maybe(
            plan(
              policy,
              'Q',
              of<object>({ roles: ['Manager'] }, { roles: ['SE', 'Manager'] }, { people: ['ann', 'eve'] }),
            ),
            2,
          ),
        ),
        steps: fc.array(fc.record({ one: step(policy), days: of(0, 0, 3, 8) }), {
          minLength: 5,
          maxLength: longest,
          size: 'max',
        }),
      })
      .map((random) => scenarioOf(random, policy)),
  );
  return fc.noBias(companies);
}

interface Random {
  readonly settings: object;
  readonly euro: string | undefined;
  readonly relation: { from: string; days: number };
  readonly quotas: readonly { for: string; measure: string; period: string; amount: string }[];
  readonly teamQuota: string | undefined;
  readonly plans: readonly (Record<string, unknown> | undefined)[];
  readonly steps: readonly { one: Said; days: number }[];
}

function scenarioOf(
  { settings: own, euro, relation, quotas, teamQuota, plans, steps }: Random,
  reversals: Policy,
): Scenario {
  const of = 'deals';
  const person = (id: string, role: string, more: Record<string, string>) => ({
    id,
    role,
    team: 'T1',
    from: '2025-01-01',
    ...more,
    ...(euro === id && { currency: 'EUR' }),
  });
  const seen = new Set<string>();
  const assigned = quotas.filter(
    ({ for: whose, measure, period: when, amount: size }) =>
      size !== 'none' && !seen.has(`${whose} ${measure} ${when}`) && seen.add(`${whose} ${measure} ${when}`),
  );
  const given = plans.filter((one) => one !== undefined);
  return {
    company: {
      currency: 'USD',
      measures: {
        revenue: { counts: 'amount', of, reversals },
        wins: { counts: '1', of, reversals },
        margin: { counts: 'amount - cost', of, reversals },
        big: { counts: 'amount', of, where: 'amount >= 2000', reversals },
        small: { counts: 'amount', of, where: 'amount < 3000', reversals },
        bookings: { is: 'big + small' },
        collected: { counts: 'amount', of: 'payments', date: 'paid' },
        size: { is: 'revenue / wins' },
        rateOfMargin: { is: 'margin / revenue' },
      },
      fields: { cost: 'money', goLive: 'date' },
      ...own,
      people: [
        person('ann', 'AE', { manager: 'mo' }),
        person('bob', 'AE', { manager: 'mo', from: '2024-11-15' }),
        person('eve', 'SE', { manager: 'mo' }),
        person('mo', 'Manager', { manager: 'vic', from: '2024-12-01' }),
        { id: 'vic', role: 'Director', from: '2024-12-01' },
      ],
      quotas: [
        ...assigned,
        ...(teamQuota === undefined ? [] : [{ for: 'T1', measure: 'revenue', period: '2025-Q1', amount: teamQuota }]),
      ].map(without),
      rates: [
        { from: 'EUR', to: 'USD', date: '2024-12-01', rate: '1.08' },
        { from: 'USD', to: 'EUR', date: '2024-12-01', rate: '0.92' },
      ],
      relations: [
        {
          person: 'bob',
          relation: 'mentor',
          other: 'ann',
          from: relation.from,
          to: addDays(relation.from, relation.days),
        },
      ],
      plans: given.flatMap(({ next, ...document }) => {
        if (next === undefined) return [document];
        const { from, component } = next as { from: string; component: Component };
        return from === '2025-01-01'
          ? [document]
          : [
              document,
              {
                ...document,
                ...withoutCarrying(document, component),
                version: '2',
                effective: { from },
                components: [component],
              },
            ];
      }),
    },
    history: historyOf(steps),
  };
}

function withoutCarrying({ cap }: Record<string, unknown>, component: Component): object {
  return carriesOwn(cap as object | undefined, [component]) ? { cap: { ...(cap as object), excess: 'forfeited' } } : {};
}

/** Steps that make sense where they stand: of deals that are there, each at an instant of its own or with the one before. */
function historyOf(steps: Random['steps']): ScenarioStep[] {
  const status = new Map<string, 'won' | 'open'>();
  const reversed = new Map<string, boolean>();
  const history: ScenarioStep[] = [];
  let reversals = 0;
  let [at, months] = ['2025-01-02', 0];
  for (const {
    one: { kind, said },
    days,
  } of steps) {
    const id = (said['id'] ?? said['deal']) as string;
    if (kind === 'close') {
      months += 1;
      if (months > 4) continue;
      const month = `2025-0${months}`;
      const end = addDays(`2025-0${months + 1}-01`, -1);
      if (end > at) at = end;
      history.push({ at: `${at}T23:59:59Z`, close: month });
      at = addDays(at, 1);
      continue;
    }
    at = addDays(at, days);
    // Won once, a deal is changed.
    if (kind === 'won' && status.get(id) === 'won') {
      history.push({ at, changed: { deal: id, amount: said['amount'] } });
      continue;
    }
    if (['lost', 'reopened'].includes(kind) && (status.get(id) !== 'won' || reversed.get(id) === true)) continue;
    if (
      ['changed', 'split', 'cancelled', 'refunded', 'churned', 'paid', 'approve'].includes(kind) &&
      status.get((said['deal'] ?? id) as string) !== 'won'
    )
      continue;
    if (kind === 'split' && said['revenue'] === undefined && said['overlay'] === undefined) continue;
    if (['cancelled', 'refunded', 'churned'].includes(kind)) {
      reversed.set(id, true);
      reversals += 1;
      history.push({ at, [kind]: { id: `R${reversals}`, ...said } });
      continue;
    }
    if (kind === 'won') status.set(id, 'won');
    if (kind === 'lost' || kind === 'reopened') status.set(id, 'open');
    history.push({ at, [kind]: said });
  }
  return history;
}
