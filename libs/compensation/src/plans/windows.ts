import { type Exact, type FiscalCalendar, type LocalDate, type Period, type PeriodKind } from '@attain/values';
import type { Rulebook } from './company.js';
import { conversion } from './exchange.js';
import type { WindowOfTime } from './component.js';
import { partCovered } from './proration.rules.js';
import { rampShare } from './ramp.rules.js';
import { quotaParts, quotaPartsOfSpan, type QuotaPart, type QuotaRules, type Window } from './quotas.rules.js';
import { minorFactor } from '../facts/money.rules.js';
import type { World } from './world.js';

/** The window of a kind that contains a day; a plan's window is its whole life. Not for windows of a deal. */
export function windowOf(
  kind: WindowOfTime,
  date: LocalDate,
  calendar: FiscalCalendar,
  life: { from: LocalDate; to: LocalDate },
): Window {
  if (kind === 'plan') return { from: life.from, to: life.to, period: null };
  const period = periodOf(calendar, date, kind);
  return { from: period.from, to: period.to, period };
}

const found = new WeakMap<FiscalCalendar, Map<PeriodKind, Map<LocalDate, Period>>>();

/** Like the calendar's own function, but remembered, because a run asks many times for few days. */
export function periodOf(calendar: FiscalCalendar, date: LocalDate, kind: PeriodKind): Period {
  let kinds = found.get(calendar);
  if (kinds === undefined) found.set(calendar, (kinds = new Map()));
  let days = kinds.get(kind);
  if (days === undefined) kinds.set(kind, (days = new Map()));
  let period = days.get(date);
  if (period === undefined) {
    if (days.size > 50_000) days.clear();
    days.set(date, (period = calendar.periodOf(date, kind)));
  }
  return period;
}

/** The periods of a kind that have a day in common with from..to, in order. */
export function periodsBetween(calendar: FiscalCalendar, from: LocalDate, to: LocalDate, kind: PeriodKind): Period[] {
  const periods: Period[] = [];
  for (let period = calendar.periodOf(from, kind); period.from <= to; period = calendar.next(period)) {
    periods.push(period);
  }
  return periods;
}

/** A window's quota on its axis. */
export interface WindowQuota {
  /** In minor units of the asked currency, or a plain number; null without a quota or without a rate for it. */
  readonly amount: Exact | null;
  readonly parts: readonly QuotaPart[];
  /** A currency of the quota for which no rate is known. */
  readonly missing: string | null;
}

type QuotaBook = Pick<Rulebook, 'calendar' | 'seasons' | 'ramp' | 'prorate'>;

/** The rules for a quota; quotas of a team, a region or the company have neither ramp nor proration. */
function quotaRules(world: World, forWhom: string, { calendar, seasons, ramp, prorate }: QuotaBook): QuotaRules {
  const rows = world.rows(forWhom);
  if (rows.length === 0) return { calendar, seasons, presence: null, ramp: null };
  return {
    calendar,
    seasons,
    presence: prorate === 'no' ? null : (period) => partCovered(world.present(forWhom), period, prorate, calendar),
    ramp: ramp.size === 0 ? null : (month) => rampShare(rows, month, ramp, calendar),
  };
}

/** The quota of a window for a name and a measure, converted at the rate of the window's first day. */
export function windowQuota(
  world: World,
  forWhom: string,
  measure: string,
  window: Window,
  book: QuotaBook,
  currency: string | null,
): WindowQuota {
  const quotas = world.quotas(forWhom, measure);
  const rules = quotaRules(world, forWhom, book);
  const parts =
    window.period === null
      ? quotaPartsOfSpan(quotas, window.from, window.to, rules)
      : quotaParts(quotas, window.period, rules);
  let amount: Exact | null = null;
  for (const { quota, amount: part } of parts) {
    let own = part;
    if (currency !== null) {
      const from = quota.currency ?? world.company().currency;
      const factor = conversion(world, from, currency, window.from);
      if (factor === null) return { amount: null, parts, missing: from };
      own = part.times(minorFactor(from)).times(factor);
    }
    amount = amount === null ? own : amount.plus(own);
  }
  return { amount, parts, missing: null };
}
