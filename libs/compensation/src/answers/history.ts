import type { StoredStatement } from '@attain/contracts';
import { compareBytes, endOfDay, type Instant, type LocalDate, type Period } from '@attain/values';
import type {
  Closing,
  Cut,
  Difference,
  Earned,
  Fact,
  History,
  LateChange,
  LineRow,
  PersonRow,
  Seen,
  WhatCounts,
} from './api.js';
import { Chains } from './chains.js';
import { attainmentInSteps, attainmentOf, prepareAttainment } from '../credits/attainment.js';
import { creditKindsOf } from '../credits/credit-kinds.js';
import type { Candidates, ResolvedCut } from '../paid/candidates.js';
import { KeptCandidates } from '../paid/kept-candidates.js';
import { periodNamed } from '../paid/closings.rules.js';
import { contestsOf } from '../earned/contests.js';
import { earnedBy, exceptionsIn, lateException, runHashInSteps } from './earned.js';
import { Facts } from '../facts/facts.js';
import type { RecordEntry, StoredFacts } from '../facts/stored-facts.js';
import { type Recalculation, recalculated, upToDate } from '../earned/recalculation.js';
import { recordOfFact, statementRows } from './statement-rows.js';
import { attainmentRows, lineRows, sorted } from './rows.js';
import { reviewsLateChanges } from '../paid/corrections.rules.js';
import { closedPeriods, closingsInSteps, lateChanges, payPeriodsInSteps } from './closings.js';
import { dayOf, laddersOf } from './ladders.js';
import { type DraftPlan, planned } from './planned.js';
import { streamOf, supposed, type SupposedDeal } from './supposed.js';
import { differenceOf } from './difference.js';
import { stated } from './steps.js';
import { daysOf, type RecordState, sellersOf } from '../facts/records.js';
import { resultOf } from '../facts/steps.js';
import { personRow } from '../facts/people.rules.js';
import { LIVE, OPEN } from '../facts/view.js';
import { World } from '../plans/world.js';
import { paysLater } from '../plans/later-pay.js';
import { prepareWarnings, warningsOf } from '../warnings/warnings.js';

/** The number of worlds of earlier cuts that are kept: a run asks for one or two, and an auditor for a few. */
const KEPT = 8;
export function createHistory(): History {
  return new FactHistory();
}

export class FactHistory implements History {
  readonly facts = new Facts();
  private readonly worlds = new Map<string, World>();
  private readonly candidates = new KeptCandidates(this.facts);
  private readonly chains = new Chains(this);

  append(facts: Iterable<Fact>): void {
    for (const fact of facts) this.facts.append(fact);
  }

  load(entries: Iterable<RecordEntry>): void {
    for (const entry of entries) this.facts.load(entry);
  }

  settle(after: bigint, stored: StoredFacts): void {
    this.facts.settle(after, stored);
  }

  namedInSteps(): Generator<undefined, void> {
    return this.facts.namedInSteps();
  }

  get head(): bigint {
    return this.facts.head;
  }

  lastKnown(): Instant | '' {
    return this.facts.lastKnown();
  }

  fact(id: string): Fact | undefined {
    return this.facts.fact(id);
  }

  factsBetween(after: bigint, upTo: bigint): Fact[] {
    return this.facts.between(after, upTo);
  }

  about(event: string): string {
    return recordOfFact(this.facts, event);
  }

  record(event: string) {
    const state = this.stateOf(this.fact(event)?.stream ?? '');
    return state && { sellers: sellersOf(state), days: daysOf(state) };
  }

  deal(of: { source: string; id: string }) {
    return this.stateOf(streamOf(of));
  }

  supposing(deals: readonly SupposedDeal[], known: Instant) {
    return supposed(this.facts, new FactHistory(), deals, known);
  }

  planning(draft: DraftPlan | null, known: Instant) {
    return planned(this.facts, new FactHistory(), draft, known);
  }

  ladders({ participant, period }: { participant: string; period: string }, cut?: Cut) {
    const world = this.world(this.resolved(cut));
    return laddersOf(world, participant, dayOf(periodNamed(world, period), cut?.effective));
  }

  contests(cut?: Cut) {
    return contestsOf(this.world(this.resolved(cut)));
  }

  company(cut?: Cut) {
    return this.world(this.resolved(cut)).company().settings;
  }

  people(cut?: Cut): readonly PersonRow[] {
    const world = this.world(this.resolved({ ...(cut?.known === undefined ? {} : { known: cut.known }) }));
    return this.participants().flatMap((person) => world.rows(person).map(personRow));
  }

  credited(what: WhatCounts, cut?: Cut) {
    const { amount, currency, records } = this.attainment(what, cut);
    return { amount, currency, records };
  }

  attainment(what: WhatCounts, cut?: Cut) {
    return attainmentOf(this.world(this.resolved(cut)), what);
  }

  attainmentInSteps(what: WhatCounts, cut?: Cut) {
    return attainmentInSteps(this.world(this.resolved(cut)), what);
  }

  prepare(what: WhatCounts | 'warnings', cut?: Cut) {
    return what === 'warnings'
      ? prepareWarnings(this.world(this.resolved(cut)))
      : prepareAttainment(this.world(this.resolved(cut)), what);
  }

  creditKinds(participant: string, cut?: Cut) {
    return creditKindsOf(this.world(this.resolved(cut)), participant);
  }

  statedTargets(cut?: Cut) {
    return this.world(this.resolved(cut)).statedTargets();
  }

  earned(of: { participant: string; period: string; plan?: string; component?: string }, cut?: Cut): Earned {
    const world = this.world(this.resolved(cut));
    return earnedBy(world, { ...of, period: periodNamed(world, of.period) });
  }

  statement({ participant, period }: { participant: string; period: string }, cut?: Cut) {
    return stated(this.statementsOf(period, [participant], cut, { empty: true }))[0]!;
  }

  explained({ participant, period }: { participant: string; period: string }, cut?: Cut) {
    const { named, resolved, chain } = this.asked(period, cut);
    return this.chains.explained(named, resolved, chain, participant);
  }

  statements(period: string, cut?: Cut, among?: ReadonlySet<string>) {
    return stated(this.eachStatement(period, cut, among));
  }

  eachStatement(period: string, cut?: Cut, among?: ReadonlySet<string>, upTo = this.head) {
    return this.statementsOf(
      period,
      among === undefined ? this.participants() : this.participants().filter((person) => among.has(person)),
      cut,
      { empty: false },
      upTo,
    );
  }

  closed(known?: Instant) {
    return closedPeriods(this.facts, this.resolved(known === undefined ? undefined : { known }).position);
  }

  closings(period: string, known: Instant): Closing[] {
    return resultOf(this.closingsInSteps(period, known));
  }

  closingsInSteps(period: string, known: Instant): Generator<undefined, Closing[]> {
    return closingsInSteps(this, this.chains, period, known);
  }

  difference(of: { participant: string; period: string }, from: Cut, to: Cut): Difference {
    return differenceOf(this, of, this.resolved(from), this.resolved(to));
  }

  runHash(period: string, cut?: Cut): string {
    const world = this.world(this.resolved(cut));
    const asked = periodNamed(world, period);
    const resolved = this.resolved({ ...cut, effective: cut?.effective ?? asked.to });
    return resultOf(runHashInSteps(() => this.world(resolved), this.participants(), asked));
  }

  exceptions(cut?: Cut, of?: { participant?: string; period?: string; seen?: Seen }) {
    const world = this.world(this.resolved(cut));
    const period = of?.period === undefined ? null : periodNamed(world, of.period);
    const participants = of?.participant === undefined ? this.participants() : [of.participant];
    const late = this.waiting(cut, new Set(participants)).filter(
      (one) =>
        (period === null || one.for === period.name) &&
        (of?.seen?.(one.participant, periodNamed(world, one.for)) ?? true),
    );
    return [...exceptionsIn(world, participants, period, of?.seen), ...late.map(lateException)];
  }

  waiting(cut?: Cut, among?: ReadonlySet<string>): LateChange[] {
    const { effective, position } = this.resolved(cut);
    const world = this.world({ effective: OPEN, position });
    if (!reviewsLateChanges(world)) return [];
    const known = cut?.known ?? this.facts.lastKnown(position);
    const participants =
      among === undefined ? this.participants() : this.participants().filter((person) => among.has(person));
    return lateChanges(this, this.chains, { effective, position, known }, participants);
  }

  warnings(cut?: Cut) {
    return warningsOf(this.world(this.resolved(cut)));
  }

  rows(asOf?: LocalDate) {
    return sorted(stated(this.eachRow(asOf)));
  }

  eachRow(asOf?: LocalDate) {
    return lineRows(this.now(), this.participants(), asOf);
  }

  payPeriods(asOf?: LocalDate, known?: Instant): Period[] {
    return resultOf(this.payPeriodsInSteps(asOf, known));
  }

  payPeriodsInSteps(asOf?: LocalDate, known?: Instant): Generator<undefined, Period[]> {
    return payPeriodsInSteps(this, known === undefined ? Number(this.head) : this.positionOf(known), asOf);
  }

  statementRows(statement: StoredStatement): LineRow[] {
    return statementRows(statement, this.facts);
  }

  attainmentRows(asOf?: LocalDate) {
    return sorted(stated(this.eachAttainmentRow(asOf)));
  }

  eachAttainmentRow(asOf?: LocalDate) {
    return attainmentRows(this.now(), this.participants(), asOf);
  }

  recalculate(among = this.participants()): Recalculation {
    return recalculated(this.world({ effective: OPEN, position: LIVE }), among);
  }

  lines(participant: string): Recalculation {
    return upToDate(this.world({ effective: OPEN, position: LIVE }), [participant]);
  }

  /** Everybody who ever had a row, in byte order. */
  participants(): readonly string[] {
    return [...this.facts.people.keys()].sort(compareBytes);
  }

  /** The facts under a cut. The latest world is kept up to date; earlier ones are built on demand. */
  world({ effective, position, closing }: ResolvedCut): World {
    // A cut after every date and every fact excludes only windows that have not ended and pay that is released later.
    const open = effective >= this.facts.days.last && !paysLater(this.facts) ? OPEN : effective;
    const live = position >= Number(this.facts.head) ? LIVE : position;
    const key = `${live} ${open}${closing === undefined ? '' : ` ${JSON.stringify([...closing])}`}`;
    const still = this.stillWorld({ effective: open, position: live, closing });
    let world = this.worlds.get(key);
    if (world === undefined || world.still !== still || (still !== null && !world.isStill)) {
      world = new World(
        this.facts,
        { position: live, before: open, after: open, applied: null, closing },
        undefined,
        still,
      );
      if (this.worlds.size >= KEPT)
        this.worlds.delete([...this.worlds.keys()].find((other) => other !== `${LIVE} ${OPEN}`)!);
    } else this.worlds.delete(key);
    this.worlds.set(key, world);
    return world;
  }

  /** The world of the latest day that a fact names up to the cut; null if it is the cut's day or nothing is cut. */
  private stillWorld({ effective, position, closing }: ResolvedCut): World | null {
    const day = effective === OPEN ? undefined : this.facts.days.latestUpTo(effective);
    return day === undefined || day === effective ? null : this.world({ effective: day, position, closing });
  }

  /** The worlds of the facts known at this moment, without later facts. */
  private now(position = Number(this.head)): (effective: LocalDate) => World {
    return (effective) => this.world({ effective, position });
  }

  private stateOf(stream: string): RecordState | null {
    const record = this.facts.records.get(stream);
    return (record && this.world(this.resolved(undefined)).record(record)) ?? null;
  }

  private resolved(cut: Cut | undefined): ResolvedCut {
    const { effective = OPEN, known } = cut ?? {};
    return { effective, position: known === undefined ? LIVE : this.positionOf(known) };
  }

  private positionOf(known: string): number {
    const moment =
      known.length === 10 ? endOfDay(known, this.world({ effective: OPEN, position: LIVE }).company().timeZone) : known;
    return this.facts.positionAt(moment);
  }

  private *statementsOf(
    name: string,
    participants: readonly string[],
    cut: Cut | undefined,
    keep: { empty: boolean },
    upTo = this.head,
  ) {
    const { named, resolved, chain } = this.asked(name, cut, upTo);
    yield* this.chains.statements(named, resolved, chain, participants, keep);
  }

  /** A period with the cut of its statements and the periods before it. */
  private asked(name: string, cut: Cut | undefined, upTo = this.head) {
    // A fact that arrives between two statements is in neither of them.
    const position = Math.min(this.resolved(cut).position, Number(upTo));
    const named = periodNamed(this.world({ effective: OPEN, position }), name);
    const issued = this.facts.closings.find(({ at, fact }) => at <= position && fact.data.period === name)?.fact.data;
    const known = cut?.known ?? this.facts.lastKnown(position);
    const resolved =
      issued === undefined
        ? { effective: cut?.effective ?? named.to, position, known }
        : { effective: issued.effective, position: Number(issued.position), known: issued.known };
    return { named, resolved, chain: this.chains.of(named, position, known) };
  }

  /** The deals and people that may have changed between two cuts. */
  candidatesBetween(older: ResolvedCut, newer: ResolvedCut): Candidates {
    return this.candidates.between(older, newer);
  }
}
