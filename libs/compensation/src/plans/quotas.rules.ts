import { Exact, type FiscalCalendar, type LocalDate, type Period, type PeriodKind } from '@attain/values';
import type { QuotaFact, Stream } from '../facts/entries.js';
import { sees, type View } from '../facts/view.js';
import { type Seasons, seasonWeight } from './seasons.rules.js';

/** An assigned quota of a whole period. */
export interface Quota {
  readonly period: string;
  /** Major units of `currency`, or a plain number for a measure that is not money. */
  readonly amount: Exact;
  /** The incentive at 100 %, in major units; null if none is assigned. */
  readonly target: Exact | null;
  readonly currency: string | null;
  readonly credit: readonly string[];
  readonly event: string;
}
/** The part of a window's quota that comes from an assigned quota. */
export interface QuotaPart {
  readonly quota: Quota;
  readonly amount: Exact;
}

/** A window of a measure's running sum; `period` is null if it is not a period of the calendar. */
export interface Window {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly period: Period | null;
}

/** The quotas in force by the name of their period. */
export function quotasOf(entries: Stream<QuotaFact>, view: View): ReadonlyMap<string, Quota> {
  const quotas = new Map<string, Quota>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    if (fact.type === 'QuotaWithdrawn') {
      quotas.delete(fact.data.period);
      continue;
    }
    const { period, amount, target, currency, credit } = fact.data;
    quotas.set(period, {
      period,
      amount: Exact.parse(amount),
      target: target === null ? null : Exact.parse(target),
      currency,
      credit,
      event: fact.id,
    });
  }
  return quotas;
}

/** The rules that spread an assigned quota over the months of its period and reduce it for a participant. */
export interface QuotaRules {
  readonly calendar: FiscalCalendar;
  readonly seasons: Seasons;
  /** The part of a period, from 0 to 1, during which the participant was present; null without proration. */
  readonly presence: ((period: Period) => Exact) | null;
  /** The share of a month's quota for the role held then; null for a role without a ramp. */
  readonly ramp: ((month: Period) => Exact | null) | null;
}

const SHORTER: Readonly<Record<PeriodKind, PeriodKind | null>> = {
  year: 'half',
  half: 'quarter',
  quarter: 'month',
  month: null,
};
const LONGER: Readonly<Record<PeriodKind, PeriodKind | null>> = {
  month: 'quarter',
  quarter: 'half',
  half: 'year',
  year: null,
};

/**
 * The parts of a window's quota: the quota assigned for it; else those of its pieces (a piece without its own quota
 * takes its share of a larger one); else its share of a larger one by the weights of its months. Empty if it has no
 * quota.
 */
export function quotaParts(
  quotas: ReadonlyMap<string, Quota>,
  window: Period,
  rules: QuotaRules,
): readonly QuotaPart[] {
  const { calendar } = rules;
  const own = quotas.get(window.name);
  if (own !== undefined) return [{ quota: own, amount: own.amount.times(partKept(window, rules)) }];
  if (quotas.size === 0) return [];
  const pieces = assignedBelow(quotas, window, calendar);
  if (pieces.length > 0) return pieces.flatMap((piece) => quotaParts(quotas, piece, rules));
  for (let kind = LONGER[window.kind]; kind !== null; kind = LONGER[kind]) {
    const larger = calendar.enclosing(window, kind);
    const quota = quotas.get(larger.name);
    if (quota === undefined) continue;
    const whole = heldWeight(larger, rules);
    if (whole.isZero()) return [{ quota, amount: Exact.zero }];
    return [
      { quota, amount: quota.amount.times(partKept(larger, rules)).times(heldWeight(window, rules)).over(whole) },
    ];
  }
  return [];
}

/**
 * The part of a period's amount that ramp and proration leave: a ramp cuts it into months, seasons cut it into their
 * quarters or months, and proration applies to each.
 */
function partKept(period: Period, rules: QuotaRules): Exact {
  const { seasons, calendar, presence, ramp } = rules;
  if (presence === null && ramp === null) return Exact.one;
  const months = calendar.pieces(period, 'month');
  const isRamped = ramp !== null && months.some((month) => ramp(month) !== null);
  const isLong = period.kind === 'year' || period.kind === 'half';
  const cuts =
    isRamped || seasons.length === 12
      ? months
      : seasons.length === 4 && isLong
        ? calendar.pieces(period, 'quarter')
        : [period];
  const whole = cuts.reduce((sum, cut) => sum.plus(seasonWeight(cut, rules)), Exact.zero);
  if (whole.isZero()) return presence === null ? Exact.one : presence(period);
  const kept = cuts.reduce((sum, cut) => {
    const share = isRamped ? (ramp(cut) ?? Exact.one) : Exact.one;
    return sum.plus(
      seasonWeight(cut, rules)
        .times(share)
        .times(presence === null ? Exact.one : presence(cut)),
    );
  }, Exact.zero);
  return kept.over(whole);
}

/**
 * The weights of a period's months, each times its share in a ramp and the part during which the participant was
 * present.
 */
function heldWeight(period: Period, rules: QuotaRules): Exact {
  const { presence, ramp, calendar } = rules;
  if (presence === null && ramp === null) return seasonWeight(period, rules);
  return calendar.pieces(period, 'month').reduce((sum, month) => {
    const share = ramp?.(month) ?? Exact.one;
    return sum.plus(
      seasonWeight(month, rules)
        .times(share)
        .times(presence === null ? Exact.one : presence(month)),
    );
  }, Exact.zero);
}

/** The quota parts of a window that is not a period: those of the longest periods that make it up. */
export function quotaPartsOfSpan(
  quotas: ReadonlyMap<string, Quota>,
  from: LocalDate,
  to: LocalDate,
  rules: QuotaRules,
): readonly QuotaPart[] {
  const { calendar } = rules;
  if (quotas.size === 0 || to >= '9999') return [];
  const parts: QuotaPart[] = [];
  let next = calendar.periodOf(from, 'month');
  if (next.from !== from) return [];
  for (;;) {
    const piece = (['year', 'half', 'quarter', 'month'] as const)
      .map((kind) => calendar.enclosing(next, kind))
      .find((period) => period.from === next.from && period.to <= to);
    if (piece === undefined) return [];
    parts.push(...quotaParts(quotas, piece, rules));
    if (piece.to === to) return parts;
    next = calendar.next(calendar.pieces(piece, 'month').at(-1)!);
  }
}

// The pieces of a window with an assigned quota; all pieces if a larger quota gives the others a share.
function assignedBelow(
  quotas: ReadonlyMap<string, Quota>,
  window: Period,
  calendar: FiscalCalendar,
): readonly Period[] {
  const shorter = SHORTER[window.kind];
  if (shorter === null) return [];
  const pieces = calendar.pieces(window, shorter);
  const assigned = pieces.filter(
    (piece) => quotas.has(piece.name) || assignedBelow(quotas, piece, calendar).length > 0,
  );
  if (assigned.length === 0) return [];
  return hasLarger(quotas, window, calendar) ? pieces : assigned;
}

function hasLarger(quotas: ReadonlyMap<string, Quota>, window: Period, calendar: FiscalCalendar): boolean {
  for (let kind = LONGER[window.kind]; kind !== null; kind = LONGER[kind]) {
    if (quotas.has(calendar.enclosing(window, kind).name)) return true;
  }
  return false;
}
