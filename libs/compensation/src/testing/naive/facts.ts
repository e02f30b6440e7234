import { planSchema } from '@attain/contracts';
import { dayBefore, Exact, type LocalDate } from '@attain/values';
import { takenOf } from './credits.js';
import {
  calendarOf,
  FOREVER,
  type Kept,
  type Life,
  type QuotaSaid,
  quotaKey,
  type Row,
  type Scenario,
  type ScenarioStep,
  scoreKey,
  type State,
  type Version,
} from './company.js';

type Said = Record<string, string>;
const REVERSALS = ['cancelled', 'refunded', 'churned', 'credited'];

/** A known step, and the day by which it must take effect to count. */
export interface Told {
  readonly step: ScenarioStep;
  readonly by: LocalDate;
}

/** The kind of record that a step concerns. */
export function kindOf(step: ScenarioStep): string {
  return Object.keys(step).find((key) => !['at', 'by', 'reason', 'key'].includes(key))!;
}

/** The known state after some steps under a cut. */
export function stateOf({ company }: Pick<Scenario, 'company'>, told: readonly Told[], effective: LocalDate): State {
  const people = new Map<string, Row[]>();
  for (const { id, from, to, ...fields } of company.people)
    addRow(people, id, { from, to: to ?? FOREVER, fields: texts(fields) });
  const leaves: { participant: string; from: LocalDate; to: LocalDate }[] = [];
  const deals = new Map<string, Kept>();
  const payments = new Map<string, { said: Said; by: LocalDate }>();
  const adjustments: Said[] = [];
  const quotas = new Map<string, Map<string, QuotaSaid>>();
  const scores = new Map<string, Exact>();
  const rates = (company.rates ?? []).map((rate) => ({ ...rate, rate: Exact.parse(rate.rate) }));
  const approvals: State['approvals'][number][] = [];
  const plans: unknown[] = [...company.plans];
  for (const quota of company.quotas ?? []) addQuota(quotas, company.currency, { ...quota });
  for (const { step, by } of told) {
    const kind = kindOf(step);
    const said = step[kind] as Said;
    if (kind === 'person') {
      const { id, from, to = FOREVER, ...changed } = said;
      // Fields that do not change stay as they were in the row before.
      const before = (people.get(id!) ?? []).filter((row) => row.from <= from!).at(-1)?.fields ?? {};
      addRow(people, id!, { from: from!, to, fields: texts({ ...before, ...changed }) });
    } else if (kind === 'leave') {
      if (said['from']! <= by)
        leaves.push({ participant: said['participant']!, from: said['from']!, to: said['to'] ?? FOREVER });
    } else if (kind === 'quota') addQuota(quotas, company.currency, said);
    else if (kind === 'rate')
      rates.push({ from: said['from']!, to: said['to']!, date: said['date']!, rate: Exact.parse(said['rate']!) });
    else if (kind === 'score')
      scores.set(scoreKey(said['participant']!, said['period']!, said['objective']!), Exact.parse(said['score']!));
    else if (kind === 'plan') plans.push(said);
    else if (kind === 'paid') payments.set(said['id']!, { said, by });
    else if (kind === 'adjust') adjustments.push(said);
    else if (kind === 'approve' && said['component'] !== undefined)
      approvals.push({ deal: said['deal']!, component: said['component']!, date: String(step.at).slice(0, 10) });
    else if (kind === 'split') splitDeal(deals.get(said['deal']!)!, said as never);
    else if (REVERSALS.includes(kind)) {
      const amount = said['amount'] === undefined ? null : Exact.parse(said['amount']);
      if (said['date']! <= by)
        reverse(deals.get(said['deal']!)!, { date: said['date']!, kind, amount, id: said['id']! });
    } else if (['deal', 'won', 'lost', 'reopened', 'changed'].includes(kind)) tellDeal(deals, kind, said);
    else if (kind !== 'close') throw new Error(`the naive engine does not know the step ${kind}`);
  }
  const refunds = [...deals.values()].flatMap((deal) => refundsOf(deal));
  const records = [
    ...deals.values(),
    ...[...payments.values()].flatMap(({ said, by }) => paymentOf(said, deals, by)),
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

function texts(fields: Readonly<Record<string, string | undefined>>): Said {
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
  quotas: Map<string, Map<string, QuotaSaid>>,
  currency: string,
  said: Said | { [key: string]: string | undefined },
): void {
  const key = quotaKey(said['for']!, said['measure']!);
  const own = quotas.get(key) ?? new Map<string, QuotaSaid>();
  quotas.set(key, own);
  if (said['amount'] === 'none') return void own.delete(said['period']!);
  const target = said['target'] === undefined ? null : Exact.parse(said['target']);
  own.set(said['period']!, {
    amount: Exact.parse(said['amount']!),
    target,
    currency: said['currency'] ?? currency,
    credit: (said['credit'] ?? 'sales').split(' '),
  });
}

function tellDeal(deals: Map<string, Kept>, kind: string, said: Said): void {
  const { id, deal: other, ...fields } = said;
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

function splitDeal(deal: Kept, { revenue, overlay }: { revenue?: Said; overlay?: Said }): void {
  if (revenue !== undefined) deal.revenue = revenue;
  if (overlay !== undefined) deal.overlay = overlay;
}

/** A payment takes the owner, the splits and the fields that it does not state from its deal. */
function paymentOf(said: Said, deals: ReadonlyMap<string, Kept>, by: LocalDate): Kept[] {
  const deal = deals.get(said['deal']!);
  if (deal === undefined || said['date']! > by) return [];
  return [ofDeal(deal, said['id']!, said['amount']!, said['date']!, said['currency'])];
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
