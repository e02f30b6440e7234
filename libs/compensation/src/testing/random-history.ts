import { addDays } from '@attain/values';
import fc from 'fast-check';
import type { Fact } from '../answers/api.js';
import { Story } from './story.js';

const sellers = ['ann', 'bob', 'cid'] as const;
const seller = fc.constantFrom(...sellers);
const deal = fc.integer({ min: 0, max: 5 }).map((n) => `D${n}`);
/** Days on which something ends or begins, and those that are 30 and 60 days after another. */
const EDGES = ['2025-01-01', '2025-01-31', '2025-02-01', '2025-02-28', '2025-03-01', '2025-03-31', '2025-04-01'];
const date = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 28 }))
      .map(([month, day]) => `2025-0${month}-${String(day).padStart(2, '0')}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
);
const amount = fc
  .oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20_000_00 }) }, fc.integer({ min: -300_00, max: 0 }))
  .map((cents) => (cents / 100).toFixed(2));
const shares = fc.constantFrom<Record<string, string>[]>(
  { ann: '50%', bob: '50%' },
  { ann: '1/3', bob: '1/3', cid: '1/3' },
  { bob: '70%', cid: '30%' },
  { cid: '100%' },
);
const period = fc.constantFrom('2025-01', '2025-02', '2025-03', '2025-Q1', '2025');

/** Something that is said; what makes no sense where it stands is left out. */
export type Action =
  | { say: 'win'; deal: string; owner: string; amount: string; closed: string; product: string; currency: string }
  | { say: 'reprice'; deal: string; amount: string }
  | { say: 'redate'; deal: string; closed: string }
  | { say: 'reassign'; deal: string; owner: string }
  | { say: 'split'; deal: string; revenue: Record<string, string>; overlay: boolean }
  | { say: 'cancel'; deal: string; date: string; part: 'all' | 'half' }
  | { say: 'reopen' | 'retract'; deal: string }
  | { say: 'pay'; deal: string; payment: string; date: string; amount: string }
  | { say: 'quota'; for: string; period: string; amount: number | 'none' }
  | { say: 'person'; person: string; from: string; manager: string; role: string }
  | { say: 'leave'; person: string; from: string; days: number }
  | { say: 'rate'; date: string; rate: string }
  | { say: 'version'; from: string; rate: string }
  | { say: 'unpublish' }
  | { say: 'close' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      say: fc.constant('win' as const),
      deal,
      owner: seller,
      amount,
      closed: date,
      product: fc.constantFrom('X', 'Y'),
      currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ say: fc.constant('reprice' as const), deal, amount }) },
  { weight: 2, arbitrary: fc.record({ say: fc.constant('redate' as const), deal, closed: date }) },
  { weight: 1, arbitrary: fc.record({ say: fc.constant('reassign' as const), deal, owner: seller }) },
  {
    weight: 2,
    arbitrary: fc.record({ say: fc.constant('split' as const), deal, revenue: shares, overlay: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      say: fc.constant('cancel' as const),
      deal,
      date,
      part: fc.constantFrom('all' as const, 'half' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      say: fc.constant('pay' as const),
      deal,
      payment: fc.constantFrom('P1', 'P2', 'P3'),
      date,
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ say: fc.constantFrom('reopen' as const, 'retract' as const), deal }) },
  {
    weight: 3,
    arbitrary: fc.record({
      say: fc.constant('quota' as const),
      for: seller,
      period,
      amount: fc.oneof(
        fc.integer({ min: 0, max: 300 }).map((n) => n * 100),
        fc.constant('none' as const),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      say: fc.constant('person' as const),
      person: seller,
      from: date,
      manager: fc.constantFrom('mo', 'vic'),
      role: fc.constantFrom('AE', 'AE', 'Other'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      say: fc.constant('leave' as const),
      person: seller,
      from: date,
      days: fc.integer({ min: 0, max: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ say: fc.constant('rate' as const), date, rate: fc.constantFrom('1.1', '1.25') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ say: fc.constant('version' as const), from: date, rate: fc.constantFrom('4%', '12.5%') }),
  },
  { weight: 1, arbitrary: fc.constant({ say: 'unpublish' as const }) },
  { weight: 3, arbitrary: fc.constant({ say: 'close' as const }) },
);

const components = [
  {
    name: 'Target',
    measure: 'revenue',
    per: 'month',
    target: '1000',
    curve: [
      { at: '0%', pays: '0%' },
      { at: '100%', pays: '100%' },
    ],
    beyond: 'continue',
    multiplier: 'if(attainment(revenue) >= 50%, 125%, 80%)',
  },
  {
    name: 'Levels',
    measure: 'revenue',
    per: 'quarter',
    target: '900',
    tiers: [
      { from: '5000', pays: '50%' },
      { from: '20000', pays: '100%', when: 'deals >= 2' },
    ],
    cap: { amount: '700', per: 'quarter' },
  },
  {
    name: 'Hurdle',
    measure: 'revenue',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '2%' },
      { from: '3000', rate: '4%', when: 'attainment(revenue) >= 50%' },
      { from: '9000', rate: '6%', retroactive: 'yes', when: 'deals >= 2 and sum(revenue) > 5000 EUR' },
    ],
    multiplier: 'if(sum(collected) > 500, 110%, 100%)',
    cap: { amount: '600', per: 'quarter' },
  },
  {
    name: 'Tenured',
    measure: 'revenue',
    per: 'year',
    tiers: [
      { from: '0', rate: '2%' },
      { from: '1000', rate: '5%', when: 'my.tenure >= 2' },
    ],
    multiplier: 'if(my.tenure >= 3 and my.role = "AE", 110%, 100%)',
  },
  {
    name: 'Met later',
    measure: 'revenue',
    per: 'year',
    where: 'product = "X" or deals >= 3',
    rate: 'if(sum(revenue) >= 8000, 4%, 2%)',
    clawback: { take: '50%' },
    cap: { amount: '300', per: 'quarter' },
  },
  {
    name: 'Ratio',
    measure: 'revenue',
    by: 'size',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '1%' },
      { from: '3000', rate: '2%', retroactive: 'yes' },
    ],
  },
  {
    name: 'Marginal',
    measure: 'revenue',
    per: 'month',
    tiers: [
      { from: '0%', rate: '5%' },
      { from: '50%', rate: '7.5%' },
      { from: '100%', rate: '10%' },
    ],
  },
  {
    name: 'Retroactive',
    measure: 'revenue',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '1%' },
      { from: '5000', rate: '2%', retroactive: 'yes' },
      { from: '20000', rate: '3%', retroactive: '10000' },
    ],
  },
  {
    name: 'Cliff',
    measure: 'revenue',
    by: 'contracts',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '0%' },
      { from: '2', rate: '2%', retroactive: 'yes' },
      { from: '4', rate: '5%', retroactive: 'yes' },
    ],
  },
  { name: 'Total', measure: 'revenue', rate: '1.005%', where: 'product = "X"', rounding: { per: 'total' } },
  { name: 'Bounty', measure: 'contracts', each: '50', cap: { count: '2', per: 'month' } },
  {
    name: 'Multiplied',
    measure: 'revenue',
    per: 'quarter',
    tiers: [{ from: '0', rate: '4%' }],
    multiplier: 'if(attainment(revenue) >= 50%, 125%, 80%)',
  },
  { name: 'Capped', measure: 'revenue', rate: '3%', cap: { amount: '400', per: 'quarter' } },
  {
    name: 'Multiplied and capped',
    measure: 'revenue',
    per: 'year',
    rate: '4%',
    multiplier: 'if(attainment(revenue) >= 30%, 150%, 100%)',
    cap: { amount: '350', per: 'month' },
  },
  { name: 'Carried', measure: 'revenue', rate: '3%', cap: { amount: '200', per: 'month', excess: 'carried' } },
  {
    name: 'Clawed back',
    measure: 'revenue',
    per: 'month',
    tiers: [
      { from: '0', rate: '4%' },
      { from: '5000', rate: '6%', retroactive: 'yes' },
    ],
    clawback: { take: '50%', within: '60 days' },
  },
  {
    name: 'Pro rata',
    measure: 'revenue',
    rate: '5%',
    cap: { amount: '300', per: 'quarter' },
    clawback: { take: 'pro rata', over: '3 months' },
  },
  {
    name: 'Held',
    measure: 'revenue',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '4%' },
      { from: '5000', rate: '6%', retroactive: 'yes' },
    ],
    release: [
      { share: '40%', on: 'closed' },
      { share: '60%', on: 'payment' },
    ],
  },
  {
    name: 'In instalments',
    measure: 'revenue',
    rate: '5%',
    clawback: { take: 'as paid', instalments: '3' },
    release: { after: '20 days' },
  },
  { name: 'Collected', measure: 'collected', rate: '2%' },
  {
    name: 'Paid by the quarter',
    measure: 'revenue',
    per: 'month',
    tiers: [
      { from: '0', rate: '2%' },
      { from: '4000', rate: '4%', retroactive: 'yes' },
    ],
    cap: { amount: '500', per: 'quarter' },
    release: { after: '20 days' },
    pays: 'quarterly',
  },
  {
    name: 'Points',
    unit: 'point',
    measure: 'revenue',
    per: 'quarter',
    tiers: [
      { from: '0', rate: '1%' },
      { from: '5000', rate: '2%', retroactive: 'yes' },
    ],
    clawback: { take: '50%' },
  },
  {
    name: 'Day off',
    unit: 'day off',
    measure: 'revenue',
    per: 'quarter',
    target: '1',
    tiers: [
      { from: '50%', pays: '100%' },
      { from: '100%', pays: '200%' },
    ],
    pays: 'quarterly',
  },
  { name: 'Looked up', measure: 'revenue', rate: 'if(product = "X", 2%, amount / (amount - amount))' },
] as const;

/** They look at everybody, so that few histories have them. */
const contests = [
  {
    name: 'Contest',
    per: 'month',
    contest: { rank: 'revenue', pot: '5% of revenue', prizes: ['60%', '40%'], requires: { first: 'deals >= 2' } },
  },
  {
    name: 'Pool',
    per: 'quarter',
    contest: { pot: '1% of revenue', divide: 'contracts' },
    eligible: { on: 'both', leave: 'excluded' },
  },
] as const;

export interface Random {
  readonly actions: readonly { readonly action: Action; readonly later: boolean }[];
  readonly components: readonly unknown[];
  /** What reversals do to the credits of the company's measures. */
  readonly reversals: 'undone' | 'dated' | 'kept';
  readonly prorate: 'no' | 'by days' | 'by months';
  /** How long after the pay date a change is paid without a review; null: however late it is. */
  readonly within: string | null;
}

/** A company of three sellers, their manager and director, and up to `longest` things that are said of it. */
export function randomHistory(longest = 24): fc.Arbitrary<Random> {
  return fc.record({
    actions: fc.array(fc.record({ action, later: fc.boolean() }), { minLength: 1, maxLength: longest }),
    components: fc.oneof(
      { weight: 9, arbitrary: fc.subarray<unknown>([...components], { minLength: 1, maxLength: 3 }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom<unknown>(...contests), fc.constantFrom<unknown>(...components))
          .map((both) => [...both]),
      },
    ),
    reversals: fc.constantFrom('undone', 'undone', 'dated', 'kept'),
    prorate: fc.constantFrom('no', 'by days', 'by months'),
    within: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constantFrom('10 days', '1 month')),
  });
}

/** Whom and what a law asks about: one or two of the people and months, because 10,000 cases ask about all of them. */
export interface Asked {
  readonly people: readonly string[];
  readonly months: readonly string[];
}
export const randomAsked: fc.Arbitrary<Asked> = fc.record({
  people: fc.subarray(['ann', 'bob', 'cid', 'mo', 'vic'], { minLength: 1, maxLength: 2 }),
  months: fc.subarray(['2025-01', '2025-02', '2025-03', '2025-04'], { minLength: 1, maxLength: 2 }),
});

/** The facts of a random history; several may share an instant. */
export function tell({ actions, components: chosen, reversals, prorate, within }: Random): Story {
  const measures = {
    size: { is: 'revenue / contracts' },
    revenue: { counts: 'amount', of: 'deals', reversals },
    contracts: { counts: '1', of: 'deals', reversals },
    collected: { counts: 'amount', of: 'payments' },
  };
  const story = new Story({ measures, prorate })
    .person('vic', 'Director', '2024-12-01')
    .person('mo', 'Manager', '2024-12-01', { manager: 'vic' });
  for (const id of sellers) story.person(id, 'AE', '2024-12-15', { manager: 'mo' });
  const plan = (version: string, from: string, list: readonly unknown[]) =>
    story.plan('AE', {
      version,
      effective: { from },
      components: list,
      ...(within !== null && { corrections: { within, later: 'review' } }),
    });
  plan('1', '2025-01-01', chosen);
  const override = [
    {
      name: 'Override',
      credit: ['reports'],
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0', rate: '1%' },
        { from: '10000', rate: '2%' },
      ],
    },
  ];
  story.plan('Managers', {
    effective: { from: '2025-01-01' },
    assignedTo: { roles: ['Manager', 'Director'] },
    components: override,
  });
  for (const id of sellers) story.quota(id, 'revenue', '2025', 60000);

  const won = new Set<string>();
  const known = new Set<string>();
  let [turn, month, version] = [0, 0, 1];
  story.at('2025-01-05');
  for (const { action: said, later } of actions) {
    if (later) story.at(everyFourHours((turn += 1)));
    switch (said.say) {
      case 'win': {
        if (won.has(said.deal)) break;
        const { say: _, deal: id, closed, ...fields } = said;
        if (known.has(id)) story.say(`deal-crm:${id}`, { type: 'DealWon', data: { closed } });
        else story.won(id, closed, fields);
        known.add(id);
        won.add(id);
        break;
      }
      case 'reprice':
        if (won.has(said.deal))
          story.say(`deal-crm:${said.deal}`, { type: 'DealRepriced', data: { amount: said.amount, currency: null } });
        break;
      case 'redate':
        if (won.has(said.deal))
          story.say(`deal-crm:${said.deal}`, { type: 'DealRedated', data: { closed: said.closed } });
        break;
      case 'reassign':
        if (won.has(said.deal))
          story.say(`deal-crm:${said.deal}`, { type: 'DealReassigned', data: { owner: said.owner } });
        break;
      case 'split':
        if (won.has(said.deal)) story.split(said.deal, said.revenue, said.overlay ? { cid: '25%' } : {});
        break;
      case 'cancel':
        if (won.has(said.deal)) story.cancel(said.deal, said.date, said.part === 'all' ? null : '1.00');
        break;
      case 'pay': {
        const fields = { amount: said.amount, paid: said.date, currency: 'USD' };
        story.say(`payment-crm:${said.payment}`, {
          type: 'PaymentRecorded',
          data: { source: 'crm', id: said.payment, deal: { source: 'crm', id: said.deal }, invoice: null, fields },
        });
        break;
      }
      case 'reopen':
        if (won.delete(said.deal)) story.say(`deal-crm:${said.deal}`, { type: 'DealReopened', data: {} });
        break;
      case 'retract':
        if (won.delete(said.deal)) {
          known.delete(said.deal);
          story.say(`deal-crm:${said.deal}`, { type: 'DealRetracted', data: {} });
        }
        break;
      case 'quota':
        story.quota(said.for, 'revenue', said.period, said.amount);
        break;
      case 'person':
        story.person(said.person, said.role, said.from, { manager: said.manager });
        break;
      case 'leave':
        story.leave(said.person, said.from, addDays(said.from, said.days));
        break;
      case 'rate':
        story.rate('EUR', 'USD', said.date, said.rate);
        break;
      case 'version':
        version += 1;
        plan(String(version), said.from, [
          { ...(chosen[0] as object), where: 'amount > 10' },
          { name: 'Flat', measure: 'revenue', rate: said.rate },
        ]);
        break;
      case 'unpublish':
        if (version === 1) break;
        story.say('plan-AE', { type: 'PlanRetracted', data: { plan: 'AE', version: String(version) } });
        version -= 1;
        break;
      case 'close':
        month += 1;
        if (month <= 4) story.close(`2025-0${month}`, everyFourHours(turn));
        break;
    }
  }
  return story;
}

/** The facts of each instant in another order that keeps each stream's own; a closing stays where it is. */
export function reordered(facts: readonly Fact[], order: readonly number[]): Fact[] {
  const result: Fact[] = [];
  let group: Fact[] = [];
  let turn = 0;
  const flush = () => {
    const waiting = [...group];
    while (waiting.length > 0) {
      const firsts = waiting.filter(
        (fact, index) => waiting.findIndex(({ stream }) => stream === fact.stream) === index,
      );
      const next = firsts[order[turn++ % order.length]! % firsts.length]!;
      result.push(next);
      waiting.splice(waiting.indexOf(next), 1);
    }
    group = [];
  };
  for (const fact of facts) {
    if (fact.type === 'PeriodClosed' || (group.length > 0 && group[0]!.recorded !== fact.recorded)) flush();
    if (fact.type === 'PeriodClosed') result.push(fact);
    else group.push(fact);
  }
  flush();
  return result.map((fact, index) => ({ ...fact, position: BigInt(index + 1) }));
}

function everyFourHours(turn: number): string {
  return `${addDays('2025-01-06', Math.floor(turn / 6))}T${String((turn % 6) * 4).padStart(2, '0')}:00:00.000Z`;
}
