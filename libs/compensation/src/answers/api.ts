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
import type { PersonRow } from '../facts/people.rules.js';
import type { RecordFields } from '../facts/records.js';
import type { CompanySettings } from '../plans/company.js';
import type { TierLadder } from './ladders.js';
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
export type { SupposedDeal } from './supposed.js';

export interface Earned {
  amount: Exact;
  currency: string;
  lines: StatementLine[];
  /** The days that the reason of a line, by its index, goes back to. */
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
/** What keeps something from being paid; of a late change also the closed period that it concerns. */
export interface ListedException extends Omit<PayException, 'code'> {
  code: PayException['code'] | 'LATE_CHANGE_REVIEW';
  for?: string;
}

/** A closed period as the log has it. */
export interface Closing {
  period: Period;
  cut: Required<Cut>;
  runHash: string;
  statements: Statement[];
}

/** One row of `attain run DIR --lines`, every column its text. */
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
/** Whether what concerns a participant in a period may be seen. */
export type Seen = (participant: string, period: Period) => boolean;
/** One row of `--attainment`. */
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
  /** What was expected and what came out, for each failing number. */
  failures: { path: (string | number)[]; expected: string; actual: string }[];
}

/**
 * All facts that became known, in order, and every question that is answered from them. Append-only; questions are pure
 * functions of (facts, cut), so the same cut answers the same bytes for ever, whatever came later.
 */
export interface History {
  append(facts: Iterable<Fact>): void;
  readonly head: bigint;
  /** The instant at which the last fact became known; empty without facts. */
  lastKnown(): Instant | '';
  /** The fact of an event id: what a trace names. */
  fact(id: string): Fact | undefined;
  /** The facts that stand after a position, up to and including another one, in order; each with the instant at which it became known. */
  factsBetween(after: bigint, upTo: bigint): Fact[];
  /** The id of the record that a fact is about: of a reversal its own, else the deal's, the person's and so on; empty for an unknown event. */
  about(event: string): string;
  /** Of the deal, invoice or other record that a fact is about: who owns or shares it, and its days, as known now; null for other facts. */
  record(event: string): { readonly sellers: readonly string[]; readonly days: readonly LocalDate[] } | null;
  /** A deal as known now; null where there is none. */
  deal(of: {
    source: string;
    id: string;
  }): { readonly status: 'open' | 'won' | 'lost'; readonly fields: RecordFields } | null;
  /**
   * In steps a history of its own: these facts, and those that winning the deals would record at an instant. Whoever asks it is
   * answered as this history would answer after the deals were really won; this one stays as it is.
   */
  supposing(deals: readonly SupposedDeal[], known: Instant): Generator<undefined, History>;
  /** Where a participant stands on the tiers, levels and curves of the plans that name them on the last day of a period. */
  ladders(of: { participant: string; period: string }, cut?: Cut): TierLadder[];
  /** The plans with a contest, each with the components that are one. */
  contests(cut?: Cut): ReadonlyMap<string, ReadonlySet<string>>;
  /** Defaults when no company is configured. */
  company(cut?: Cut): CompanySettings;
  /** Everybody's rows as known at the cut, ordered by participant and `from`; `effective` cuts nothing here. */
  people(cut?: Cut): readonly PersonRow[];

  credited(what: WhatCounts, cut?: Cut): Credited;
  attainment(what: WhatCounts, cut?: Cut): Attainment;
  /** The same of what is known at the first step. What it follows from is computed at that step, unless it was prepared. */
  attainmentInSteps(what: WhatCounts, cut?: Cut): Generator<undefined, Attainment>;
  /** Computes in steps what `credited`, `attainment` or `warnings` then answer at once, unless a fact arrives meanwhile. */
  prepare(what: WhatCounts | 'warnings', cut?: Cut): Generator<undefined, void>;
  /**
   * The kinds of rules by which plans and quotas credit a participant, at whatever time. The participant's own statements and
   * attainment show the records that they credit.
   */
  creditKinds(participant: string, cut?: Cut): ReadonlySet<CreditKind>;
  /** The measures whose attainment tells pay: of a target whose amount a plan states, at whatever time. */
  statedTargets(cut?: Cut): ReadonlySet<string>;
  /** Amount earned in a period (of the plans whose pay period it is, or that lie inside it), by the lines dated in it. */
  earned(of: { participant: string; period: string; plan?: string; component?: string }, cut?: Cut): Earned;
  /** The statement as a close at this cut would issue it; for a closed period exactly what was issued. */
  statement(of: { participant: string; period: string }, cut?: Cut): Statement;
  /**
   * The same statement, and why each of its lines, by index, is what it pays, with the days that this goes back to. Facts that arrive
   * later may change what is explained.
   */
  explained(
    of: { participant: string; period: string },
    cut?: Cut,
  ): { readonly statement: Statement; explain(line: number): Explanation; behind(line: number): DaysBehind };
  /**
   * Everybody's statement of a period, or of those among whom it is asked for, ordered by participant; for a closed period exactly what was issued. That follows from
   * the facts and the PeriodClosed events; StatementIssued facts are never read, so that `verify` can compare with them.
   */
  statements(period: string, cut?: Cut, among?: ReadonlySet<string>): Statement[];
  /**
   * The same one by one, of the facts up to a position, by default the head, whatever arrives later; undefined in the place of a statement
   * that is empty, and after a step without one. Traces and rates are made when they are looked at: look at them before anything is appended.
   */
  eachStatement(
    period: string,
    cut?: Cut,
    among?: ReadonlySet<string>,
    upTo?: bigint,
  ): Generator<Statement | undefined>;
  /** Every period that closing this one closes, in order (earlier ones first), with the statements that follow. Throws Refused-like errors with code PERIOD_CLOSED, PERIOD_UNKNOWN. */
  closings(period: string, known: Instant): Closing[];
  /** The same of what is known at the first step; traces and rates, made when they are looked at, follow what is known then. */
  closingsInSteps(period: string, known: Instant): Generator<undefined, Closing[]>;
  /** Names of closed periods, in the order of closing, each with how many participants have a statement. */
  closed(known?: Instant): { period: string; known: Instant; participants: number }[];
  /** earned(to) − earned(from), attributed to the facts that moved it, in the order they became known; the parts sum. */
  difference(of: { participant: string; period: string }, from: Cut, to: Cut): Difference;
  /** SHA-256 over the canonical lines of a period for everybody. */
  runHash(period: string, cut?: Cut): string;
  /**
   * What could not be computed, or waits for a review: of everything, or of one participant, or of one period's own lines. `seen` keeps
   * those of a participant and the pay period that they concern.
   */
  exceptions(cut?: Cut, of?: { participant?: string; period?: string; seen?: Seen }): ListedException[];
  /** Late changes of closed periods that nobody has approved or dismissed, by participant; of the periods that end by the cut. */
  waiting(cut?: Cut, among?: ReadonlySet<string>): LateChange[];
  /** What is legal and probably a mistake, the gravest first: of plans, people, deals, quotas, rates and the latest exports. */
  warnings(cut?: Cut): readonly Warning[];
  /** A full recalculation: every line of everybody, or of some, anew, kept as columns; for benches and for those who don't trust what is remembered. */
  recalculate(among?: readonly string[]): Recalculation;
  /** Every line of a participant; computed are only those that a fact may have touched since they were last asked for. */
  lines(participant: string): Recalculation;
  /** What is earned, as known at the cut: no period is closed, so there are no differences. */
  rows(asOf?: LocalDate): LineRow[];
  /** The same in no order, as known when the first is asked for; undefined after a step without a row. */
  eachRow(asOf?: LocalDate): Generator<LineRow | undefined>;
  /**
   * The pay periods that end by a day, in the order of closing; default the latest end of a pay period that holds a credit.
   * Their statements are what closing each in turn at its own end issues. A period that was passed when a later one closed
   * is left out, because what belongs to it is a difference in an open one; so is an open one in which nothing can stand.
   */
  payPeriods(asOf?: LocalDate, known?: Instant): Period[];
  payPeriodsInSteps(asOf?: LocalDate, known?: Instant): Generator<undefined, Period[]>;
  /** The rows of a statement as `attain run DIR --statements` writes them. */
  statementRows(statement: StoredStatement): LineRow[];
  attainmentRows(asOf?: LocalDate): AttainmentRow[];
  /** The same in no order, as known when the first is asked for; undefined after a step without a row. */
  eachAttainmentRow(asOf?: LocalDate): Generator<AttainmentRow | undefined>;
}
