import type { PlanComponent } from '@attain/contracts';
import {
  addDays,
  addMonths,
  Exact,
  isCurrency,
  type LocalDate,
  minorDigits,
  type Period,
  type PeriodKind,
  type Rounding,
} from '@attain/values';
import { isNamed, type Kept, type Life, type State, type Version } from './company.js';
import { asksWindow, type Asked, type WindowAsked } from './expressions.js';
import {
  type Credit,
  creditsOf,
  minorRate,
  type Money,
  partLeft,
  person,
  ratioIn,
  ratioOf,
  reversalsOf,
  type Rules,
  sumIn,
  unitOf,
  group,
} from './credits.js';
import { attainedIn, type Window } from './quotas.js';
import { FOREVER, rateOn, rowOn, scoreKey } from './company.js';

/** A component of a version, for somebody, under a cut. */
export interface Terms {
  readonly state: State;
  readonly me: string;
  readonly life: Life;
  readonly version: Version;
  readonly component: PlanComponent;
}
/** A line before it is paid: of a record, or of a window as a whole. */
export interface Line {
  readonly terms: Terms;
  readonly kind: string;
  readonly credit: Credit | null;
  /** The first day of the window of a line without a record. */
  readonly window: string;
  readonly date: LocalDate;
  readonly causedBy: string;
  amount: bigint;
  readonly unrounded: Exact;
  /** For a multiplier, its changes to the lines of a day, by the cap windows in which it multiplies lines. */
  readonly multiplies?: readonly { readonly day: LocalDate; readonly amount: bigint }[];
  /** For a target, the amount that a cap by share refers to. */
  readonly target?: Exact;
}

const PERIODS: Readonly<Record<string, PeriodKind>> = { monthly: 'month', quarterly: 'quarter', yearly: 'year' };

export function planPays({ document }: Version): PeriodKind {
  return PERIODS[document.pays]!;
}
/** The pay period of a component that contains a day. */
export function payPeriod({ state, version, component }: Terms, date: LocalDate): Period {
  return state.calendar.periodOf(date, PERIODS[component.pays ?? version.document.pays]!);
}
/** The plan's period whose statement shows a day of a component: the one in which the component's own period ends. */
export function statementPeriod(terms: Terms, date: LocalDate): Period {
  return terms.state.calendar.periodOf(payPeriod(terms, date).to, planPays(terms.version));
}
/** The day on which a period is paid. */
export function payDate({ company }: State, { to }: Pick<Period, 'to'>): LocalDate {
  if (company.payDay === undefined || company.payDay === 'last day') return to;
  const next = addDays(to, 1);
  const day = addDays(next, Number(company.payDay.split(' ')[0]) - 1);
  return day.slice(0, 7) === next.slice(0, 7) ? day : addDays(addMonths(next, 1), -1);
}

export function currencyOf({ version, component }: Terms): string {
  return component.currency ?? version.currency;
}
export function paidIn(terms: Terms): string {
  return terms.component.unit ?? currencyOf(terms);
}
/** Minor units in one of a currency, or hundredths in one of a unit that is not money. */
export function minorOf(unit: string): Exact {
  return Exact.of(10 ** (isCurrency(unit) ? minorDigits(unit) : 2));
}
/** The pay, in minor units, for one minor unit of a measure of money. */
export function scaleOf(terms: Terms): Exact {
  return minorOf(paidIn(terms)).over(minorOf(currencyOf(terms)));
}

export interface RoundingRule {
  readonly mode: Rounding;
  readonly step: Exact;
  readonly perTotal: boolean;
}
type Written = string | { mode?: Rounding; to?: string; per?: string } | undefined;
export function roundingOf(terms: Terms): RoundingRule {
  const { version, component } = terms;
  const keys = (written: Written) => (typeof written === 'string' ? { mode: written as Rounding } : (written ?? {}));
  const { to: planTo, ...plan } = keys(version.document.rounding as Written) as {
    mode?: Rounding;
    to?: string;
    per?: string;
  };
  const own = component.rounding as Written;
  const merged = (
    typeof own === 'string'
      ? keys(own)
      : { ...plan, ...(component.unit === undefined && planTo !== undefined && { to: planTo }), ...keys(own) }
  ) as { mode?: Rounding; to?: string; per?: string };
  return {
    mode: merged.mode ?? 'half-up',
    step: merged.to === undefined ? Exact.one : Exact.parse(merged.to).times(minorOf(paidIn(terms))),
    perTotal: merged.per === 'total',
  };
}
export function round(amount: Exact, { mode, step }: RoundingRule): bigint {
  return amount.over(step).round(mode) * step.floor();
}
/** The rounded total of some amounts, its steps spread over them by largest remainder, of equal ones to the first. */
export function spread(amounts: readonly Exact[], rule: RoundingRule): bigint[] {
  const total = amounts.reduce((sum, amount) => sum.plus(amount), Exact.zero);
  if (total.sign() < 0)
    return spread(
      amounts.map((amount) => amount.negated()),
      rule,
    ).map((amount) => -amount);
  const steps = amounts.map((amount) => amount.over(rule.step));
  const whole = steps.map((step) => step.floor());
  const size = rule.step.floor();
  let spare = round(total, rule) / size - whole.reduce((sum, step) => sum + step, 0n);
  const order = steps
    .map((step, index) => ({ index, rest: step.minus(Exact.of(whole[index]!)) }))
    .sort((a, b) => b.rest.compare(a.rest) || a.index - b.index);
  for (const { index } of order) if (spare > 0n) [whole[index], spare] = [whole[index]! + 1n, spare - 1n];
  return whole.map((step) => step * size);
}

export function rulesOf({ credit }: PlanComponent): Rules {
  return (credit ?? ['sales']) as Rules;
}
/** The conversion of a component's credits. */
export function moneyOf(terms: Terms): Money {
  const { state, version } = terms;
  const currency = currencyOf(terms);
  const by = version.document.convert?.credits ?? 'on credit date';
  return {
    currency,
    rate: (from, date) => {
      if (by === 'at plan rate') return planRate(version, from, currency);
      return minorRate(
        from,
        currency,
        rateOn(state, from, currency, by === 'on pay date' ? payDate(state, statementPeriod(terms, date)) : date),
      );
    },
  };
}
export function planRate({ currency, document: { planRates = {} } }: Version, from: string, to: string): Exact | null {
  if (from === to) return Exact.one;
  const worth = (of: string) =>
    of === currency ? Exact.one : planRates[of] === undefined ? null : Exact.parse(planRates[of]);
  const [a, b] = [worth(from), worth(to)];
  return a === null || b === null ? null : minorRate(from, to, a.over(b));
}
/** The rate at which the pay of a component is converted into the pay currency. */
export function payRate({ state, version }: Terms, from: string, to: string, date: LocalDate): Exact | null {
  return version.document.convert?.pay === 'at plan rate'
    ? planRate(version, from, to)
    : minorRate(from, to, rateOn(state, from, to, date));
}
/** The day whose rate converts a line. */
export function payRateDay({ terms, credit, date }: Line, period: Period): LocalDate {
  return terms.version.document.convert?.pay === 'on credit date'
    ? (credit?.date ?? date)
    : payDate(terms.state, period);
}

/** Whether somebody is eligible on a day. */
export function isEligible(terms: Terms, date: LocalDate): boolean {
  const { state, me, version, component } = terms;
  const { on = 'credit date', leave = 'included' } = component.eligible ?? {};
  if (on !== 'pay date' && !isNamed(state, version, me, date)) return false;
  if (on !== 'credit date' && !isNamed(state, version, me, payDate(state, statementPeriod(terms, date)))) return false;
  return (
    leave === 'included' ||
    !state.leaves.some(({ participant, from, to }) => participant === me && from <= date && date <= to)
  );
}

export function asked(terms: Terms, record: Kept, date: LocalDate, window?: WindowAsked): Asked {
  return {
    state: terms.state,
    record,
    date,
    me: terms.me,
    currency: record.fields['currency'] || terms.state.company.currency,
    window,
  };
}

/** The answers about a window at the end of a pay period. */
export function windowAsked(terms: Terms, window: Window, day: LocalDate): WindowAsked {
  const { state, me, component } = terms;
  const last = day < window.to ? day : window.to;
  const [who, rules, money] = [person(me), rulesOf(component), moneyOf(terms)];
  return {
    attainment: (measure, among) =>
      attainedIn(state, among === null ? who : groupOn(state, among, day), measure, window, day),
    sum: (measure) => {
      const ratio = ratioOf(state, measure);
      if (ratio !== null) return ratioIn(state, who, ratio, rules, money, window.from, last);
      return sumIn(creditsOf(state, who, measure, rules, money), window.from, last).over(unitOf(state, measure, money));
    },
    score: (objective) => state.scores.get(scoreKey(me, window.name, objective)) ?? Exact.zero,
    deals: () => {
      const measure = component.measure ?? '';
      const credits = measure === '' ? wonDeals(terms) : creditsOf(state, who, measure, rules, money);
      const by = measure === '' || reversalsOf(state, measure) === 'undone' || day >= window.to ? FOREVER : day;
      const records = new Set(
        credits
          .filter(({ nth, blocked, date }) => nth === 0 && !blocked && date >= window.from && date <= last)
          .map(({ record }) => record),
      );
      return Exact.of([...records].filter((record) => !partLeft(record, by).isZero()).length);
    },
  };
}

/** For a component without a measure, deals are won deals. */
function wonDeals(terms: Terms): Credit[] {
  const company = {
    ...terms.state.company,
    measures: { ...terms.state.company.measures, 'won deals': { counts: '1', of: 'deals' } },
  };
  return creditsOf(
    { ...terms.state, company },
    person(terms.me),
    'won deals',
    rulesOf(terms.component),
    moneyOf(terms),
  );
}

function groupOn(state: State, name: string, date: LocalDate) {
  const isTeam = [...state.people.keys()].some((member) => rowOn(state, member, date)?.fields['team'] === name);
  return group(state, name, isTeam ? 'team' : 'region');
}

/** Whether a component uses its window in more than its multiplier. */
export function isWindowed({ where, rate, each, tiers = [], target }: PlanComponent): boolean {
  if (target !== undefined) return false;
  return (
    [where, rate, each, ...tiers.flatMap((tier) => [tier.when, tier.rate, tier.each, tier.times])].some(
      (text) => text !== undefined && asksWindow(text),
    ) || tiers.some(({ when }) => when !== undefined)
  );
}

/** The pay periods at whose ends a window is evaluated: from that of its first line to that of its end, or of the cut. */
export function payPeriodsIn(terms: Terms, window: Window, dates: readonly LocalDate[]): Period[] {
  const { state } = terms;
  const first = [...dates].sort()[0]!;
  const last = [window.to < state.effective ? window.to : state.effective, ...dates].sort().at(-1)!;
  const periods: Period[] = [];
  for (
    let period = payPeriod(terms, first);
    period.from <= last && period.to < FOREVER;
    period = state.calendar.next(period)
  )
    periods.push(period);
  return periods;
}

/** The same of a line's record, or of its window. */
export function recordKey({ credit, window }: Pick<Line, 'credit' | 'window'>): string {
  return credit === null ? `window ${window}` : `record ${credit.record.of} ${credit.id}`;
}

/** A time after a day, as documents write it: `90 days`, `6 months`, `1 year`. */
export function afterTime(date: LocalDate, written: string): LocalDate {
  const [count, unit = ''] = written.split(' ');
  return unit.startsWith('day')
    ? addDays(date, Number(count))
    : addMonths(date, Number(count) * (unit.startsWith('year') ? 12 : 1));
}
