import {
  addDays,
  daysBetween,
  Exact,
  type FiscalCalendar,
  type LocalDate,
  minorDigits,
  type Period,
  type PeriodKind,
} from '@attain/values';
import { type Whose, creditsOf, datedMoney, isMoneyMeasure, minorRate, ratioIn, ratioOf, sumIn } from './credits.js';
import { FOREVER, isThere, type AssignedQuota, quotaKey, rateOn, type State, sumOf } from './company.js';

export interface Window {
  readonly name: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Null: it is none of the calendar. */
  readonly period: Period | null;
}

const KINDS: readonly PeriodKind[] = ['year', 'half', 'quarter', 'month'];

export function windowOf(
  { calendar }: State,
  per: string,
  date: LocalDate,
  plan: { plan: string; from: LocalDate; to: LocalDate },
): Window {
  if (per === 'plan') return { name: plan.plan, from: plan.from, to: plan.to, period: null };
  const period = calendar.periodOf(date, per as PeriodKind);
  return { name: period.name, from: period.from, to: period.to, period };
}

/** The rules that cut an assigned amount of a period. */
export interface Cutting {
  readonly calendar: FiscalCalendar;
  /** The share of each of twelve months in a year. */
  readonly seasons: readonly Exact[];
  readonly seasonKind: 'month' | 'quarter' | null;
  readonly prorate: 'no' | 'by days' | 'by months';
  isThere(day: LocalDate): boolean;
  ramp(month: Period): Exact | null;
}

function weightOf({ calendar, seasons }: Cutting, period: Period): Exact {
  const months = calendar.pieces(calendar.enclosing(period, 'year'), 'month').map(({ name }) => name);
  return sumOf(calendar.pieces(period, 'month').map(({ name }) => seasons[months.indexOf(name)]!));
}

/** The part of a period during which somebody was present: by days, or by whole months. */
export function partOf(
  { calendar, prorate, isThere: there }: Pick<Cutting, 'calendar' | 'prorate' | 'isThere'>,
  period: Pick<Period, 'from' | 'to'> & { period?: Period | null },
): Exact {
  if (prorate === 'no') return Exact.one;
  const share = (from: LocalDate, to: LocalDate) => {
    let count = 0;
    for (let day = from; day <= to; day = addDays(day, 1)) if (there(day)) count += 1;
    return Exact.of(count, daysBetween(from, to) + 1);
  };
  if (prorate === 'by days') return share(period.from, period.to);
  const months: Period[] = [];
  for (let month = calendar.periodOf(period.from, 'month'); month.from <= period.to; month = calendar.next(month))
    months.push(month);
  return Exact.of(months.filter(({ from, to }) => share(from, to).equals(Exact.one)).length, months.length);
}

/** The amount assigned for a period after proration and ramp. */
function kept(cutting: Cutting, period: Period): Exact {
  const { calendar, seasonKind, ramp, prorate } = cutting;
  const months = calendar.pieces(period, 'month');
  const isRamped = months.some((month) => ramp(month) !== null);
  if (!isRamped && prorate === 'no') return Exact.one;
  const isLong = period.kind === 'year' || period.kind === 'half';
  const pieces =
    isRamped || seasonKind === 'month'
      ? months
      : seasonKind === 'quarter' && isLong
        ? calendar.pieces(period, 'quarter')
        : [period];
  const whole = sumOf(pieces.map((piece) => weightOf(cutting, piece)));
  if (whole.isZero()) return partOf(cutting, period);
  return sumOf(
    pieces.map((piece) =>
      weightOf(cutting, piece)
        .times((isRamped ? ramp(piece) : null) ?? Exact.one)
        .times(partOf(cutting, piece)),
    ),
  ).over(whole);
}

/** The amount of a period: its own, else the sum of its pieces, else its share of a larger one; null if it has none. */
function amountOf<Assigned extends { amount: Exact }>(
  assigned: ReadonlyMap<string, Assigned>,
  cutting: Cutting,
  period: Period,
): { assigned: Assigned; amount: Exact }[] {
  const { calendar, ramp } = cutting;
  const own = assigned.get(period.name);
  if (own !== undefined) return [{ assigned: own, amount: own.amount.times(kept(cutting, period)) }];
  const larger = KINDS.slice(0, KINDS.indexOf(period.kind))
    .reverse()
    .map((kind) => calendar.enclosing(period, kind))
    .find(({ name }) => assigned.has(name));
  const isAssignedIn = (piece: Period): boolean =>
    KINDS.slice(KINDS.indexOf(piece.kind)).some((kind) =>
      calendar.pieces(piece, kind).some(({ name }) => assigned.has(name)),
    );
  const shorter = KINDS[KINDS.indexOf(period.kind) + 1];
  if (shorter !== undefined && isAssignedIn(period)) {
    const pieces = calendar.pieces(period, shorter);
    return pieces
      .filter((piece) => larger !== undefined || isAssignedIn(piece))
      .flatMap((piece) => amountOf(assigned, cutting, piece));
  }
  if (larger === undefined) return [];
  const whole = assigned.get(larger.name)!;
  const weight = (of: Period) =>
    sumOf(
      calendar.pieces(of, 'month').map((month) =>
        weightOf(cutting, month)
          .times(ramp(month) ?? Exact.one)
          .times(partOf(cutting, month)),
      ),
    );
  const all = weight(larger);
  return [
    {
      assigned: whole,
      amount: all.isZero() ? Exact.zero : whole.amount.times(kept(cutting, larger)).times(weight(period)).over(all),
    },
  ];
}

/** Of the longest periods that make a window up; of one without an end nothing. */
export function assignedIn<Assigned extends { amount: Exact }>(
  assigned: ReadonlyMap<string, Assigned>,
  cutting: Cutting,
  { from, to, period }: Window,
): { assigned: Assigned; amount: Exact }[] {
  if (assigned.size === 0) return [];
  if (period !== null) return amountOf(assigned, cutting, period);
  if (to === FOREVER) return [];
  const parts: { assigned: Assigned; amount: Exact }[] = [];
  for (let day = from; day <= to;) {
    const piece = KINDS.map((kind) => cutting.calendar.periodOf(day, kind)).find(
      (one) => one.from === day && one.to <= to,
    );
    if (piece === undefined) return [];
    parts.push(...amountOf(assigned, cutting, piece));
    day = addDays(piece.to, 1);
  }
  return parts;
}

/** The rules by which seasons, ramp and proration cut an assigned amount of somebody. */
export function cuttingFor(
  state: State,
  name: string,
  there = (day: LocalDate) => isThere(state, name, day),
  isRamped = true,
): Cutting {
  const { company, calendar } = state;
  const { seasons = [], ramp = {}, prorate = 'no' } = company;
  const shares = seasons.map((share) => Exact.parse(share));
  const months = Array.from({ length: 12 }, (_, month) =>
    shares.length === 12
      ? shares[month]!
      : shares.length === 4
        ? shares[Math.floor(month / 3)]!.over(Exact.of(3))
        : Exact.one,
  );
  const isPerson = state.people.has(name);
  return {
    calendar,
    seasons: months,
    seasonKind: shares.length === 12 ? 'month' : shares.length === 4 ? 'quarter' : null,
    prorate: isPerson ? prorate : 'no',
    isThere: there,
    ramp: (month) => (isPerson && isRamped ? rampOf(state, name, month, ramp) : null),
  };
}

/** By calendar month since the first in the role that is held at the month's end, or was last held in it. */
function rampOf(
  state: State,
  name: string,
  month: Period,
  ramps: Readonly<Record<string, readonly string[]>>,
): Exact | null {
  const rows = state.people.get(name)!;
  const held = rows.findLast(({ from, to }) => from <= month.to && to >= month.from && from <= to);
  const role = held?.fields['role'];
  const shares = role === undefined ? undefined : ramps[role];
  if (shares === undefined) return null;
  let at = state.calendar.periodOf(rows.find(({ fields }) => fields['role'] === role)!.from, 'month');
  for (const share of shares) {
    if (at.name === month.name) return Exact.parse(share);
    at = state.calendar.next(at);
  }
  return Exact.one;
}

export interface QuotaIn {
  /** In minor units of a currency, or a plain number; null: none, or without a rate. */
  readonly amount: Exact | null;
  readonly credit: readonly string[];
}

/** The quota of a window, converted at the rate of its first day. */
export function quotaIn(state: State, name: string, measure: string, window: Window, currency: string | null): QuotaIn {
  const assigned: ReadonlyMap<string, AssignedQuota> = state.quotas.get(quotaKey(name, measure)) ?? new Map();
  const parts = assignedIn(assigned, cuttingFor(state, name), window);
  const credit = parts[0]?.assigned.credit ?? ['sales'];
  if (parts.length === 0) return { amount: null, credit };
  const amounts = parts.map(({ assigned: { currency: from }, amount }) => {
    if (currency === null) return amount;
    const rate = minorRate(from, currency, rateOn(state, from, currency, window.from));
    return rate === null ? null : amount.times(Exact.of(10 ** minorDigits(from))).times(rate);
  });
  return { amount: amounts.includes(null) ? null : sumOf(amounts as Exact[]), credit };
}

/** The attainment of a quota by a day, by the quota's `credit`; null for undefined. */
export function attainedIn(state: State, whose: Whose, measure: string, window: Window, day: LocalDate): Exact | null {
  const to = day < window.to ? day : window.to;
  const money = datedMoney(state, state.company.currency);
  const ratio = ratioOf(state, measure);
  if (ratio !== null) return ratioIn(state, whose, ratio, ['sales'], money, window.from, to);
  const { amount, credit } = quotaIn(
    state,
    whose.name,
    measure,
    window,
    isMoneyMeasure(state, measure) ? money.currency : null,
  );
  if (amount === null || amount.isZero()) return null;
  const rules = credit
    .join(' ')
    .replaceAll('through ', 'through~')
    .split(' ')
    .map((rule) => rule.replace('~', ' '));
  return sumIn(creditsOf(state, whose, measure, rules, money), window.from, to).over(amount);
}
