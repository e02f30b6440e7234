import { planSchema } from '@attain/contracts';
import { dayBefore, Exact, type LocalDate } from '@attain/values';
import { takenOf } from './credits.js';
import {
  calendarOf,
  FOREVER,
  type Kept,
  type Life,
  type AssignedQuota,
  quotaKey,
  type Row,
  type Scenario,
  type ScenarioStep,
  scoreKey,
  type State,
  type Version,
} from './company.js';

type Data = Record<string, string>;
const REVERSALS = ['cancelled', 'refunded', 'churned', 'credited'];

/** A known step, and the day by which it must take effect to count. */
export interface Fact {
  readonly step: ScenarioStep;
  readonly by: LocalDate;
}

/** The kind of record that a step concerns. */
export function kindOf(step: ScenarioStep): string {
  return Object.keys(step).find((key) => !['at', 'by', 'reason', 'key'].includes(key))!;
}

/** The known state after some steps under a cut. */
export function stateOf({ company }: Pick<Scenario, 'company'>, facts: readonly Fact[], effective: LocalDate): State {
  const people = new Map<string, Row[]>();
  for (const { id, from, to, ...fields } of company.people)
    addRow(people, id, { from, to: to ?? FOREVER, fields: texts(fields) });
  const leaves: { participant: string; from: LocalDate; to: LocalDate }[] = [];
  const deals = new Map<string, Kept>();
  const payments = new Map<string, { data: Data; by: LocalDate }>();
  const adjustments: Data[] = [];
  const quotas = new Map<string, Map<string, AssignedQuota>>();
  const scores = new Map<string, Exact>();
  const rates = (company.rates ?? []).map((rate) => ({ ...rate, rate: Exact.parse(rate.rate) }));
  const approvals: State['approvals'][number][] = [];
  const plans: unknown[] = [...company.plans];
  for (const quota of company.quotas ?? []) addQuota(quotas, company.currency, { ...quota });
  for (const { step, by } of facts) {
    const kind = kindOf(step);
    const data = step[kind] as Data;
    if (kind === 'person') {
      const { id, from, to = FOREVER, ...changed } = data;
      // Fields that do not change stay as they were in the row before.
      const before = (people.get(id!) ?? []).filter((row) => row.from <= from!).at(-1)?.fields ?? {};
      addRow(people, id!, { from: from!, to, fields: texts({ ...before, ...changed }) });
    } else if (kind === 'leave') {
      if (data['from']! <= by)
        leaves.push({ participant: data['participant']!, from: data['from']!, to: data['to'] ?? FOREVER });
    } else if (kind === 'quota') addQuota(quotas, company.currency, data);
    else if (kind === 'rate')
      rates.push({ from: data['from']!, to: data['to']!, date: data['date']!, rate: Exact.parse(data['rate']!) });
    else if (kind === 'score')
      scores.set(scoreKey(data['participant']!, data['period']!, data['objective']!), Exact.parse(data['score']!));
    else if (kind === 'plan') plans.push(data);
    else if (kind === 'paid') payments.set(data['id']!, { data, by });
    else if (kind === 'adjust') adjustments.push(data);
    else if (kind === 'approve' && data['component'] !== undefined)
      approvals.push({ deal: data['deal']!, component: data['component']!, date: String(step.at).slice(0, 10) });
    else if (kind === 'split') splitDeal(deals.get(data['deal']!)!, data as never);
    else if (REVERSALS.includes(kind)) {
      const amount = data['amount'] === undefined ? null : Exact.parse(data['amount']);
      if (data['date']! <= by)
        reverse(deals.get(data['deal']!)!, { date: data['date']!, kind, amount, id: data['id']! });
    } else if (['deal', 'won', 'lost', 'reopened', 'changed'].includes(kind)) recordDeal(deals, kind, data);
    else if (kind !== 'close') throw new Error(`the naive engine does not know the step ${kind}`);
  }
  const refunds = [...deals.values()].flatMap((deal) => refundsOf(deal));
  const records = [
    ...deals.values(),
    ...[...payments.values()].flatMap(({ data, by }) => paymentOf(data, deals, by)),
    ...refunds,
  ];
  const byDay = [...people].map(([id, rows]) => [id, rows.map((row, index) => endedBy(row, rows[index + 1]))] as const);
  const relations = (company.relations ?? []).map((relation) => ({ ...relation, to: relation.to ?? FOREVER }));
  return {
    company,
    calendar: calendarOf(company),
    effective,
    people: new Map(byDay),
    leaves,
    records,
    quotas,
    scores,
    rates,
    relations,
    approvals,
    adjustments,
    lives: livesOf(plans, company.currency),
  };
}

function texts(fields: Readonly<Record<string, string | undefined>>): Data {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** A row of the same first day replaces the one before. */
function addRow(people: Map<string, Row[]>, id: string, row: Row): void {
  const others = (people.get(id) ?? []).filter(({ from }) => from !== row.from);
  people.set(
    id,
    [...others, row].sort((a, b) => (a.from < b.from ? -1 : 1)),
  );
}

function endedBy(row: Row, next: Row | undefined): Row {
  return next !== undefined && next.from <= row.to ? { ...row, to: dayBefore(next.from) } : row;
}

function addQuota(
  quotas: Map<string, Map<string, AssignedQuota>>,
  currency: string,
  data: Data | { [key: string]: string | undefined },
): void {
  const key = quotaKey(data['for']!, data['measure']!);
  const own = quotas.get(key) ?? new Map<string, AssignedQuota>();
  quotas.set(key, own);
  if (data['amount'] === 'none') return void own.delete(data['period']!);
  const target = data['target'] === undefined ? null : Exact.parse(data['target']);
  own.set(data['period']!, {
    amount: Exact.parse(data['amount']!),
    target,
    currency: data['currency'] ?? currency,
    credit: (data['credit'] ?? 'sales').split(' '),
  });
}

function recordDeal(deals: Map<string, Kept>, kind: string, data: Data): void {
  const { id, deal: other, ...fields } = data;
  const name = (id ?? other)!;
  const deal = deals.get(name) ?? {
    of: 'deals',
    id: name,
    deal: null,
    fields: {},
    status: 'open',
    revenue: {},
    overlay: {},
    reversals: [],
  };
  deals.set(name, deal);
  Object.assign(deal.fields, fields);
  if (kind === 'won' || kind === 'lost') deal.status = kind;
  if (kind === 'reopened') deal.status = 'open';
}

function splitDeal(deal: Kept, { revenue, overlay }: { revenue?: Data; overlay?: Data }): void {
  if (revenue !== undefined) deal.revenue = revenue;
  if (overlay !== undefined) deal.overlay = overlay;
}

/** A payment takes the owner, the splits and the fields that it does not state from its deal. */
function paymentOf(data: Data, deals: ReadonlyMap<string, Kept>, by: LocalDate): Kept[] {
  const deal = deals.get(data['deal']!);
  if (deal === undefined || data['date']! > by) return [];
  return [ofDeal(deal, data['id']!, data['amount']!, data['date']!, data['currency'])];
}

/** A refund is a payment below 0. */
function refundsOf(deal: Kept): Kept[] {
  const amount = Exact.parse(deal.fields['amount'] || '0');
  const taken = takenOf(deal).filter(({ kind }) => kind === 'refunded');
  return taken.map(({ id, date, part }) => ofDeal(deal, id, amount.times(part).negated().toString(), date, undefined));
}

function ofDeal(deal: Kept, id: string, amount: string, paid: LocalDate, currency: string | undefined): Kept {
  const { quantity: _, time: __, date: ___, ...others } = deal.fields;
  const fields = { ...others, amount, paid, ...(currency !== undefined && { currency }) };
  return {
    of: 'payments',
    id,
    deal,
    fields,
    status: 'won',
    revenue: deal.revenue,
    overlay: deal.overlay,
    reversals: [],
  };
}

function reverse(deal: Kept, reversal: Kept['reversals'][number]): void {
  deal.reversals = [...deal.reversals.filter(({ id }) => id !== reversal.id), reversal];
}

/** A version holds until the next one of its plan begins; `to` ends the plan. */
function livesOf(plans: readonly unknown[], company: string): Life[] {
  const byName = new Map<string, Map<string, Omit<Version, 'to'>>>();
  for (const plan of plans) {
    const document = planSchema.parse(plan);
    const versions = byName.get(document.plan) ?? new Map<string, Omit<Version, 'to'>>();
    byName.set(document.plan, versions);
    versions.set(document.version, {
      plan: document.plan,
      version: document.version,
      document,
      from: document.effective.from,
      currency: document.currency ?? company,
    });
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([plan, all]) => {
      const ordered = [...all.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
      const versions = ordered.map((version, index): Version => {
        const own = version.document.effective.to ?? FOREVER;
        const next = ordered[index + 1];
        return { ...version, to: next !== undefined && next.from <= own ? dayBefore(next.from) : own };
      });
      return { plan, versions, from: versions[0]!.from, to: versions.at(-1)!.to };
    });
}
