import type { LocalDate } from '@attain/values';
import type { AccountFact, Entry, FactOf, LeaveFact, PersonFact, RecordFact, RelationFact } from '../facts/entries.js';
import { looksLikeDate, type Facts } from '../facts/facts.js';
import { resultOf, STEP } from '../facts/steps.js';
import type { View } from '../facts/view.js';
import { effectiveDate } from './causes.rules.js';
import type { SourceRecord } from '../facts/records.js';
import { measuresOfContest } from '../plans/contests.js';
import type { Component } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import type { PlanLife, World } from '../plans/world.js';

/** A cut as the log resolves it. */
export interface ResolvedCut {
  readonly effective: LocalDate;
  readonly position: number;
  /** Periods that close first and have no closing in the log yet, for contests that their closings decide. */
  readonly closing?: View['closing'];
}

/** Whether the lines of a plan are compared. */
export type PaysBy = (life: PlanLife) => boolean;

/** The facts that a participant's lines depend on, beside the participant's own deals. */
export interface Dependence {
  /**
   * The people whose records and rows count: only the participant; those who were ever below or related as well; or
   * everybody.
   */
  readonly others: 'none' | 'near' | 'everybody';
  /** Whether the quotas of others count too. */
  readonly quotas: boolean;
  /** The events that published versions which pay on days that no other fact names. */
  readonly windows: ReadonlySet<string>;
  /** The fields that date credits. */
  readonly dates: ReadonlySet<string>;
}

/** `paysBy`: the plans whose lines are compared; default all. */
export function dependence(worlds: readonly World[], participant: string, paysBy: PaysBy = () => true): Dependence {
  const versions = worlds.flatMap((world) => {
    const rows = world.rows(participant);
    const isNamed = (version: PlanVersion) => rows.some((row) => version.names(participant, row));
    // The pay for a whole window follows the version of its first day, whomever that names: those named on the last day
    // compete in a contest.
    return world
      .plans()
      .filter(paysBy)
      .flatMap(({ versions: all }) => {
        const isConcerned = all.some(({ version }) => isNamed(version));
        return all.flatMap(({ version }) =>
          isNamed(version) || (isConcerned && version.components.some(paysOnItsOwn)) ? [version] : [],
        );
      });
  });
  const components = versions.flatMap((version) => version.components);
  return {
    windows: new Set(versions.flatMap(({ components: own, event }) => (own.some(paysOnItsOwn) ? [event] : []))),
    quotas: components.some(({ isWide }) => isWide),
    others: components.some(({ credit, isWide }) => isWide || credit.all || credit.where.length > 0)
      ? 'everybody'
      : components.some(({ credit }) => credit.reports || credit.through.length > 0)
        ? 'near'
        : 'none',
    dates: new Set(
      components.flatMap(({ measure, axis, asks, contest }) =>
        [
          measure,
          axis,
          ...asks,
          ...(contest === null ? [] : measuresOfContest(contest).map((named) => named.measure)),
        ].flatMap(({ dates }) => dates),
      ),
    ),
  };
}

/** Whether a component has lines on days that no other fact names: at the end of a window, or because of a tenure. */
function paysOnItsOwn({ contest, target, asksOwn }: Component): boolean {
  return contest !== null || target !== null || asksOwn;
}

/** The facts that became known, or whose dates came, between two cuts, arranged by the people whom they may touch. */
export class Candidates {
  private readonly records: Entry[] = [];
  private readonly recordsOf = new Map<string, Entry[]>();
  private readonly quotasFor = new Map<string, Entry[]>();
  private readonly scoresOf = new Map<string, Entry[]>();
  private readonly people: Entry<PersonFact | LeaveFact | FactOf<'PlanSigned' | 'AdjustmentApproved'>>[] = [];
  private readonly relations: Entry<RelationFact>[] = [];
  private readonly accounts: Entry<AccountFact>[] = [];
  private readonly general: Entry[] = [];
  private readonly arranging = this.arranged();
  /** The people whom each person was ever above or related to, on any day. */
  private linked: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  /** The holders of the records that name an account, by the account's id. */
  private holdersBy: ReadonlyMap<string, ReadonlySet<string>> | null = null;

  constructor(
    private readonly facts: Facts,
    private readonly older: ResolvedCut,
    private readonly newer: ResolvedCut,
  ) {}

  /** Arranges the facts in steps; the rest is done with the first question. */
  *prepare(): Generator<undefined, void> {
    while (!this.arranging.next().done) yield;
  }

  private *arranged(): Generator<undefined, void> {
    let count = 0;
    for (const found of [reached, between]) {
      for (const entry of found(this.facts, this.older, this.newer)) {
        if (entry !== undefined) this.add(entry);
        if ((count += 1) % STEP === 0) yield;
      }
    }
  }

  private add(entry: Entry): void {
    const { fact } = entry;
    switch (fact.type) {
      case 'QuotaAssigned':
      case 'QuotaChanged':
      case 'QuotaWithdrawn':
        return push(this.quotasFor, fact.data.for, entry);
      case 'ScoreRecorded':
      case 'ScoreRetracted':
        return push(this.scoresOf, fact.data.participant, entry);
      case 'ParticipantAssigned':
      case 'ParticipantAssignmentRetracted':
      case 'LeaveRecorded':
      case 'LeaveRetracted':
      case 'PlanSigned':
      case 'AdjustmentApproved':
        this.people.push(entry as (typeof this.people)[number]);
        return;
      case 'RelationRecorded':
      case 'RelationRetracted':
        this.relations.push(entry as Entry<RelationFact>);
        return;
      case 'AccountRecorded':
      case 'AccountRetracted':
        this.accounts.push(entry as Entry<AccountFact>);
        return;
      case 'TableDefined':
      case 'TableRetracted':
        // A version of a plan keeps the tables with which it was published.
        return;
      default:
        break;
    }
    const record = recordOf(this.facts, entry);
    if (record === undefined) {
      this.general.push(entry);
      return;
    }
    this.records.push(entry);
    for (const holder of record.holders) push(this.recordsOf, holder, entry);
  }

  /** The facts that may change a line of a participant dated up to `last`; a fact that may not change one is included if in doubt. */
  touching(participant: string, { others, quotas, windows, dates }: Dependence, last: LocalDate): Entry[] {
    resultOf(this.arranging);
    const circle = this.circleOf(participant, others);
    const isIn = (person: string) => circle === null || circle.has(person);
    const records = (circle === null ? this.records : heldBy(this.recordsOf, circle)).filter((entry) =>
      isDated(recordOf(this.facts, entry)!, dates, (date) => date <= last),
    );
    return [
      ...this.ended(windows, last),
      ...this.credited(circle, dates, last),
      ...records,
      ...(quotas ? [...this.quotasFor.values()].flat() : (this.quotasFor.get(participant) ?? [])),
      ...(this.scoresOf.get(participant) ?? []),
      ...this.people.filter(({ fact }) => isIn(fact.data.participant)),
      ...(others === 'none'
        ? []
        : this.relations.filter(({ fact }) => isIn(fact.data.person) || isIn(fact.data.other))),
      ...this.accounts.filter(({ fact }) => this.isNamed(fact.data.id, circle)),
      ...this.general,
    ];
  }

  /** The people whose records and rows may be credited to a participant; null for everybody. */
  private circleOf(participant: string, others: Dependence['others']): ReadonlySet<string> | null {
    if (others === 'everybody') return null;
    const circle = new Set([participant]);
    if (others === 'none') return circle;
    this.linked ??= linksOf(this.facts);
    // Iterating a set includes the members that are added meanwhile.
    for (const person of circle) for (const near of this.linked.get(person) ?? []) circle.add(near);
    return circle;
  }

  /** Whether a record of the circle ever named an account. */
  private isNamed(account: string, circle: ReadonlySet<string> | null): boolean {
    this.holdersBy ??= holdersByAccount(this.facts);
    const holders = this.holdersBy.get(account);
    return holders !== undefined && (circle === null || [...holders].some((holder) => circle.has(holder)));
  }

  // The published versions that pay at the end of a window, if lines of a day between the cuts are compared at all.
  private ended(windows: ReadonlySet<string>, last: LocalDate): Entry[] {
    const { facts, older, newer } = this;
    const earlier = older.effective < newer.effective ? older.effective : newer.effective;
    if (windows.size === 0 || last <= earlier || older.effective === newer.effective) return [];
    return [...facts.plans.values()].flat().filter(({ at, fact }) => at <= older.position && windows.has(fact.id));
  }

  // The facts by which a record is credited on a day between the cuts, if lines of such a day are compared at all.
  private credited(circle: ReadonlySet<string> | null, dates: ReadonlySet<string>, last: LocalDate): Entry[] {
    const { facts, older, newer } = this;
    const earlier = older.effective < newer.effective ? older.effective : newer.effective;
    if (last <= earlier) return [];
    const within = span(older, newer);
    const records = circle === null ? facts.records.values() : heldBy(facts.recordsOf, circle);
    const found = new Set<Entry>();
    for (const record of records) {
      if (!isDated(record, dates, within)) continue;
      for (const entry of record.entries) if (entry.at <= older.position && !isReversal(entry.fact)) found.add(entry);
    }
    return [...found];
  }
}

function heldBy<Held>(of: ReadonlyMap<string, readonly Held[]>, circle: ReadonlySet<string>): Held[] {
  const held = new Set<Held>();
  for (const person of circle) for (const one of of.get(person) ?? []) held.add(one);
  return [...held];
}

function linksOf({ people, relations }: Facts): Map<string, Set<string>> {
  const links = new Map<string, Set<string>>();
  const link = (from: string, to: string) => links.set(from, (links.get(from) ?? new Set()).add(to));
  for (const { fact } of [...people.values()].flat())
    if (fact.type === 'ParticipantAssigned' && fact.data.manager !== null)
      link(fact.data.manager, fact.data.participant);
  for (const { fact } of [...relations.values()].flat()) link(fact.data.other, fact.data.person);
  return links;
}

function holdersByAccount({ records }: Facts): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  for (const record of records.values()) {
    for (const { fact } of record.entries) {
      const account = 'fields' in fact.data ? fact.data.fields['account'] : undefined;
      if (!account) continue;
      const known = holders.get(account) ?? new Set();
      holders.set(account, known);
      hold(record, known);
    }
  }
  return holders;
}

/** Known reversals and leaves whose date lies between the cuts; undefined in the place of other facts. */
function* reached(facts: Facts, older: ResolvedCut, newer: ResolvedCut): Generator<Entry | undefined> {
  const within = span(older, newer);
  for (const entries of [facts.reversals, ...facts.leaves.values()]) {
    for (const entry of entries) {
      const date = effectiveDate(entry.fact);
      yield entry.at <= older.position && within(date) ? entry : undefined;
    }
  }
}

function span(older: ResolvedCut, newer: ResolvedCut): (date: LocalDate) => boolean {
  const [low, high] =
    older.effective < newer.effective ? [older.effective, newer.effective] : [newer.effective, older.effective];
  return (date) => date > low && date <= high;
}

function* between(facts: Facts, older: ResolvedCut, newer: ResolvedCut): Generator<Entry> {
  for (const entry of facts.movingAfter(older.position)) {
    if (entry.at > newer.position) return;
    yield entry;
  }
}

const isReversal = ({ type }: RecordFact): boolean => type === 'DealReversed' || type === 'InvoiceReversed';

/** The record that a fact concerns, or whose pay it releases. */
function recordOf({ records }: Facts, { fact }: Entry): SourceRecord | undefined {
  if (fact.type !== 'ReleaseApproved' && fact.type !== 'ReleaseWithdrawn') return records.get(fact.stream);
  return records.get(`${PREFIX[fact.data.of]}-${fact.data.source}:${fact.data.id}`);
}

const PREFIX = {
  deals: 'deal',
  items: 'item',
  invoices: 'invoice',
  payments: 'payment',
  activities: 'activity',
} as const;

/** Whether the record, its parent or a record that belongs to it has a date for which `holds` is true. */
function isDated(record: SourceRecord, names: ReadonlySet<string>, holds: (date: LocalDate) => boolean): boolean {
  const own = ({ entries }: SourceRecord) => entries.some(({ fact }) => datesOf(fact, names).some(holds));
  return own(record) || [...record.parents.values()].some((parent) => isAbove(parent, own)) || isBelow(record, own);
}

function isAbove(record: SourceRecord, holds: (record: SourceRecord) => boolean): boolean {
  return holds(record) || [...record.parents.values()].some((parent) => isAbove(parent, holds));
}

function isBelow({ related }: SourceRecord, holds: (record: SourceRecord) => boolean): boolean {
  return related.some((record) => holds(record) || isBelow(record, holds));
}

function datesOf(fact: RecordFact, names: ReadonlySet<string>): string[] {
  const closed = (date: string | null | undefined) => (names.has('closed') && date ? [date] : []);
  switch (fact.type) {
    case 'DealOpened':
    case 'DealAmended':
    case 'ItemRecorded':
    case 'InvoiceRecorded':
    case 'PaymentRecorded':
    case 'ActivityRecorded':
      return Object.entries(fact.data.fields).flatMap(([name, value]) =>
        names.has(name) && looksLikeDate(value) ? [value] : [],
      );
    // The day of a refund; if reversals are dated, the day of the record that they take back.
    case 'DealReversed':
    case 'InvoiceReversed':
      return [fact.data.date];
    case 'DealWon':
    case 'DealLost':
      return closed(fact.data.closed);
    case 'DealRedated':
      return [...closed(fact.data.closed), ...(names.has('opened') && fact.data.opened ? [fact.data.opened] : [])];
    default:
      return [];
  }
}

/** Adds the holders of a record and of those that belong to it. */
function hold({ holders, related }: SourceRecord, known: Set<string>): void {
  for (const holder of holders) known.add(holder);
  for (const one of related) hold(one, known);
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
