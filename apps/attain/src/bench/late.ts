import { createHistory, type Fact, type History } from '@attain/compensation';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { repName } from './generated.js';
import { measures } from './kinds.js';
import { goal, type Measured, median, once, quantile } from './report.js';
import { months, quota, selling, recorder } from './sold.js';

const plans = [
  {
    plan: 'AE',
    role: 'AE',
    components: [
      {
        name: 'Commission',
        measure: 'revenue',
        per: 'month',
        tiers: [
          { from: '0%', rate: '10%' },
          { from: '100%', rate: '15%' },
        ],
      },
    ],
  },
  {
    plan: 'Manager',
    role: 'Manager',
    components: [{ name: 'Override', measure: 'revenue', credit: 'reports', rate: '1%' }],
  },
].map(({ role, ...plan }) => ({
  attain: '1',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: [role] },
  currency: 'USD',
  pays: 'monthly',
  ...plan,
}));

const LATER = '2026-02-01T00:00:00.000Z';
const CHANGES = 300;
const n = (count: number) => count.toLocaleString('en-US');

/** Loading, the cost of a late fact, explaining many of them, and closing: reps with 1,000 deals a year each. */
export async function late(deals: number): Promise<Measured[]> {
  const reps = Math.max(10, Math.round(deals / 1000));
  const record = recorder();
  const facts = [...selling({ deals, reps, measures, plans }, record)];
  const before = heap();
  const history = createHistory();
  const loading = once(() => history.append(facts));
  const bytes = (heap() - before) / deals;
  const first = once(() => void history.recalculate());
  const perSecond = (deals / (loading + first)) * 1000;
  const rows: Measured[] = [
    {
      what: `first calculation from facts in memory, ${n(deals)} deals`,
      value: `${n(Math.round(perSecond))} deals/s`,
      baseline: `${loading.toFixed(0)} ms to load, ${first.toFixed(0)} ms to calculate`,
      ...goal(perSecond, '≥', 300_000, '300,000 deals/s'),
    },
    {
      what: 'memory of a loaded history beside its facts',
      value: `${bytes.toFixed(0)} bytes a deal`,
      ...goal(bytes, '≤', 500, '500 bytes'),
    },
    ...closing(history, deals, reps),
  ];
  let next = 0;
  const quotaChange = () => [
    record(`quota-${repName(0)}~revenue`, quota(repName(0), months[next % 12]!, String(150_000 + next++))),
  ];
  const sale = () => lateDeal(record, next++);
  return [
    ...rows,
    changes(history, 'one quota change of a rep with 1,000 deals', repName(0), quotaChange, 1),
    changes(history, 'one late deal of a rep with 1,000 deals', repName(0), sale, 1),
    changes(history, 'the same for an override over 10 reps and 10,000 deals', 'mgr0000', sale, 10),
    explained(deals),
  ];
}

function lateDeal(record: ReturnType<typeof recorder>, number: number): Fact[] {
  const id = `L${number}`;
  const fields = { owner: repName(0), amount: '1234.56', closed: '2025-11-11', product: 'Pro', termMonths: '12' };
  return [
    record(`deal-bench:${id}`, { type: 'DealOpened', data: { source: 'bench', id, fields } }),
    record(`deal-bench:${id}`, { type: 'DealWon', data: { closed: '2025-11-11' } }),
  ];
}

/** In time that passed, because processor time is too coarse for one of them; beside it its mean, which other programs do not move. */
function changes(history: History, what: string, participant: string, change: () => Fact[], bound: number): Measured {
  history.lines(participant);
  const times: number[] = [];
  const processor = once(() => {
    for (let index = 0; index < CHANGES; index += 1) {
      const facts = change();
      const start = performance.now();
      history.append(facts);
      history.lines(participant);
      times.push(performance.now() - start);
    }
  });
  const p99 = quantile(times, 0.99);
  return {
    what,
    value: `p99 ${p99.toFixed(3)} ms, median ${median(times).toFixed(3)} ms`,
    baseline: `mean ${(processor / CHANGES).toFixed(3)} ms of processor time`,
    ...goal(p99, '<', bound, `${bound} ms`),
  };
}

/** One late deal below a manager of everybody. */
export function override(deals: number, reps: number): Measured[] {
  const record = recorder();
  const history = createHistory();
  history.append(selling({ deals, reps, measures, plans, reports: reps }, record));
  let next = 0;
  const what = `one late deal for an override over ${n(reps)} reps and ${n(deals)} deals`;
  return [changes(history, what, 'mgr0000', () => lateDeal(record, next++), 10)];
}

/** The causes of a difference, of a rep with 500 deals of whom 200 changed. */
function explained(seed: number): Measured {
  const record = recorder();
  const deals = 500;
  const history = createHistory();
  history.append(selling({ deals, reps: 1, measures, plans }, record));
  history.append(
    Array.from(
      { length: 200 },
      (_, index) =>
        ({
          ...record(`deal-bench:D${String(index * 2).padStart(8, '0')}`, {
            type: 'DealRepriced',
            data: { amount: String(1000 + ((index + seed) % 700)), currency: null },
          }),
          recorded: LATER,
        }) as Fact,
    ),
  );
  const asked = { participant: repName(0), period: '2025' };
  let causes = 0;
  const time = once(
    () => (causes = history.difference(asked, { known: '2026-01-01T00:00:00.000Z' }, { known: LATER }).causes.length),
  );
  return {
    what: `${causes} late changes of one rep with ${deals} deals explained`,
    value: `${time.toFixed(1)} ms`,
    ...goal(time, '<', 50, '50 ms'),
  };
}

function closing(history: History, deals: number, reps: number): Measured[] {
  let statements = 0;
  const time = once(() => (statements = history.closings('2025-01', LATER)[0]?.statements.length ?? 0));
  const scaled = (time * 1000) / reps;
  return [
    {
      what: `closing a month of ${n(reps)} reps and ${n(Math.round(deals / 12))} deals, ${n(statements)} statements`,
      value: `${(time / 1000).toFixed(2)} s`,
      baseline: `${(scaled / 1000).toFixed(1)} s for 1,000 reps at the same pace`,
      ...goal(scaled, '<', 10_000, '10 s for 1,000 reps'),
    },
  ];
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
