import { compareBytes, dayAfter, dayBefore, type Exact, type LocalDate } from '@attain/values';
import { companyModel, type CompanyModel } from './company.js';
import type { RecordFields, RecordState } from '../facts/records.js';
import { recordAt } from '../facts/related.rules.js';
import type { SourceRecord } from '../facts/records.js';
import { compareRecorded, type Fact } from '../facts/fact.js';
import type { Facts } from '../facts/facts.js';
import { pair } from '../facts/streams.js';
import { type Adjustment, approvedIn } from '../facts/adjustments.rules.js';
import { type Leave, leavesOf } from '../facts/leaves.rules.js';
import { managersAbove, relationsOf, rowAt, rowsOf, type Relation, type Row } from '../facts/people.rules.js';
import { type Objective, objectivesOf, type Score, scoresOf } from '../facts/objectives.rules.js';
import { planVersion, type PlanVersion } from './plans.js';
import { presentSpans, type Span, withoutAbsences } from './presence.rules.js';
import { quotasOf, type Quota } from './quotas.rules.js';
import { signedBy } from '../facts/signatures.rules.js';
import { rateOn, ratesOf, type ExchangeRate } from '../facts/rates.rules.js';
import type { Touches } from '../facts/touches.js';
import { latest, OPEN, sees, type View } from '../facts/view.js';

/** A version of a plan and the days on which it is in force. */
export interface PlanInForce {
  readonly version: PlanVersion;
  readonly from: LocalDate;
  readonly to: LocalDate;
}
/** All versions of a plan in the order of their days, none of which overlap. */
export interface PlanLife {
  readonly plan: string;
  readonly versions: readonly PlanInForce[];
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export interface Remembered<Value> {
  readonly stamp: number;
  readonly value: Value;
}

/** The dependence of a value: on the facts of a view alone, or also on the day of the view, such as ended windows. */
export type Follows = 'facts' | 'day';

/** The facts under one view, folded on demand. A folded value is valid until a fact of its kind arrives. */
export class World {
  private readonly memory = new Map<string, Remembered<unknown>>();
  private configured: Remembered<CompanyModel> | null = null;
  private readonly persons = new Map<string, Remembered<readonly Row[]>>();
  private readonly days: number;

  /** `still`: the world of an earlier day whose view differs only by days that no fact names. */
  constructor(
    readonly facts: Facts,
    readonly view: View,
    readonly touched: Touches = facts.touched,
    readonly still: World | null = null,
  ) {
    this.days = facts.days.count;
  }

  /** Whether no fact has since named a new day, which could lie between this world and the still one. */
  get isStill(): boolean {
    return this.days === this.facts.days.count;
  }

  private memoryOf(follows: Follows): Map<string, Remembered<unknown>> {
    return follows === 'facts' && this.still !== null && this.isStill ? this.still.memory : this.memory;
  }

  /**
   * Computes a value, or returns the remembered one while the stamp is the same. A stamp is the position of the last
   * fact that the value may depend on; never a sum, because a sum can recur. `before`: the value remembered with an
   * earlier stamp.
   */
  remember<Value>(
    key: string,
    stamp: number,
    compute: (before?: Remembered<Value>) => Value,
    follows: Follows = 'day',
  ): Value {
    const known = this.remembered<Value>(key, follows);
    if (known !== undefined && known.stamp === stamp) return known.value;
    const value = compute(known);
    this.memoryOf(follows).set(key, { stamp, value });
    return value;
  }

  /** The remembered value of a key, valid or not. */
  remembered<Value>(key: string, follows: Follows = 'day'): Remembered<Value> | undefined {
    return this.memoryOf(follows).get(key) as Remembered<Value> | undefined;
  }

  /** Computes a value in steps and remembers it; stops if a fact arrives that it may depend on. */
  *prepare<Value>(
    key: string,
    stamp: () => number,
    compute: () => Generator<undefined, Value>,
    follows: Follows = 'day',
  ): Generator<undefined, void> {
    const begun = stamp();
    if (this.remembered(key, follows)?.stamp === begun) return;
    const memory = this.memoryOf(follows);
    const work = compute();
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return void memory.set(key, { stamp: begun, value: step.value });
      yield;
      // A world that is no longer still has a memory of its own.
      if (stamp() !== begun || memory !== this.memoryOf(follows)) return;
    }
  }

  record(record: SourceRecord): RecordState | undefined {
    return recordAt(record, this.view);
  }

  company(): CompanyModel {
    if (this.still !== null) return this.still.company();
    const { companies } = this.facts;
    const { settings } = this.touched;
    let known = this.configured;
    if (known === null || known.stamp !== settings) {
      known = { stamp: settings, value: companyModel(latest(this.view, companies)?.fact, this.tables()) };
      this.configured = known;
    }
    return known.value;
  }

  private tables(): ReadonlyMap<string, { columns: readonly string[]; rows: readonly (readonly string[])[] }> {
    const tables = new Map<string, { columns: readonly string[]; rows: readonly (readonly string[])[] }>();
    for (const [name, entries] of this.facts.tables) {
      const fact = latest(this.view, entries)?.fact;
      if (fact?.type === 'TableDefined') tables.set(name, fact.data);
    }
    return tables;
  }

  /** A participant's rows; empty for an unknown participant. */
  rows(person: string): readonly Row[] {
    if (this.still !== null) return this.still.rows(person);
    const entries = this.facts.people.get(person);
    if (entries === undefined) return [];
    const known = this.persons.get(person);
    if (known !== undefined && known.stamp === this.touched.settings) return known.value;
    const value = rowsOf(entries, this.view);
    this.persons.set(person, { stamp: this.touched.settings, value });
    return value;
  }

  row(person: string, date: LocalDate): Row | undefined {
    return rowAt(this.rows(person), date);
  }

  /** A participant's leaves that have begun, in the order of their days. */
  leaves(person: string): readonly Leave[] {
    const entries = this.facts.leaves.get(person);
    if (entries === undefined) return [];
    return this.remember(`leaves ${person}`, this.touched.settings, () => leavesOf(entries, this.view), 'facts');
  }

  /** The approved adjustments of a participant. */
  adjustments(person: string): readonly Adjustment[] {
    const entries = this.facts.adjustments.get(person);
    if (entries === undefined) return [];
    return this.remember(`adjustments ${person}`, this.touched.settings, () => approvedIn(entries, this.view), 'facts');
  }

  /** The days on which a participant is present and not on leave. */
  present(person: string): readonly Span[] {
    const spans = presentSpans(this.rows(person));
    const leaves = this.leaves(person);
    return leaves.length === 0 ? spans : withoutAbsences(spans, leaves);
  }

  /** Whether a participant has signed a version, including everything that it uses. */
  hasSigned(person: string, { hash }: PlanVersion): boolean {
    const entries = this.facts.signatures.get(person);
    if (entries === undefined) return false;
    return this.remember(
      `signatures ${person}`,
      this.touched.settings,
      () => signedBy(entries, this.view),
      'facts',
    ).has(hash);
  }

  /** The managers above a person on a day, the nearest first. */
  managers(person: string, date: LocalDate): readonly string[] {
    const { days, above } = this.hierarchy();
    let [low, high] = [0, days.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (days[middle]! <= date) low = middle + 1;
      else high = middle;
    }
    let known = above[low]!.get(person);
    if (known === undefined) {
      known = managersAbove(person, (below) => this.row(below, date)?.manager ?? null);
      above[low]!.set(person, known);
    }
    return known;
  }

  // No row changes between two of these days, so one answer is valid for all days between them.
  private hierarchy(): { days: readonly LocalDate[]; above: readonly Map<string, readonly string[]>[] } {
    return this.remember(
      'hierarchy',
      this.touched.settings,
      () => {
        const days = new Set<LocalDate>();
        for (const person of this.facts.people.keys()) {
          for (const { from, to } of this.rows(person)) {
            days.add(from);
            if (to !== null && to < OPEN) days.add(dayAfter(to));
          }
        }
        const sorted = [...days].sort();
        return { days: sorted, above: Array.from({ length: sorted.length + 1 }, () => new Map()) };
      },
      'facts',
    );
  }

  relations(person: string): readonly Relation[] {
    const entries = this.facts.relations.get(person);
    if (entries === undefined) return [];
    return this.remember(`relations ${person}`, this.touched.settings, () => relationsOf(entries, this.view), 'facts');
  }

  /** By the name of the period. */
  quotas(forWhom: string, measure: string): ReadonlyMap<string, Quota> {
    const key = pair(forWhom, measure);
    const entries = this.facts.quotas.get(key);
    if (entries === undefined) return new Map();
    return this.remember(`quotas ${key}`, this.touched.quotas(forWhom), () => quotasOf(entries, this.view), 'facts');
  }

  /** The objectives assigned to a person, a team, a region or the company. */
  objectives(forWhom: string): readonly Objective[] {
    const entries = this.facts.objectives.get(forWhom);
    return entries === undefined
      ? []
      : this.remember(`objectives ${forWhom}`, this.touched.settings, () => objectivesOf(entries, this.view), 'facts');
  }

  /** A participant's scores by `scoreKey`. */
  scores(participant: string): ReadonlyMap<string, Score> {
    const entries = this.facts.scores.get(participant);
    return entries === undefined
      ? new Map()
      : this.remember(
          `scores ${participant}`,
          this.touched.scores(participant),
          () => scoresOf(entries, this.view),
          'facts',
        );
  }

  /** The units of `to` for one of `from` on a day; undefined without a rate. */
  rate(from: string, to: string, date: LocalDate): ExchangeRate | undefined {
    const key = pair(from, to);
    const entries = this.facts.rates.get(key);
    if (entries === undefined) return undefined;
    return rateOn(
      this.remember(`rates ${key}`, this.touched.settings, () => ratesOf(entries, this.view), 'facts'),
      date,
    );
  }

  /** Null without a rate. */
  converted(amount: Exact, from: string, to: string, date: LocalDate): Exact | null {
    if (from === to) return amount;
    const rate = this.rate(from, to, date);
    return rate === undefined ? null : amount.times(rate.rate);
  }

  /** The fields of a deal's account: of the same source, else of the only account with this id. */
  account(state: RecordState): RecordFields | undefined {
    const id = state.fields['account'];
    const entries = id === undefined ? undefined : this.facts.accounts.get(id);
    if (entries === undefined) return undefined;
    const accounts = this.remember(
      `account ${id}`,
      this.touched.settings,
      () => {
        const bySource = new Map<string, RecordFields>();
        for (const { at, fact } of entries) {
          if (!sees(this.view, at)) continue;
          if (fact.type === 'AccountRecorded') bySource.set(fact.data.source, fact.data.fields);
          else bySource.delete(fact.data.source);
        }
        return bySource;
      },
      'facts',
    );
    return accounts.get(state.record.source) ?? (accounts.size === 1 ? [...accounts.values()][0] : undefined);
  }

  /** Every plan by name, in byte order. */
  plans(): readonly PlanLife[] {
    return this.remember('plans', this.touched.settings, () => this.lives(), 'facts');
  }

  /** The measures of the targets whose amounts plans state. */
  statedTargets(): ReadonlySet<string> {
    const components = this.plans().flatMap(({ versions }) => versions.flatMap(({ version }) => version.components));
    return new Set(
      components.flatMap(({ target, axisName }) =>
        target === null || target.amount === 'assigned' || target.objectives !== null ? [] : [axisName],
      ),
    );
  }

  private lives(): readonly PlanLife[] {
    const lives: PlanLife[] = [];
    for (const [plan, entries] of this.facts.plans) {
      const published = new Map<string, { version: PlanVersion; fact: Fact }>();
      for (const { at, fact } of entries) {
        if (!sees(this.view, at)) continue;
        if (fact.type === 'PlanRetracted') published.delete(fact.data.version);
        else published.set(fact.data.version, { version: planVersion(fact), fact });
      }
      const ordered = [...published.values()].sort(
        (a, b) =>
          compareBytes(a.version.from, b.version.from) ||
          compareRecorded(a.fact, b.fact) ||
          compareBytes(a.version.version, b.version.version),
      );
      const versions: PlanInForce[] = [];
      ordered.forEach(({ version }, index) => {
        const next = ordered[index + 1]?.version;
        const end = version.to ?? OPEN;
        const to = next !== undefined && next.from <= end ? dayBefore(next.from) : end;
        if (to >= version.from) versions.push({ version, from: version.from, to });
      });
      const [first, last] = [versions[0], versions.at(-1)];
      if (first !== undefined && last !== undefined) lives.push({ plan, versions, from: first.from, to: last.to });
    }
    return lives.sort((a, b) => compareBytes(a.plan, b.plan));
  }
}
