import type { LineKind, PayException, RecordRef } from '@attain/contracts';
import type { Exact, LocalDate } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import { byOrder, type Placed } from '../facts/order.rules.js';
import type { PaidPart, Standing } from './entitlements.js';
import type { Reversal, SourceRecord } from '../facts/records.js';
import type { Facts } from '../facts/facts.js';
import { reversalRef } from '../facts/reversals.rules.js';
import type { Component, WindowKind } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import type { PlacedCurve } from '../plans/curves.rules.js';
import type { Ladder } from '../plans/tiers.rules.js';
import { OPEN } from '../facts/view.js';
import type { WindowQuota } from '../plans/windows.js';
import type { WindowTarget } from '../plans/window-targets.js';

/** What a line follows from, for its trace. */
export interface Why {
  readonly window: { readonly from: LocalDate; readonly to: LocalDate; readonly name: string } | null;
  readonly quota: WindowQuota | null;
  readonly ladder: Ladder | null;
  readonly curve: PlacedCurve | null;
  readonly standing: Standing | null;
  /** What the record is entitled to now, and was before. */
  readonly now: readonly PaidPart[];
  readonly before: readonly PaidPart[];
  /** Of a cut: the sum that was reached, and the most that it may be. Of a multiplier: its value. */
  readonly limit?: string;
  /** Of a clawback: the lines of its record that it takes a share of, and what it had taken before. */
  readonly taken?: { readonly share: Exact; readonly of: readonly Line[]; readonly before: bigint };
  /** Of a cap by amount: what its window sums to, the most that it may be, and what is cut of the record now and was before. */
  readonly cut?: AmountCut;
  /** Of a cap by count: the lines of its record, which are taken back, and its number in the cap's window. */
  readonly counted?: { readonly number: number; readonly of: readonly Line[] };
  /** Of a multiplier: the lines of its record that it multiplies so far, by what, and the window that it asks about. */
  readonly multiplied?: {
    readonly by: Exact;
    readonly of: readonly Line[];
    readonly window: { readonly from: LocalDate; readonly to: LocalDate };
  };
  /** Of what is held: what was before, and what it consists of now. */
  readonly held?: { readonly before: bigint; readonly now: readonly HeldPart[] };
  /** Of a contest or a pool: how it came out. */
  readonly contest?: ContestOutcome;
  /** Of a line of a window: the participant's records in it. */
  readonly records?: readonly Credit[];
  /** Of a window's line: what it pays of its target. */
  readonly target?: PaidTarget;
  /** What was asked about the window at the end of a pay period. */
  readonly soFar?: Asked;
  /** Facts that it stands on beside those of its record. */
  readonly inputs?: readonly { readonly event: string; readonly what: string; readonly value: string }[];
}
export interface AmountCut {
  readonly name: string;
  readonly per: WindowKind;
  /** In the currency of the cap, as is `worth`. */
  readonly currency: string;
  readonly total: bigint;
  readonly most: bigint;
  /** In the currency of the line. */
  readonly now: bigint;
  readonly before: bigint;
  readonly of: readonly { readonly line: Line; readonly worth: bigint }[];
}
interface HeldPart {
  readonly kind: 'held' | 'instalment';
  readonly text: string;
  readonly amount: bigint;
  readonly date: LocalDate;
}
/** How a contest or a pool came out for somebody; amounts in minor units. */
export interface ContestOutcome {
  /** Null without a pot. */
  readonly pot: Exact | null;
  readonly isPool: boolean;
  readonly place: number | null;
  readonly last: number | null;
  /** By place, the highest first; of a pool everybody who shares it. */
  readonly ranking: readonly {
    readonly place: number;
    readonly last: number;
    readonly participants: readonly string[];
  }[];
}
/** What expressions asked about a window at the end of a pay period, and the facts that the answers stand on. */
export interface Asked {
  readonly date: LocalDate;
  readonly answers: readonly Answer[];
  readonly inputs: NonNullable<Why['inputs']>;
}
export interface Answer {
  readonly text: string;
  readonly value: string;
}
/** What a window is paid of its target, and where the axis stands in it. */
export interface PaidTarget {
  readonly target: WindowTarget;
  /** The sum, or the ratio, of the axis in the window. */
  readonly reached: Exact | null;
  readonly records: readonly Credit[];
  /** Each share of the target: `paid` of `part` of it. */
  readonly shares: readonly {
    readonly name: string;
    readonly part: Exact;
    readonly paid: Exact;
    readonly from: string | null;
    readonly event: string | null;
  }[];
}
/** Of a line that follows from other lines of its record. */
export const NO_REASON: Why = {
  window: null,
  quota: null,
  ladder: null,
  curve: null,
  standing: null,
  now: [],
  before: [],
};

/** A line before it is rounded, in minor units of the plan's currency, and how it came about. */
export interface Explained {
  readonly unrounded: Exact;
  readonly why: Why;
}

/** A line as it is computed: its amount in minor units of the plan's currency. */
export interface Line {
  readonly kind: LineKind;
  readonly participant: string;
  readonly version: PlanVersion;
  readonly component: Component;
  /** Its record; null: it is of a window as a whole. */
  readonly credit: Credit | null;
  /** The first day of the window, of a line without a record. */
  readonly window?: LocalDate;
  /** Of an adjustment the closed period that it concerns. */
  readonly for?: string;
  /** The record that moved a true-up. */
  readonly cause: Credit | null;
  /** Of a multiplier: what it changes for lines of a day, for each cap window in which it multiplies some. */
  readonly multiplies?: readonly { readonly day: LocalDate; readonly amount: bigint }[];
  /** The reversal that a clawback follows. */
  readonly reversal?: Reversal;
  readonly date: LocalDate;
  amount: bigint;
  /** Computed when it is asked for, where the amounts came from the columns alone. */
  explain(): Explained;
}

/** Whether a line says what is held, and not what is earned. */
export function isHeld({ kind }: Pick<Line, 'kind'>): boolean {
  return kind === 'hold' || kind === 'release';
}

export type RecordLine = Line & { readonly credit: Credit };

export function isOfRecord(line: Line): line is RecordLine {
  return line.credit !== null;
}

/** What is paid for, of an earning: minor units of the plan's currency, or a plain number. */
export function creditedBy({ kind, credit }: Line): Exact | null {
  return kind === 'earning' && credit !== null ? credit.full : null;
}

/** Where a line stands among those of its component: at its record, or on its own day. */
export function placeOf({ credit, date }: Pick<Line, 'credit' | 'date'>): Placed {
  return credit ?? { date, time: '', source: '', id: '', nth: 0 };
}

/** The order of true-ups: by date, cause and record; those that no record caused come first on their day. */
export function byMove(a: Line, b: Line): number {
  const moved = ({ cause, date }: Line) => placeOf({ credit: cause, date });
  return byOrder(moved(a), moved(b)) || byOrder(placeOf(a), placeOf(b));
}

/** Equal for lines of one record, or of one window, of a component. */
export function recordKey({ component, credit, window = '' }: Line): string {
  return JSON.stringify(credit === null ? [component.name, window] : [component.name, credit.source, credit.id]);
}

/** The record of a line, as answers name it. */
export function recordOf(credit: Credit | null): RecordRef | null {
  return credit === null ? null : { source: credit.source, id: credit.id };
}

/** What moved a line on its day: of a true-up a record, of a clawback a reversal. */
export function causeOf(facts: Pick<Facts, 'sources'>, { credit, cause, reversal }: Line): RecordRef | null {
  return reversal === undefined || credit === null ? recordOf(cause) : reversalRef(facts, credit.record, reversal);
}

/** What could not be computed, and the day it concerns. */
export interface Exceptional {
  readonly exception: PayException;
  readonly version: PlanVersion;
  readonly component: Component;
  readonly date: LocalDate;
}

/** What one version's component, or all versions' together, earn for a participant. */
export interface Lines {
  /** Whether lines of what is held may be among them. */
  readonly holds?: boolean;
  readonly exceptions: readonly Exceptional[];
  /** The lines dated in a span, in the order of a statement; all of them without one. */
  between(from?: LocalDate, to?: LocalDate): readonly Line[];
  /** The lines of some records. */
  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[];
  /** How many there are, and their sum in minor units. */
  readonly count: number;
  total(): bigint;
}

export const NO_LINES: Lines = {
  exceptions: [],
  between: () => [],
  ofRecords: () => [],
  count: 0,
  total: () => 0n,
};

/** Lines that are there already, in the order of a statement. */
export function listed(lines: readonly Line[], exceptions: readonly Exceptional[]): Lines {
  return {
    exceptions,
    between: (from = '', to = OPEN) =>
      from === '' && to === OPEN ? lines : lines.filter(({ date }) => from <= date && date <= to),
    ofRecords: (isOf) => lines.filter(({ credit }) => credit !== null && isOf(credit.record)),
    count: lines.length,
    total: () => lines.reduce((sum, { amount }) => sum + amount, 0n),
  };
}

/** Lines, and behind them others that follow from them, such as clawbacks and the cuts of a plan's cap. */
export class FollowedLines implements Lines {
  readonly followers: Lines;
  readonly exceptions: readonly Exceptional[];

  constructor(
    readonly own: Lines,
    followers: { readonly lines: readonly Line[]; readonly exceptions: readonly Exceptional[] },
  ) {
    this.followers = listed(followers.lines, followers.exceptions);
    this.exceptions = [...own.exceptions, ...followers.exceptions];
  }

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    return [...this.own.between(from, to), ...this.followers.between(from, to)];
  }

  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[] {
    return [...this.own.ofRecords(isOf), ...this.followers.ofRecords(isOf)];
  }

  get count(): number {
    return this.own.count + this.followers.count;
  }

  total(): bigint {
    return this.own.total() + this.followers.total();
  }
}
