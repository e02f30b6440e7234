import { createHistory, type Fact } from '@attain/compensation';
import { recalculateInDuckDb } from './duckdb.js';
import { generateDeals, quotaCents, repName } from './generated.js';
import { goal, type Measured, median, once, perSecond, quantile, processed } from './report.js';

const recorded = '2025-01-01T00:00:00.000Z';
const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`);
const plan = {
  attain: '1',
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  currency: 'USD',
  pays: 'monthly',
  components: [
    {
      name: 'Commission',
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0%', rate: '10%' },
        { from: '100%', rate: '15%' },
        { from: '150%', rate: '20%' },
      ],
    },
  ],
};
const company = {
  attain: '1',
  company: 'Bench',
  currency: 'USD',
  timeZone: 'UTC',
  measures: { revenue: { counts: 'amount', of: 'deals' } },
};

type Event = Pick<Fact, 'type' | 'data'>;

function quota(rep: string, month: string, amount: string): Event {
  return {
    type: 'QuotaChanged',
    data: { for: rep, measure: 'revenue', period: month, amount, target: null, credit: ['sales'], currency: null },
  };
}

function* facts(deals: number, reps: number, record: (stream: string, event: Event) => Fact): Generator<Fact> {
  yield record('company-main', { type: 'CompanyConfigured', data: { document: company } });
  for (let index = 0; index < reps; index++) {
    const rep = repName(index);
    const row = {
      participant: rep,
      from: '2025-01-01',
      to: null,
      role: 'AE',
      manager: null,
      team: null,
      region: null,
      currency: null,
      fields: {},
    };
    yield record(`participant-${rep}`, { type: 'ParticipantAssigned', data: row });
    for (const month of months) yield record(`quota-${rep}~revenue`, quota(rep, month, String(quotaCents / 100)));
  }
  yield record('plan-AE', {
    type: 'PlanPublished',
    data: {
      plan: 'AE',
      version: '1',
      document: plan,
      uses: { currency: 'USD', measures: company.measures },
      hash: 'bench',
    },
  });
  for (const { id, rep, closed, cents } of generateDeals(deals, reps)) {
    const stream = `deal-bench:${id}`;
    yield record(stream, {
      type: 'DealOpened',
      data: {
        source: 'bench',
        id,
        fields: { owner: rep, amount: (cents / 100).toFixed(2), closed, product: 'GTX Pro' },
      },
    });
    yield record(stream, { type: 'DealWon', data: { closed } });
  }
}

/** Every line of a year anew beside the same in DuckDB, and one rep's lines after one quota changed. Throws when the two disagree by a cent. */
export async function recalculation(deals: number, reps: number): Promise<Measured[]> {
  const duck = await recalculateInDuckDb(deals, reps, 5);
  let position = 0n;
  const record = (stream: string, event: Event) =>
    ({ ...event, id: `fact-${++position}`, position, stream, recorded }) as Fact;
  const history = createHistory();

  let first!: ReturnType<typeof history.recalculate>;
  const fromFacts = once(() => {
    history.append(facts(deals, reps, record));
    first = history.recalculate();
  });
  if (first.minor !== duck.cents) throw new Error(`the engine pays ${first.minor} cents, DuckDB ${duck.cents}`);

  const times = await processed(7, () => history.recalculate());
  const full = median(times);

  const changes: number[] = [];
  for (let index = 0; index < 1000; index++) {
    const rep = repName((index * 37) % reps);
    const change = record(`quota-${rep}~revenue`, quota(rep, months[index % 12]!, String(150_000 + index)));
    changes.push(
      once(() => {
        history.append([change]);
        history.lines(rep);
      }),
    );
  }
  const n = (count: number) => count.toLocaleString('en-US');
  const baseline = `DuckDB ${duck.version} ${duck.milliseconds.toFixed(0)} ms`;
  return [
    {
      what: `full recalculation, ${n(deals)} deals × ${n(reps)} reps × 12 periods, lines kept`,
      value: `${full.toFixed(0)} ms`,
      baseline,
      ratio: duck.milliseconds / full,
      ...goal(duck.milliseconds / full, '≥', 10, '10 ×'),
    },
    {
      what: 'the same from the facts, folded and sorted for the first time',
      value: `${fromFacts.toFixed(0)} ms`,
      baseline,
      ratio: duck.milliseconds / fromFacts,
    },
    { what: 'one quota change, that rep recalculated: median', value: `${median(changes).toFixed(3)} ms` },
    {
      what: 'one quota change, that rep recalculated: p99',
      value: `${quantile(changes, 0.99).toFixed(3)} ms`,
      ...goal(quantile(changes, 0.99), '<', 1, '1 ms'),
    },
    {
      what: 'lines a second of the full recalculation',
      value: perSecond(first.count, full),
      baseline: `DuckDB ${perSecond(duck.lines, duck.milliseconds)}`,
      ratio: duck.milliseconds / full,
    },
  ];
}
