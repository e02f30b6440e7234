import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AttainEvent, decodeEvent } from '@attain/contracts';
import {
  DifferenceQueries,
  EarnedQueries,
  Facts,
  IncentivesModule,
  PlanCommands,
  StatementQueries,
} from '@attain/incentives';
import { createInstance, EVENT_STORE, Hierarchy, Scopes } from '@attain/service';
import { measures, type RandomCompany, recorded } from './random-company.fixture.js';

/** Plans whose lines of March depend on sales of January. */
const components = {
  'a dated reversal': { measure: 'bookings', rate: '7%' },
  'a clawback': { measure: 'bookings', rate: '7%', clawback: { take: '50%' } },
  'a clawback in instalments': { measure: 'bookings', rate: '7%', clawback: { take: 'as paid', instalments: 2 } },
  'a multiplier that asks for a sum': {
    measure: 'revenue',
    per: 'quarter',
    rate: '7%',
    multiplier: 'if(sum(revenue) >= 300000000, 150%, 100%)',
  },
  'a multiplier that asks for a number': {
    measure: 'bookings',
    per: 'quarter',
    rate: '7%',
    multiplier: 'if(deals >= 2, 150%, 100%)',
  },
  'a cap of a quarter': { measure: 'revenue', rate: '7%', cap: { amount: 15_000_000, per: 'quarter' } },
  'an excess that is carried': {
    measure: 'revenue',
    rate: '7%',
    cap: { amount: 9_000_000, per: 'quarter', excess: 'carried' },
  },
  'a release after a time': { measure: 'revenue', rate: '7%', release: { after: '60 days' } },
  'a cap by count': { measure: 'bookings', rate: '7%', cap: { count: 1, per: 'quarter' } },
  'a contest': { per: 'quarter', contest: { rank: 'revenue', pot: '5% of revenue', prizes: ['60%', '40%'] } },
  'a contest with a reversal': {
    per: 'month',
    contest: { rank: 'bookings', pot: '5% of revenue', prizes: ['60%', '40%'] },
  },
  'a target': {
    measure: 'revenue',
    per: 'quarter',
    target: 9000,
    curve: [
      { at: '0%', pays: '0%' },
      { at: '100%', pays: '100%' },
    ],
    beyond: 'continue',
  },
  'a rate that asks about the window': {
    measure: 'revenue',
    per: 'quarter',
    rate: 'if(sum(revenue) >= 300000000, 6%, 5%)',
  },
  'tiers of a quarter': {
    measure: 'revenue',
    per: 'quarter',
    tiers: [
      { from: 0, rate: '5%' },
      { from: 300_000_000, rate: '7%', retroactive: 'yes' },
    ],
  },
  'tiers of a deal': {
    measure: 'bookings',
    per: 'deal',
    tiers: [
      { from: 0, rate: '5%' },
      { from: 150_000_000, rate: '7%' },
    ],
  },
};
const names = Object.keys(components) as (keyof typeof components)[];
const plans = new Map<string, AttainEvent>();
beforeAll(async () => {
  const instance = await createInstance([IncentivesModule]);
  const store = instance.get(EVENT_STORE);
  const meta = { actor: 'test', correlation: 'test' };
  await store.append({
    stream: 'company-main',
    expected: 'any',
    events: [
      {
        id: '00000000-0000-4000-8000-000000000001',
        type: 'CompanyConfigured',
        version: 1,
        data: { document: { currency: 'USD', measures } },
        meta: { ...meta, recorded: '2024-01-01T00:00:00.000Z' },
      },
    ],
  });
  await instance.caughtUp();
  for (const name of names) {
    const document = {
      plan: name,
      version: '1',
      effective: { from: '2024-01-01' },
      assignedTo: { roles: ['AE'] },
      pays: 'monthly',
      components: [{ name: 'Commission', ...components[name] }],
    };
    await instance.get(PlanCommands).publish(document, meta);
    for await (const [event] of store.readStream(`plan-${name}`))
      plans.set(name, decodeEvent(event!.type, event!.version, event!.data));
  }
  await instance.close();
});

/** Amounts of January's deal, its rest, its sum with March's, and its pay: hidden from a manager since March. */
const january = ['200000033', '170000032', '371000068', '401000069', '14000002.31', '5000002.31', '2025-01-10'];
const seller = 4;
const since = { always: 'p0', march: 'p1' };
const company: RandomCompany = {
  people: [
    ...[1, 2].map((who) => ({ who, manager: 0, from: '2024-12-01', to: null })),
    { who: 0, manager: null, from: '2024-12-01', to: null },
    { who: seller, manager: 2, from: '2024-12-01', to: '2025-02-28' },
    { who: seller, manager: 1, from: '2025-03-01', to: null },
  ],
  deals: [
    { late: false, states: [{ owner: seller, status: 'won', closed: '2025-01-10' }], reversed: '2025-03-10' },
    { late: false, states: [{ owner: seller, status: 'won', closed: '2025-03-12' }], reversed: null },
  ],
  quotas: [],
  closed: 0,
  zone: 'UTC',
  today: '2025-04-01',
  formerManagers: 'keep',
};

/** Every answer with reasons for the lines of a month. */
async function reasons(name: string, participant: string, random = company) {
  const { store, models, history, clock } = await recorded(random, plans.get(name)!);
  const statements = new StatementQueries(history, models, store, new Facts(history, store));
  const scope = new Scopes(new Hierarchy(history), history, clock).scopeOf({
    actor: 'test',
    name: 'test',
    roles: ['manager'],
    participant,
  });
  const { lines } = await statements.one(scope, `p${seller}`, '2025-03');
  const trees = [];
  for (const { id } of lines) {
    const { explanation, inputs, cause, line } = await statements.line(scope, `p${seller}`, '2025-03', id);
    trees.push({ explanation, inputs, cause, trace: line.trace });
  }
  const earned = (
    await new EarnedQueries(history).earned(scope, { participant: `p${seller}`, period: '2025-03' })
  ).lines.map(({ trace }) => trace);
  const all = [...lines.map(({ trace }) => trace), ...trees, ...earned];
  return {
    trees: trees.map(({ explanation }) => explanation !== null),
    found: january.filter((text) => JSON.stringify(all).includes(text)),
  };
}

describe('A manager since March reads nothing of January in the reason of a line of March', () => {
  it.each(names)('of %s', async (name) => {
    expect((await reasons(name, since.march)).found).toEqual([]);
  });

  it.each(names)('and a manager of the seller in both months reads it: of %s', async (name) => {
    const { trees, found } = await reasons(name, since.always);
    expect(trees).not.toContain(false);
    expect(found).not.toEqual([]);
  });

  it('also where the seller had no row in January, so that nobody was above them', async () => {
    const hired = { ...company, people: company.people.filter(({ who, manager }) => who !== seller || manager === 1) };
    for (const name of names) expect([name, (await reasons(name, since.march, hired)).found]).toEqual([name, []]);
  });
});

describe('The cause of a changed number has no amount for callers who do not see its deal', () => {
  /** Twice repriced after January closed. */
  const late = (owner: number, closed: string) => ({
    late: true,
    states: [1, 2].map(() => ({ owner, status: 'won' as const, closed })),
    reversed: null,
  });
  const amounts = ['200000033', '200010040'];
  async function causes(name: string, participant: string, random: RandomCompany, period: string) {
    const { store, models, history, clock } = await recorded(random, plans.get(name)!);
    const facts = new Facts(history, store);
    const scope = new Scopes(new Hierarchy(history), history, clock).scopeOf({
      actor: 'test',
      name: 'test',
      roles: ['manager'],
      participant,
    });
    const difference = await new DifferenceQueries(history, facts).between(
      scope,
      { participant: `p${seller}`, period },
      { known: '2025-07-01' },
      { known: '2025-12-31' },
    );
    const statements = new StatementQueries(history, models, store, facts);
    const { lines } = await statements.one(scope, `p${seller}`, '2025-03');
    const moved = [];
    for (const { id, cause } of lines)
      if (cause !== null) moved.push(await statements.line(scope, `p${seller}`, '2025-03', id));
    const text = JSON.stringify([difference.causes, moved.map(({ cause, inputs }) => [cause, inputs])]);
    return { count: difference.causes.length, found: amounts.filter((amount) => text.includes(`"${amount}"`)) };
  }

  it('of a peer in a contest', async () => {
    const [own] = company.deals.slice(1);
    const peers: RandomCompany = {
      ...company,
      people: [...company.people, { who: 5, manager: 2, from: '2024-12-01', to: null }],
      deals: [late(5, '2025-01-20'), own!],
      closed: 2,
    };
    const { count, found } = await causes('a contest', `p${seller}`, peers, '2025-Q1');
    expect([count > 0, found]).toEqual([true, []]);
    expect((await causes('a contest', 'p0', peers, '2025-Q1')).found).not.toEqual([]);
  });

  it('of an earlier month of the quarter', async () => {
    const [own] = company.deals.slice(1);
    const earlier: RandomCompany = { ...company, deals: [late(seller, '2025-01-20'), own!] };
    expect((await causes('tiers of a quarter', since.march, earlier, '2025-03')).found).toEqual([]);
    expect((await causes('tiers of a quarter', since.always, earlier, '2025-03')).found).not.toEqual([]);
  });
});
