import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AttainEvent, decodeEvent } from '@attain/contracts';
import { type Clock, Refused } from '@attain/eventsourcing';
import { type BoardBy, BoardQueries, boardBy, ForecastQueries } from '@attain/forecasting';
import {
  DifferenceQueries,
  EarnedQueries,
  ExceptionQueries,
  Facts,
  IncentivesModule,
  PaidStatementQueries,
  PlanCommands,
  RowQueries,
  StatementQueries,
} from '@attain/incentives';
import { DealQueries } from '@attain/pipeline';
import { CompanyQueries, ParticipantQueries, QuotaQueries } from '@attain/planning';
import { AttainmentQueries, type SalesBy, salesBy, SalesQueries } from '@attain/reporting';
import {
  createInstance,
  EVENT_STORE,
  Hierarchy,
  Malformed,
  OutOfScope,
  type Role,
  type Scope,
  Scopes,
  ModelPage,
} from '@attain/service';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import { Oracle } from './access-oracle.fixture.js';
import {
  day,
  measures,
  name,
  PEOPLE,
  periods,
  type RandomCompany,
  randomCompany,
  recorded,
} from './random-company.fixture.js';

// A case asks some sixty questions of a company of its own, and takes as long as a hundred cases of other laws.
const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 4);
jest.setTimeout(7_200_000);

const planOf = (plan: string, ...components: readonly object[]) => ({
  plan,
  version: '1',
  effective: { from: '2024-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components,
});
const documents = [
  planOf(
    'AE',
    { name: 'Flat', measure: 'revenue', rate: '7%' },
    {
      name: 'Tiers',
      measure: 'revenue',
      per: 'quarter',
      tiers: [
        { from: '0%', rate: '11%' },
        { from: '100%', rate: '13%' },
      ],
    },
  ),
  // Their lines go back to earlier ones, at rates whose amounts are no canaries, because a line of a later day is seen by its own date.
  planOf(
    'Changed',
    {
      name: 'Taken',
      measure: 'bookings',
      rate: '5%',
      clawback: { take: '50%', instalments: 2 },
      cap: { amount: 9_000_000, per: 'quarter', excess: 'carried' },
    },
    {
      name: 'Held',
      measure: 'bookings',
      per: 'quarter',
      rate: '3%',
      release: { after: '20 days' },
      multiplier: 'if(sum(revenue) >= 300000000, 150%, 100%)',
    },
  ),
  planOf(
    'Windows',
    {
      name: 'Asked',
      measure: 'revenue',
      per: 'quarter',
      rate: 'if(sum(revenue) >= 300000000, 5%, 3%)',
      cap: { count: 2, per: 'half' },
    },
    {
      name: 'Target',
      measure: 'bookings',
      per: 'quarter',
      target: 9000,
      curve: [
        { at: '0%', pays: '0%' },
        { at: '100%', pays: '100%' },
      ],
    },
    { name: 'Contest', per: 'quarter', contest: { rank: 'bookings', pot: '5% of revenue', prizes: ['60%', '40%'] } },
  ),
];
const plans: AttainEvent[] = [];
beforeAll(async () => {
  const instance = await createInstance([IncentivesModule]);
  const store = instance.get(EVENT_STORE);
  await store.append({
    stream: 'company-main',
    expected: 'any',
    events: [
      {
        id: '00000000-0000-4000-8000-000000000001',
        type: 'CompanyConfigured',
        version: 1,
        data: { document: { currency: 'USD', measures } },
        meta: { actor: 'test', correlation: 'test', recorded: '2024-01-01T00:00:00.000Z' },
      },
    ],
  });
  await instance.caughtUp();
  for (const document of documents) {
    await instance.get(PlanCommands).publish(document, { actor: 'test', correlation: 'test' });
    for await (const [event] of store.readStream(`plan-${document.plan}`))
      plans.push(decodeEvent(event!.type, event!.version, event!.data));
  }
  await instance.close();
});

/** The parameters of a question, with any dates, also hostile ones. */
interface Asked {
  /** Which of the plans the company has. */
  readonly plan: number;
  readonly who: number;
  readonly roles: readonly Role[];
  readonly whose: number;
  readonly period: string;
  readonly sales: SalesBy;
  readonly board: BoardBy;
  readonly on: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly cut: { known?: string; effective?: string };
}
const hostile = fc.oneof(day, fc.constantFrom('1900-01-01', '1999-12-31', '2099-01-01', '2199-12-30'));
const instant = fc.oneof(
  hostile.map((date) => `${date}T12:00:00.000Z`),
  fc.constantFrom('2025-01-01T00:00:00.000Z', '2025-07-01T00:00:00.000Z'),
);
const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const asked: fc.Arbitrary<Asked> = fc.record({
  plan: fc.constantFrom(0, 0, 1, 2),
  who: fc.nat(PEOPLE - 1),
  roles: fc.constantFrom<readonly Role[]>(['manager'], ['manager'], ['manager'], ['rep', 'manager'], ['rep']),
  whose: fc.nat(PEOPLE - 1),
  period: fc.constantFrom(...periods),
  sales: fc.constantFrom(...salesBy),
  board: fc.constantFrom(...boardBy),
  on: some(hostile),
  from: some(hostile),
  to: some(hostile),
  cut: fc.record({ known: instant, effective: hostile }, { requiredKeys: [] }),
});

type Company = Awaited<ReturnType<typeof recorded>>;
function queriesOf({ store, models, history, clock }: Company) {
  const at: Clock = clock;
  const facts = new Facts(history, store);
  return {
    scopes: new Scopes(new Hierarchy(history), history, at),
    deals: new DealQueries(models, store),
    quotas: new QuotaQueries(models, new CompanyQueries(store)),
    participants: new ParticipantQueries(models),
    statements: new StatementQueries(history, models, store, facts),
    earned: new EarnedQueries(history),
    differences: new DifferenceQueries(history, facts),
    exceptions: new ExceptionQueries(history, models),
    rows: new RowQueries(history, new PaidStatementQueries(history, store)),
    attainment: new AttainmentQueries(history, at),
    sales: new SalesQueries(models, history),
    board: new BoardQueries(models, history),
    forecast: new ForecastQueries(history, models, at),
  };
}
type Queries = ReturnType<typeof queriesOf>;

/** The answer, or the message of the refusal. */
async function seen<Answer>(question: () => Promise<Answer>): Promise<Answer | { refused: string }> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof OutOfScope || error instanceof Malformed || error instanceof Refused)
      return { refused: JSON.stringify(error) + error.message };
    throw error;
  }
}

/** Every answer that the caller can get with these parameters, by the question. */
async function* answers(
  {
    deals,
    quotas,
    participants,
    statements,
    earned,
    differences,
    exceptions,
    rows,
    attainment,
    sales,
    board,
    forecast,
  }: Queries,
  scope: Scope,
  asked: Asked,
  count: number,
): AsyncGenerator<[question: string, answer: unknown]> {
  const { on, from, to, cut, period } = asked;
  const participant = name(asked.whose);
  const page = ModelPage.first(100);
  yield ['deals', await seen(() => deals.list(scope, { on, closedFrom: from, closedTo: to }, page))];
  yield ['deals of', await seen(() => deals.list(scope, { owner: participant, on }, page))];
  for (let at = 0; at < count; at += 1) {
    const deal = { source: 'crm', id: `D${at}` };
    yield ['deal', await seen(() => deals.one(scope, deal))];
    yield ['timeline', await seen(() => deals.timeline(scope, deal))];
  }
  yield ['pipeline', await seen(() => deals.byStage(scope, { on }))];
  yield ['quotas', await seen(() => quotas.list(scope, { for: participant }, on))];
  yield ['participants', await seen(() => participants.on(scope, on))];
  yield ['hierarchy', await seen(() => participants.hierarchy(scope, on))];
  yield ['participant', await seen(() => participants.one(scope, participant))];
  yield ['earned', await seen(() => earned.earned(scope, { participant, period }, cut))];
  yield [
    'difference',
    await seen(() =>
      differences.between(
        scope,
        { participant, period },
        { known: from ?? '2025-01-01' },
        { known: to ?? '2025-12-31' },
      ),
    ),
  ];
  yield ['exceptions', await seen(() => exceptions.list(scope, cut))];
  yield ['lines.csv', await seen(() => rows.lines(scope, on))];
  yield [
    'statements.csv',
    await seen(() => rows.statements(scope, on === undefined || on > '2025-12-31' ? undefined : on)),
  ];
  yield ['attainment.csv', await seen(() => rows.attainment(scope, on))];
  yield ['attainment', await seen(() => attainment.report(scope, { period, by: 'participant' }, cut))];
  yield [
    `sales by ${asked.sales}`,
    await seen(() => sales.report(scope, { by: asked.sales, ...(from && { from }), ...(to && { to }) })),
  ];
  // What a deal without an amount is taken to be worth follows from everybody's, and is held to rules of its own.
  yield [`board by ${asked.board}`, { ...(await board.board(scope, { by: asked.board, period })), assumptions: [] }];
  yield [
    'forecast',
    await seen(() => forecast.forecast(scope, { by: 'participant', every: 'month', horizon: 1 }, cut)),
  ];
  yield ['preview', await seen(() => statements.one(scope, participant, period, cut))];
}

/** Statements, of which more than the amounts is checked. */
async function checkStatements({ statements }: Queries, scope: Scope, asked: Asked, oracle: Oracle): Promise<void> {
  for (const cut of [undefined, asked.cut]) {
    const list = await seen(() => statements.list(scope, asked.period, cut));
    for (const summary of 'refused' in list ? [] : list) {
      expect([summary.participant, summary.period, oracle.seesAll(summary.participant, summary.period)]).toEqual([
        summary.participant,
        asked.period,
        true,
      ]);
      const one = await statements.one(scope, summary.participant, asked.period, cut);
      expect([one.payable, one.earned, one.lines.length, one.hash, one.withheld.lines]).toEqual([
        summary.payable,
        summary.earned,
        summary.lines,
        summary.hash,
        summary.withheld,
      ]);
      oracle.check('statement', { ...one, hash: null });
      const { lines, traces } = one.withheld;
      if (lines + traces > 0) expect(one.hash).toBeNull();
      const sum = one.lines.reduce((total, { payable }) => total.plus(Exact.parse(payable)), Exact.zero);
      expect(Exact.parse(one.payable).toString()).toBe(sum.toString());
      for (const line of one.lines) {
        expect([line.date, oracle.sees(summary.participant, line.date)]).toEqual([line.date, true]);
        if (line.for !== null)
          expect([line.for, oracle.seesAll(summary.participant, line.for)]).toEqual([line.for, true]);
      }
      for (const line of one.lines)
        oracle.check('explanation', await statements.line(scope, summary.participant, asked.period, line.id, cut));
    }
  }
}

/** Every visible number is shown. */
async function checkWhole(
  { deals, quotas, participants, sales }: Queries,
  scope: Scope,
  oracle: Oracle,
): Promise<void> {
  const { rows, total } = await deals.list(scope, {}, ModelPage.first(100));
  expect(rows.map(({ id }) => id).sort()).toEqual(oracle.deals().map(({ id }) => id));
  expect(total).toBe(rows.length);
  expect((await quotas.list(scope, {})).map(({ amount }) => amount).sort()).toEqual(oracle.quotas());
  expect((await participants.on(scope)).map(({ id }) => id)).toEqual(oracle.there());
  const won = oracle.deals().filter(({ status }) => status === 'won');
  const sold = await sales.report(scope, { by: 'rep' });
  const sum = (of: readonly number[]) => of.reduce((all, one) => all + one, 0);
  expect(sum(sold.rows.map(({ amount }) => Number(amount)))).toBe(sum(won.map(({ amount }) => amount)));
  expect(sum(sold.rows.map((row) => row.won))).toBe(won.length);
}

async function checkAll(random: RandomCompany, asking: Asked): Promise<void> {
  const company = await recorded(random, plans[asking.plan]!);
  const queries = queriesOf(company);
  const participant = name(asking.who);
  const scope = queries.scopes.scopeOf({ actor: 'test', name: 'test', roles: [...asking.roles], participant });
  const oracle = new Oracle(random, asking.who, asking.roles.includes('manager'));
  for await (const [question, answer] of answers(queries, scope, asking, random.deals.length))
    oracle.check(question, answer, {
      ofPeriod: ['attainment', 'attainment.csv', 'forecast', 'earned', 'difference'].includes(question),
    });
  await checkStatements(queries, scope, asking, oracle);
  await checkWhole(queries, scope, oracle);
}

/** A random finding: a sale in January, two months before the seller's first row and manager, on which March depends. */
const soldBefore: RandomCompany = {
  people: [
    { who: 0, manager: null, from: '2025-01-01', to: null },
    { who: 4, manager: 1, from: '2025-03-01', to: null },
  ],
  deals: ['2025-03-01', '2025-01-01'].map((closed) => ({
    late: false,
    states: [{ owner: 4, status: 'won', closed }],
    reversed: null,
  })),
  quotas: [],
  closed: 0,
  zone: 'UTC',
  today: '2025-01-01',
  formerManagers: 'keep',
};
const asksOfMarch: Asked = {
  plan: 0,
  who: 1,
  roles: ['manager'],
  whose: 0,
  period: '2025-03',
  sales: 'rep',
  board: 'stage',
  on: undefined,
  from: undefined,
  to: undefined,
  cut: {},
};

describe('With any hierarchy in the past, present and future, and any question', () => {
  it('an answer contains no amount of people whom the caller was not above on its date, and every deal and quota of the others', async () => {
    await fc.assert(fc.asyncProperty(randomCompany, asked, checkAll), {
      numRuns,
      examples: [[soldBefore, asksOfMarch]],
    });
  });
});
