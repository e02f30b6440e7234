import type {
  CauseKind,
  PayException,
  RecordRef,
  Statement,
  StatementLine,
  StoredStatement,
  WaitingChange,
  Warning,
} from '@attain/contracts';
import type { Exact, Instant, LocalDate, Period } from '@attain/values';
import type { Attainment, Credited } from '../credits/attainment.js';
import type { CreditKind } from '../credits/credit-kinds.js';
import type { WhatCounts } from '../credits/subjects.js';
import type { Recalculation } from '../earned/recalculation.js';
import type { DaysBehind } from '../explained/days-behind.js';
import type { Explanation } from '../explained/explanation.js';
import type { Cut, Fact } from '../facts/fact.js';
import type { RecordEntry, StoredFacts } from '../facts/stored-facts.js';
import type { PersonRow } from '../facts/people.rules.js';
import type { RecordFields } from '../facts/records.js';
import type { CompanySettings } from '../plans/company.js';
import type { TierLadder } from './ladders.js';
import type { DraftPlan } from './planned.js';
import type { SupposedDeal } from './supposed.js';

export type { Attainment, Credited } from '../credits/attainment.js';
export type { CreditKind } from '../credits/credit-kinds.js';
export type { CreditRule, WhatCounts } from '../credits/subjects.js';
export type { Cut, Fact } from '../facts/fact.js';
export type { PersonRow } from '../facts/people.rules.js';
export type { DaysBehind } from '../explained/days-behind.js';
export type { Changed, Explanation, RankedPlace } from '../explained/explanation.js';
export type { Problem } from '../language/problem.js';
export type { CompanySettings } from '../plans/company.js';
export type { Rung, TierLadder } from './ladders.js';
export type { DraftPlan } from './planned.js';
export type { SupposedDeal } from './supposed.js';

export interface Earned {
  amount: Exact;
  currency: string;
  lines: StatementLine[];
  /** The days that the explanation of a line depends on; the line is named by its index. */
  behind(line: number): DaysBehind;
  byRecord: { record: RecordRef; amount: Exact }[];
}

export interface Difference {
  total: Exact;
  currency: string;
  causes: { kind: CauseKind; event: string; recorded: Instant; amount: Exact }[];
}

/** A late change of a closed period that waits for a review. */
export interface LateChange extends WaitingChange {
  participant: string;
}
/** The reason why an amount is not paid. For a late change, also the closed period that it concerns. */
export interface ListedException extends Omit<PayException, 'code'> {
  code: PayException['code'] | 'LATE_CHANGE_REVIEW';
  for?: string;
}

/** A closed period as the log records it. */
export interface Closing {
  period: Period;
  cut: Required<Cut>;
  runHash: string;
  statements: Statement[];
}

/** One row of `attain run DIR --lines`; every column is text. */
export interface LineRow {
  plan: string;
  version: string;
  period: string;
  participant: string;
  component: string;
  source: string;
  record: string;
  kind: string;
  for: string;
  date: string;
  causedBy: string;
  credited: string;
  earned: string;
  earnedCurrency: string;
  payable: string;
  payableCurrency: string;
  cause: string;
}
/** Whether a caller may see facts about a participant in a period. */
export type Seen = (participant: string, period: Period) => boolean;
/** One row of `attain run DIR --attainment`. */
export interface AttainmentRow {
  period: string;
  for: string;
  measure: string;
  quota: string;
  credited: string;
  attainment: string;
  currency: string;
}

export interface ExampleResult {
  name: string;
  passed: boolean;
  /** The expected and the actual number of each failure. */
  failures: { path: (string | number)[]; expected: string; actual: string }[];
}

/**
 * All facts in the order in which they became known, and the questions that are answered from them. Facts are only
 * appended. A question is a pure function of (facts, cut), so the same cut always gives the same bytes, even after later
 * facts.
 */
export interface History {
  append(facts: Iterable<Fact>): void;
  /** Appends facts that stay in their columns until they are read. */
  load(entries: Iterable<RecordEntry>): void;
  /** Leaves the facts after a position to stored columns that contain them, because these take less memory. */
  settle(after: bigint, stored: StoredFacts): void;
  /** Prepares `fact` in steps, so that its first call does not take a second for a million deals. */
  namedInSteps(): Generator<undefined, void>;
  readonly head: bigint;
  /** The instant at which the last fact became known; empty without facts. */
  lastKnown(): Instant | '';
  /** The fact with an event id; a trace names its facts by these ids. */
  fact(id: string): Fact | undefined;
  /**
   * The facts behind the position `after` up to and including `upTo`, in order, each with the instant at which it
   * became known.
   */
  factsBetween(after: bigint, upTo: bigint): Fact[];
  /**
   * The id of the record that a fact concerns: a reversal's own id, else the id of the deal, person and so on; empty
   * for an unknown event.
   */
  about(event: string): string;
  /**
   * The participants who own or share the record (deal, invoice …) that a fact concerns, and its days, as known now;
   * null for other facts.
   */
  record(event: string): { readonly sellers: readonly string[]; readonly days: readonly LocalDate[] } | null;
  /** A deal as known now; null if it is unknown. */
  deal(of: {
    source: string;
    id: string;
  }): { readonly status: 'open' | 'won' | 'lost'; readonly fields: RecordFields } | null;
  /**
   * Builds, in steps, a separate history of these facts plus those that winning the deals would record at an instant.
   * It answers as this history would after the deals were really won; this history is unchanged.
   */
  supposing(deals: readonly SupposedDeal[], known: Instant): Generator<undefined, History>;
  /**
   * Builds, in steps, a separate history in which no period is closed and a draft holds from its first day on; null
   * keeps the published plans. Its statements are those of `attain run` on a folder with these plans.
   */
  planning(draft: DraftPlan | null, known: Instant): Generator<undefined, History>;
  /** The place of a participant on the tiers, levels and curves of the plans that name them on the last day of a period. */
  ladders(of: { participant: string; period: string }, cut?: Cut): TierLadder[];
  /** The plans that have a contest, each with the names of its contest components. */
  contests(cut?: Cut): ReadonlyMap<string, ReadonlySet<string>>;
  /** The settings of the company; the defaults if no company is configured. */
  company(cut?: Cut): CompanySettings;
  /**
   * All rows of all people as known at the cut, ordered by participant and `from`. The cut's `effective` date is
   * ignored here.
   */
  people(cut?: Cut): readonly PersonRow[];

  credited(what: WhatCounts, cut?: Cut): Credited;
  attainment(what: WhatCounts, cut?: Cut): Attainment;
  /**
   * Like `attainment`, in steps, as known at the first step. The credits are computed at that step unless `prepare` has
   * computed them.
   */
  attainmentInSteps(what: WhatCounts, cut?: Cut): Generator<undefined, Attainment>;
  /**
   * Computes in steps the results that `credited`, `attainment` or `warnings` then return at once, unless a fact
   * arrives meanwhile.
   */
  prepare(what: WhatCounts | 'warnings', cut?: Cut): Generator<undefined, void>;
  /**
   * The kinds of credit rules by which plans and quotas have ever credited a participant. The participant's own
   * statements and attainment show the credited records.
   */
  creditKinds(participant: string, cut?: Cut): ReadonlySet<CreditKind>;
  /** The measures whose attainment reveals pay, because some plan version states the amount of a target for them. */
  statedTargets(cut?: Cut): ReadonlySet<string>;
  /**
   * The amount earned by the lines dated in a period, of the plans whose pay period is that period or lies inside it.
   */
  earned(of: { participant: string; period: string; plan?: string; component?: string }, cut?: Cut): Earned;
  /** The statement that a close at this cut would issue; for a closed period, the statement that was issued. */
  statement(of: { participant: string; period: string }, cut?: Cut): Statement;
  /**
   * The same statement with the explanation of each line, by index, and the days that the explanation depends on. Facts
   * that arrive later may change an explanation.
   */
  explained(
    of: { participant: string; period: string },
    cut?: Cut,
  ): { readonly statement: Statement; explain(line: number): Explanation; behind(line: number): DaysBehind };
  /**
   * The statements of a period for all participants, or for those in `among`, ordered by participant; for a closed
   * period, those that were issued. They follow from the facts and the PeriodClosed events. StatementIssued facts are
   * never read, so that `verify` can compare against them.
   */
  statements(period: string, cut?: Cut, among?: ReadonlySet<string>): Statement[];
  /**
   * The statements one by one, from the facts up to a position (default: the head), without later facts. Yields
   * undefined for an empty statement and for a step that produces no statement. Read traces and rates before anything
   * is appended, because they are made when they are read.
   */
  eachStatement(
    period: string,
    cut?: Cut,
    among?: ReadonlySet<string>,
    upTo?: bigint,
  ): Generator<Statement | undefined>;
  /**
   * All periods that closing this one closes, earlier ones first, with their statements. Throws errors like Refused
   * with the code PERIOD_CLOSED or PERIOD_UNKNOWN.
   */
  closings(period: string, known: Instant): Closing[];
  /**
   * Like `closings`, in steps, as known at the first step. Traces and rates are made when they are read, from the facts
   * known then.
   */
  closingsInSteps(period: string, known: Instant): Generator<undefined, Closing[]>;
  /** The names of closed periods in the order of closing, each with its number of statements. */
  closed(known?: Instant): { period: string; known: Instant; participants: number }[];
  /**
   * earned(to) − earned(from), attributed to the facts that changed the amount, in the order in which these became
   * known. The parts add up to the difference.
   */
  difference(of: { participant: string; period: string }, from: Cut, to: Cut): Difference;
  /** SHA-256 over the canonical lines of all participants in a period. */
  runHash(period: string, cut?: Cut): string;
  /**
   * The amounts that could not be computed or wait for a review: all, or those of one participant, or of the lines of
   * one period. `seen` filters them by participant and pay period.
   */
  exceptions(cut?: Cut, of?: { participant?: string; period?: string; seen?: Seen }): ListedException[];
  /**
   * Late changes of closed periods that nobody has approved or dismissed, by participant, for periods that end by the
   * cut.
   */
  waiting(cut?: Cut, among?: ReadonlySet<string>): LateChange[];
  /**
   * Records that are valid but probably mistaken, the gravest first: plans, people, deals, quotas, rates and the latest
   * exports.
   */
  warnings(cut?: Cut): readonly Warning[];
  /**
   * A full recalculation of every line of all or some participants, kept as columns. Benches and `verify` use it
   * because it trusts no remembered result.
   */
  recalculate(among?: readonly string[]): Recalculation;
  /** All lines of a participant. Only lines that a fact may have changed since the last call are computed again. */
  lines(participant: string): Recalculation;
  /** The earned amounts as known at the cut. They contain no differences, because no period counts as closed. */
  rows(asOf?: LocalDate): LineRow[];
  /**
   * The same rows in no particular order, as known when the first is read. Yields undefined after a step that produces
   * no row.
   */
  eachRow(asOf?: LocalDate): Generator<LineRow | undefined>;
  /**
   * The pay periods that end by a day, in the order of closing; the default day is the latest end of a pay period that
   * holds a credit. Their statements are those that closing each period at its end would issue. A period is left out if
   * a later one closed before it, because its changes are differences in an open period. An open period that cannot
   * have any line is left out too.
   */
  payPeriods(asOf?: LocalDate, known?: Instant): Period[];
  payPeriodsInSteps(asOf?: LocalDate, known?: Instant): Generator<undefined, Period[]>;
  /** The rows of a statement as `attain run DIR --statements` writes them. */
  statementRows(statement: StoredStatement): LineRow[];
  attainmentRows(asOf?: LocalDate): AttainmentRow[];
  /**
   * The same rows in no particular order, as known when the first is read. Yields undefined after a step that produces
   * no row.
   */
  eachAttainmentRow(asOf?: LocalDate): Generator<AttainmentRow | undefined>;
}
