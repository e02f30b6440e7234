import { addDays } from '@attain/values';
import fc from 'fast-check';
import type { Scenario, ScenarioStep } from './naive/company.js';
import type { Component, Policy } from './random-components.js';
import { carriesOwn, randomPlan } from './random-plans.js';
import { quota, type RandomStep, step } from './random-steps.js';
import { day, maybe, of, without } from './random-values.js';

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

/** A company of a few people with one or two plans of any features, and a history. */
export function randomCompany(longest = 16): fc.Arbitrary<Scenario> {
  // Values without a preference for small ones, because a company of few deals tests little.
  const companies = of<Policy>('undone', 'undone', 'dated', 'kept').chain((policy) =>
    fc
      .record({
        settings,
        euro: maybe(of('ann', 'bob', 'mo'), 4),
        relation: fc.record({ from: day, days: of(0, 14, 31, 60, 90) }),
        quotas: fc.array(quota, { maxLength: 4, size: 'max' }),
        teamQuota: maybe(of('5000', '9000'), 4),
        plans: fc.tuple(
          randomPlan(
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
            randomPlan(
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
  readonly steps: readonly { one: RandomStep; days: number }[];
}

function scenarioOf(
  { settings: own, euro, relation, quotas, teamQuota, plans, steps }: Random,
  reversals: Policy,
): Scenario {
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
      measures: measuresOf(reversals),
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
      plans: given.flatMap(versionsOf),
    },
    history: historyOf(steps),
  };
}

function measuresOf(reversals: Policy): Scenario['company']['measures'] {
  const of = 'deals';
  return {
    revenue: { counts: 'amount', of, reversals },
    wins: { counts: '1', of, reversals },
    margin: { counts: 'amount - cost', of, reversals },
    big: { counts: 'amount', of, where: 'amount >= 2000', reversals },
    small: { counts: 'amount', of, where: 'amount < 3000', reversals },
    bookings: { is: 'big + small' },
    collected: { counts: 'amount', of: 'payments', date: 'paid' },
    size: { is: 'revenue / wins' },
    rateOfMargin: { is: 'margin / revenue' },
  };
}

/** A plan, and its second version where one follows. */
function versionsOf({ next, ...document }: Record<string, unknown>): Record<string, unknown>[] {
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
}

function withoutCarrying({ cap }: Record<string, unknown>, component: Component): object {
  return carriesOwn(cap as object | undefined, [component]) ? { cap: { ...(cap as object), excess: 'forfeited' } } : {};
}

/** Steps that are valid at their place: about existing deals, each at an instant of its own or with the one before. */
function historyOf(steps: Random['steps']): ScenarioStep[] {
  const status = new Map<string, 'won' | 'open'>();
  const reversed = new Map<string, boolean>();
  const history: ScenarioStep[] = [];
  let reversals = 0;
  let [at, months] = ['2025-01-02', 0];
  for (const {
    one: { kind, data },
    days,
  } of steps) {
    const id = (data['id'] ?? data['deal']) as string;
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
      history.push({ at, changed: { deal: id, amount: data['amount'] } });
      continue;
    }
    if (['lost', 'reopened'].includes(kind) && (status.get(id) !== 'won' || reversed.get(id) === true)) continue;
    if (
      ['changed', 'split', 'cancelled', 'refunded', 'churned', 'paid', 'approve'].includes(kind) &&
      status.get((data['deal'] ?? id) as string) !== 'won'
    )
      continue;
    if (kind === 'split' && data['revenue'] === undefined && data['overlay'] === undefined) continue;
    if (['cancelled', 'refunded', 'churned'].includes(kind)) {
      reversed.set(id, true);
      reversals += 1;
      history.push({ at, [kind]: { id: `R${reversals}`, ...data } });
      continue;
    }
    if (kind === 'won') status.set(id, 'won');
    if (kind === 'lost' || kind === 'reopened') status.set(id, 'open');
    history.push({ at, [kind]: data });
  }
  return history;
}
