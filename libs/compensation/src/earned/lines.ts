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

/** The reasons for a line, from which its trace is made. */
export interface Why {
  readonly window: { readonly from: LocalDate; readonly to: LocalDate; readonly name: string } | null;
  readonly quota: WindowQuota | null;
  readonly ladder: Ladder | null;
  readonly curve: PlacedCurve | null;
  readonly standing: Standing | null;
  /** The entitlement of the record now, and before. */
  readonly now: readonly PaidPart[];
  readonly before: readonly PaidPart[];
  /** For a cut, the sum reached and its maximum. For a multiplier, its value. */
  readonly limit?: string;
  /** For a clawback, the lines of its record, the share taken of them, and the amount taken before. */
  readonly taken?: { readonly share: Exact; readonly of: readonly Line[]; readonly before: bigint };
  /** For a cap by amount, the sum of its window, the maximum, and the cuts of the record now and before. */
  readonly cut?: AmountCut;
  /** For a cap by count, the lines of its record that are taken back, and the record's number in the cap's window. */
  readonly counted?: { readonly number: number; readonly of: readonly Line[] };
  /** For a multiplier, the lines of its record so far, the factor, and the window that it depends on. */
  readonly multiplied?: {
    readonly by: Exact;
    readonly of: readonly Line[];
    readonly window: { readonly from: LocalDate; readonly to: LocalDate };
  };
  /** For held amounts, the amount before and the parts now. */
  readonly held?: { readonly before: bigint; readonly now: readonly HeldPart[] };
  /** For a contest or a pool, the result. */
  readonly contest?: ContestOutcome;
  /** For a line of a window, the participant's records in it. */
  readonly records?: readonly Credit[];
  /** For a line of a window, the part of its target that is paid. */
  readonly target?: PaidTarget;
  /** The answers about the window at the end of a pay period. */
  readonly soFar?: Asked;
  /** Further facts that the line depends on, beside those of its record. */
  readonly inputs?: readonly { readonly event: string; readonly what: string; readonly value: string }[];
}
export interface AmountCut {
  readonly name: string;
  readonly per: WindowKind;
  /** The currency of the cap and of `worth`. */
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
/** The result of a contest or a pool for a participant; amounts in minor units. */
export interface ContestOutcome {
  /** Null without a pot. */
  readonly pot: Exact | null;
  readonly isPool: boolean;
  readonly place: number | null;
  readonly last: number | null;
  /** By place, the highest first; for a pool, everybody who shares it. */
  readonly ranking: readonly {
    readonly place: number;
    readonly last: number;
    readonly participants: readonly string[];
  }[];
}
/** The questions of expressions about a window at the end of a pay period, and the facts that the answers depend on. */
export interface Asked {
  readonly date: LocalDate;
  readonly answers: readonly Answer[];
  readonly inputs: NonNullable<Why['inputs']>;
}
export interface Answer {
  readonly text: string;
  readonly value: string;
}
/** The part of its target that a window pays, and the point that the axis reached. */
export interface PaidTarget {
  readonly target: WindowTarget;
  /** The sum or the ratio of the axis in the window. */
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
/** For a line that only depends on other lines of its record. */
export const NO_REASON: Why = {
  window: null,
  quota: null,
  ladder: null,
  curve: null,
  standing: null,
  now: [],
  before: [],
};

/** A line before rounding, in minor units of the plan's currency, with its reasons. */
export interface Explained {
  readonly unrounded: Exact;
  readonly why: Why;
}

/** A computed line; its amount is in minor units of the plan's currency. */
export interface Line {
  readonly kind: LineKind;
  readonly participant: string;
  readonly version: PlanVersion;
  readonly component: Component;
  /** Its record; null for a line of a whole window. */
  readonly credit: Credit | null;
  /** For a line without a record, the first day of the window. */
  readonly window?: LocalDate;
  /** For an adjustment, the closed period that it concerns. */
  readonly for?: string;
  /** The record that caused a true-up. */
  readonly cause: Credit | null;
  /** For a multiplier, its changes to the lines of a day, one for each cap window in which it multiplies lines. */
  readonly multiplies?: readonly { readonly day: LocalDate; readonly amount: bigint }[];
  /** The reversal that caused a clawback. */
  readonly reversal?: Reversal;
  readonly date: LocalDate;
  amount: bigint;
  /** Computed on demand if the amounts came only from columns. */
  explain(): Explained;
}

/** Whether a line shows a held amount instead of an earned one. */
export function isHeld({ kind }: Pick<Line, 'kind'>): boolean {
  return kind === 'hold' || kind === 'release';
}

export type RecordLine = Line & { readonly credit: Credit };

export function isOfRecord(line: Line): line is RecordLine {
  return line.credit !== null;
}

/** The credited amount of an earning: minor units of the plan's currency, or a plain number. */
export function creditedBy({ kind, credit }: Line): Exact | null {
  return kind === 'earning' && credit !== null ? credit.full : null;
}

/** The place of a line among those of its component: at its record, or on its own day. */
export function placeOf({ credit, date }: Pick<Line, 'credit' | 'date'>): Placed {
  return credit ?? { date, time: '', source: '', id: '', nth: 0 };
}

/** The order of true-ups: by date, cause and record; those without a causing record come first on their day. */
export function byMove(a: Line, b: Line): number {
  const moved = ({ cause, date }: Line) => placeOf({ credit: cause, date });
  return byOrder(moved(a), moved(b)) || byOrder(placeOf(a), placeOf(b));
}

/** A key that lines of one record, or of one window, of a component share. */
export function recordKey({ component, credit, window = '' }: Line): string {
  return JSON.stringify(credit === null ? [component.name, window] : [component.name, credit.source, credit.id]);
}

/** The record of a line in the form that answers use. */
export function recordOf(credit: Credit | null): RecordRef | null {
  return credit === null ? null : { source: credit.source, id: credit.id };
}

/** The cause of a line on its day: a record for a true-up, a reversal for a clawback. */
export function causeOf(facts: Pick<Facts, 'sources'>, { credit, cause, reversal }: Line): RecordRef | null {
  return reversal === undefined || credit === null ? recordOf(cause) : reversalRef(facts, credit.record, reversal);
}

/** An amount that could not be computed, with its day. */
export interface Exceptional {
  readonly exception: PayException;
  readonly version: PlanVersion;
  readonly component: Component;
  readonly date: LocalDate;
}

/** The lines of one version's component, or of all versions together, for a participant. */
export interface Lines {
  /** Whether the lines may include held amounts. */
  readonly holds?: boolean;
  readonly exceptions: readonly Exceptional[];
  /** The lines dated in a span, in the order of a statement; all lines if no span is given. */
  between(from?: LocalDate, to?: LocalDate): readonly Line[];
  /** The lines of some records. */
  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[];
  /** The number of lines, and their sum in minor units. */
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

/** Existing lines, in the order of a statement. */
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

/** Lines followed by others that depend on them, such as clawbacks and the cuts of a plan's cap. */
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
