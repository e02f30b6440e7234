import { Exact, type Period } from '@attain/values';
import { calendarOf, type Life, rateOn, type Scenario, type ScenarioStep, type State } from './company.js';
import { minorRate } from './credits.js';
import { isNamedIn, linesOf, paidOf, payCurrency } from './engine.js';
import { kindOf, stateOf, type Fact } from './facts.js';
import { type Owed, settlePlan } from './settle.js';
import { type Line, minorOf, payDate, planPays, recordKey, statementPeriod } from './terms.js';

/** The change by a fact in the pay of a record in a closed period. */
export interface NaiveDifference {
  readonly plan: string;
  /** Of a component that pays no money. */
  readonly unit: string | undefined;
  readonly component: string;
  readonly record: string;
  readonly for: string;
  readonly cause: string;
  readonly payable: bigint;
}
export interface NaiveStatement {
  readonly period: string;
  readonly participant: string;
  readonly currency: string;
  /** Lines of money, differences, adjustments and what draws and carried negatives add. */
  readonly payable: bigint;
  readonly lines: readonly Line[];
  readonly differences: readonly NaiveDifference[];
  readonly settlements: readonly { readonly plan: string; readonly kind: string; readonly amount: bigint }[];
}
interface Cut {
  /** The number of known steps. */
  readonly known: number;
  readonly effective: string;
}

/** The kinds of causes in the order in which facts of one instant are applied. */
const ORDER = [
  'person',
  'leave',
  'relation',
  'rate',
  'quota',
  'objective',
  'plan',
  'sign',
  'account',
  'deal',
  'won',
  'lost',
  'reopened',
  'changed',
  'split',
  'item',
  'invoice',
  'paid',
  'activity',
  'score',
  'cancelled',
  'refunded',
  'churned',
  'credited',
  'adjust',
  'approve',
];

/** A scenario whose closings issue statements: steps 6 to 9. */
export class NaiveHistory {
  private readonly states = new Map<string, { state: State; lines: Map<string, Line[]> }>();

  constructor(private readonly scenario: Scenario) {}

  /** The known state after some steps, by a day. */
  stateAt({ known, effective }: Cut): State {
    return this.under(
      this.scenario.history.slice(0, known).map((step) => ({ step, by: effective })),
      effective,
    ).state;
  }

  lines(cut: Cut, me: string): Line[] {
    return this.linesUnder(
      this.scenario.history.slice(0, cut.known).map((step) => ({ step, by: cut.effective })),
      cut.effective,
      me,
    );
  }

  /** Everybody's statement of each period that is closed, in the order of closing. `closings`: how many steps are known at each. */
  statements(closings: readonly { period: Period; known: number }[]): NaiveStatement[] {
    const issued: NaiveStatement[] = [];
    const people = [
      ...new Set([
        ...this.scenario.company.people.map(({ id }) => id),
        ...this.scenario.history.flatMap((step) =>
          kindOf(step) === 'person' ? [(step['person'] as { id: string }).id] : [],
        ),
      ]),
    ].sort();
    for (const me of people) {
      let owed: ReadonlyMap<string, Owed> = new Map();
      closings.forEach(({ period, known }, index) => {
        const cut = { known, effective: period.to };
        const earlier = closings.slice(0, index).filter((one) => one.period.kind === period.kind);
        const last = earlier.at(-1);
        const differences =
          last === undefined
            ? []
            : this.differences(
                { known: last.known, effective: last.period.to },
                cut,
                earlier.map((one) => one.period),
                me,
                period,
              );
        const statement = this.statement(cut, me, period, differences, owed);
        owed = statement.owed;
        issued.push(statement.statement);
      });
    }
    return issued;
  }

  private statement(
    cut: Cut,
    me: string,
    period: Period,
    differences: readonly NaiveDifference[],
    owed: ReadonlyMap<string, Owed>,
  ): { statement: NaiveStatement; owed: Map<string, Owed> } {
    const state = this.stateAt(cut);
    const currency = payCurrency(state, me, period.to);
    const lines = this.lines(cut, me).filter((line) => isIn(line, period));
    const left = new Map<string, Owed>();
    const settlements: { plan: string; kind: string; amount: bigint }[] = [];
    let payable = 0n;
    const plans = [...new Set([...state.lives.map(({ plan }) => plan), ...differences.map(({ plan }) => plan)])];
    for (const plan of plans) {
      const life = state.lives.find((one) => one.plan === plan);
      let due = differences
        .filter((one) => one.plan === plan && one.unit === undefined)
        .reduce((sum, one) => sum + one.payable, 0n);
      for (const line of lines)
        if (line.terms.life.plan === plan && line.terms.component.unit === undefined)
          due += paidOf(line, period, currency);
      for (const amount of life === undefined ? [] : adjustmentsOf(state, me, life, period, currency)) {
        due += amount;
        settlements.push({ plan, kind: 'adjustment', amount });
      }
      payable += due;
      if (life === undefined) continue;
      const settled = settlePlan(state, me, life, period, currency, due, owed.get(plan) ?? null);
      if (settled === null) continue;
      left.set(plan, settled.owed);
      for (const one of settled.lines) {
        payable += one.amount;
        settlements.push({ plan, ...one });
      }
    }
    for (const [plan, before] of owed) if (!left.has(plan)) left.set(plan, before);
    return {
      statement: { period: period.name, participant: me, currency, payable, lines, differences, settlements },
      owed: left,
    };
  }

  /** Facts that became known, or effective, since the last close, one by one; each one's part is the change it makes. */
  private differences(
    older: Cut,
    newer: Cut,
    periods: readonly Period[],
    me: string,
    period: Period,
  ): NaiveDifference[] {
    const currency = payCurrency(this.stateAt(newer), me, period.to);
    const steps = this.scenario.history.slice(0, newer.known);
    const applied = new Set<ScenarioStep>();
    const facts = (): Fact[] =>
      steps.flatMap((step, index) =>
        applied.has(step)
          ? [{ step, by: newer.effective }]
          : index < older.known
            ? [{ step, by: older.effective }]
            : [],
      );
    const worth = () => worthOf(this.linesUnder(facts(), newer.effective, me), periods, currency);
    const found: NaiveDifference[] = [];
    let before = worth();
    for (const step of inOrder(
      steps.filter(
        (one, index) => index >= older.known || (dateOf(one) > older.effective && dateOf(one) <= newer.effective),
      ),
    )) {
      applied.add(step);
      const now = worth();
      for (const key of new Set([...before.keys(), ...now.keys()])) {
        const [old, since] = [before.get(key), now.get(key)];
        const payable = (since?.payable ?? 0n) - (old?.payable ?? 0n);
        const { line, period: concerned } = (since ?? old)!;
        if (payable !== 0n)
          found.push({
            plan: line.terms.life.plan,
            unit: line.terms.component.unit,
            component: line.terms.component.name,
            record: line.credit?.id ?? '',
            for: concerned,
            cause: causeOf(step, steps),
            payable,
          });
      }
      before = now;
    }
    return found;
  }

  private linesUnder(facts: readonly Fact[], effective: string, me: string): Line[] {
    const { state, lines } = this.under(facts, effective);
    let own = lines.get(me);
    if (own === undefined) lines.set(me, (own = linesOf(state, me)));
    return own;
  }

  private under(facts: readonly Fact[], effective: string): { state: State; lines: Map<string, Line[]> } {
    const places = new Map(this.scenario.history.map((step, index) => [step, index]));
    const key = JSON.stringify([effective, facts.map(({ step, by }) => [places.get(step), by])]);
    let known = this.states.get(key);
    if (known === undefined)
      this.states.set(key, (known = { state: stateOf(this.scenario, facts, effective), lines: new Map() }));
    return known;
  }
}

function isIn({ terms, date }: Pick<Line, 'terms' | 'date'>, period: Period): boolean {
  return planPays(terms.version) === period.kind && statementPeriod(terms, date).name === period.name;
}

/** The pay of each record in each closed period. */
function worthOf(
  lines: readonly Line[],
  periods: readonly Period[],
  currency: string,
): Map<string, { line: Line; period: string; payable: bigint }> {
  const worth = new Map<string, { line: Line; period: string; payable: bigint }>();
  for (const line of lines) {
    const period = periods.find((one) => isIn(line, one));
    if (period === undefined) continue;
    const key = JSON.stringify([line.terms.life.plan, line.terms.component.name, recordKey(line), period.name]);
    worth.set(key, {
      line,
      period: period.name,
      payable: (worth.get(key)?.payable ?? 0n) + paidOf(line, period, currency),
    });
  }
  return worth;
}

/** The day from which on a fact counts; blank for those that count at once. */
function dateOf(step: ScenarioStep): string {
  const kind = kindOf(step);
  const stated = step[kind] as Record<string, string>;
  return kind === 'leave'
    ? stated['from']!
    : ['cancelled', 'refunded', 'churned', 'credited', 'paid'].includes(kind)
      ? stated['date']!
      : '';
}

/** The record that a fact concerns; facts of one record keep the order in which they were recorded. */
function streamOf(step: ScenarioStep): string {
  const kind = kindOf(step);
  const stated = step[kind] as Record<string, string>;
  if (kind === 'paid') return `payment ${stated['id']}`;
  if (kind === 'quota') return `quota ${stated['for']} ${stated['measure']}`;
  if (kind === 'person') return `person ${stated['id']}`;
  if (kind === 'leave' || kind === 'score') return `${kind} ${stated['participant']}`;
  if (kind === 'rate') return `rate ${stated['from']} ${stated['to']}`;
  if (kind === 'plan') return `plan ${stated['plan']}`;
  return `deal ${stated['deal'] ?? stated['id']}`;
}

function inOrder(steps: readonly ScenarioStep[]): ScenarioStep[] {
  const last = new Map<string, string>();
  const keyed = steps
    .filter((step) => kindOf(step) !== 'close')
    .map((step) => {
      const own = JSON.stringify([
        step.at,
        dateOf(step),
        String(ORDER.indexOf(kindOf(step))).padStart(2, '0'),
        streamOf(step),
      ]);
      const before = last.get(streamOf(step)) ?? '';
      const key = own < before ? before : own;
      last.set(streamOf(step), key);
      return { step, key };
    });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ step }) => step);
}

/** The kind of a step; a later step about an existing deal is a change. */
function causeOf(step: ScenarioStep, steps: readonly ScenarioStep[]): string {
  const kind = kindOf(step);
  if (kind !== 'deal') return kind;
  const { id } = step['deal'] as { id: string };
  return steps.slice(0, steps.indexOf(step)).some((earlier) => streamOf(earlier) === `deal ${id}`) ? 'changed' : kind;
}

/** Amounts that were added by hand, in minor units of the pay currency. */
function adjustmentsOf(state: State, me: string, life: Life, period: Period, currency: string): bigint[] {
  const version =
    life.versions.findLast(({ from, to }) => from <= period.to && to >= period.from) ?? life.versions.at(-1)!;
  const adjustment = (amount: string) => {
    const minor = Exact.parse(amount).times(minorOf(version.currency)).round('half-up');
    return version.currency === currency
      ? minor
      : Exact.of(minor)
          .times(
            minorRate(version.currency, currency, rateOn(state, version.currency, currency, payDate(state, period))) ??
              Exact.zero,
          )
          .round('half-up');
  };
  return state.adjustments.flatMap((stated) => {
    const plan = stated['plan'] ?? state.lives.find((one) => isNamedIn(state, me, one, period, planPays))?.plan;
    return stated['participant'] === me && stated['period'] === period.name && plan === life.plan
      ? [adjustment(stated['amount']!)]
      : [];
  });
}

/** The pay periods of the kinds by which plans pay that end by the end of a period, from the first day of plans and people on. */
export function closingOrder({ company }: Scenario, period: Period, kinds: readonly Period['kind'][]): Period[] {
  const calendar = calendarOf(company);
  const from = [
    [...company.people.map((row) => row.from)].sort()[0]!,
    company.plans.map((plan) => (plan as { effective: { from: string } }).effective.from).sort()[0]!,
  ]
    .sort()
    .at(-1)!;
  const periods = kinds.flatMap((kind) => {
    const found: Period[] = [];
    for (let one = calendar.periodOf(from, kind); one.to <= period.to; one = calendar.next(one)) found.push(one);
    return found;
  });
  const size = (one: Period) => ['month', 'quarter', 'half', 'year'].indexOf(one.kind);
  return periods
    .sort((a, b) => (a.to === b.to ? size(a) - size(b) : a.to < b.to ? -1 : 1))
    .filter((one) => one.to < period.to || size(one) <= size(period));
}
