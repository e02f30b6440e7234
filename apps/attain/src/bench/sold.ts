import type { Fact } from '@attain/compensation';
import { generateDeals, quotaCents, repName } from './generated.js';

type Event = Pick<Fact, 'type' | 'data'>;
/** What is sold, by whom, and what else is recorded of it. */
export interface Selling {
  readonly deals: number;
  readonly reps: number;
  readonly measures: Readonly<Record<string, unknown>>;
  readonly plans: readonly Readonly<Record<string, unknown>>[];
  readonly splits?: boolean | undefined;
  readonly reversals?: boolean | undefined;
  readonly scores?: boolean | undefined;
  /** Reps of one manager. */
  readonly reports?: number | undefined;
}

export const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`);
const REPORTS = 10;
export const managerOf = (index: number, reports = REPORTS) =>
  `mgr${String(Math.floor(index / reports)).padStart(4, '0')}`;
const quarters = ['2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4'];

export const product = (index: number) => (index % 3 === 0 ? 'Pro' : 'Basic');
/** Every fifth deal is shared with the next rep, 60 to 40. */
export const sharer = (index: number, reps: number) => (index % 5 === 0 ? repName(((index % reps) + 1) % reps) : null);
/** Of every fiftieth deal half is refunded a month later. */
const isRefunded = (index: number) => index % 50 === 0;

/** Facts of a position, an id and an instant of their own, one after the other. */
export function recorder(): (stream: string, event: Event) => Fact {
  let position = 0n;
  return (stream, event) =>
    ({ ...event, id: `fact-${++position}`, position, stream, recorded: '2025-01-01T00:00:00.000Z' }) as Fact;
}

export function quota(rep: string, month: string, amount: string): Event {
  return {
    type: 'QuotaChanged',
    data: { for: rep, measure: 'revenue', period: month, amount, target: null, credit: ['sales'], currency: null },
  };
}

/** The facts of a company whose reps sell: people, quotas, plans, and two events a deal. */
export function* selling(of: Selling, record: ReturnType<typeof recorder>): Generator<Fact> {
  const company = {
    attain: '1',
    company: 'Bench',
    currency: 'USD',
    timeZone: 'UTC',
    measures: of.measures,
    fields: { termMonths: 'number' },
  };
  yield record('company-main', { type: 'CompanyConfigured', data: { document: company } } as Event);
  for (let index = 0; index < of.reps; index += 1) yield* person(index, of, record);
  const uses = { currency: 'USD', measures: of.measures, fields: company.fields };
  for (const document of of.plans)
    yield record(`plan-${String(document['plan'])}`, {
      type: 'PlanPublished',
      data: { plan: document['plan'], version: '1', document, uses, hash: 'bench' },
    } as Event);
  let index = 0;
  for (const deal of generateDeals(of.deals, of.reps)) yield* sale(deal, index++, of, record);
}

function* person(
  index: number,
  { scores = false, reports = REPORTS }: Selling,
  record: ReturnType<typeof recorder>,
): Generator<Fact> {
  const rep = repName(index);
  const row = (participant: string, role: string, manager: string | null) => ({
    participant,
    from: '2025-01-01',
    to: null,
    role,
    manager,
    team: null,
    region: null,
    currency: null,
    fields: {},
  });
  if (index % reports === 0)
    yield record(`participant-${managerOf(index, reports)}`, {
      type: 'ParticipantAssigned',
      data: row(managerOf(index, reports), 'Manager', null),
    } as Event);
  yield record(`participant-${rep}`, {
    type: 'ParticipantAssigned',
    data: row(rep, 'AE', managerOf(index, reports)),
  } as Event);
  for (const month of months) yield record(`quota-${rep}~revenue`, quota(rep, month, String(quotaCents / 100)));
  if (!scores) return;
  for (const period of quarters)
    for (const objective of ['Partners', 'Pipeline'])
      yield record(`score-${rep}~${period}`, {
        type: 'ScoreRecorded',
        data: { participant: rep, period, objective, score: '80%' },
      } as Event);
}

function* sale(
  { id, rep, cents, closed }: { id: string; rep: string; cents: number; closed: string },
  index: number,
  { reps, splits = false, reversals = false }: Selling,
  record: ReturnType<typeof recorder>,
): Generator<Fact> {
  const stream = `deal-bench:${id}`;
  const fields = {
    owner: rep,
    amount: (cents / 100).toFixed(2),
    closed,
    product: product(index),
    termMonths: String(12 * (1 + (index % 3))),
  };
  yield record(stream, { type: 'DealOpened', data: { source: 'bench', id, fields } } as Event);
  const other = splits ? sharer(index, reps) : null;
  if (other !== null)
    yield record(stream, {
      type: 'DealSplit',
      data: { revenue: { [rep]: '60%', [other]: '40%' }, overlay: {} },
    } as Event);
  yield record(stream, { type: 'DealWon', data: { closed } } as Event);
  if (reversals && isRefunded(index))
    yield record(stream, {
      type: 'DealReversed',
      data: { reversal: `refund-${id}`, kind: 'refunded', date: nextMonth(closed), amount: (cents / 200).toFixed(2) },
    } as Event);
}

function nextMonth(date: string): string {
  return new Date(Date.parse(date) + 30 * 86_400_000).toISOString().slice(0, 10);
}
