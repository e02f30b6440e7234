import { addDays, Exact, type LocalDate, minorDigits } from '@attain/values';
import { FOREVER, isNamed, isThere, type AssignedQuota, quotaKey, rateOn, scoreKey, sumOf } from './company.js';
import { creditsOf, isMoneyMeasure, minorRate, person, ratioIn, ratioOf, sumIn, unitOf } from './credits.js';
import { isMet, valueOf } from './expressions.js';
import { assignedIn, cuttingFor, partOf, quotaIn, type Window, windowOf } from './quotas.js';
import {
  currencyOf,
  isEligible,
  type Line,
  minorOf,
  moneyOf,
  paidIn,
  round,
  roundingOf,
  rulesOf,
  type Terms,
  windowAsked,
} from './terms.js';
import { boundOf, curveAt, curvePoints } from './tiers.js';

/** The windows that have ended and that a version pays as a whole: it holds at their start, or is the first of its plan. */
export function endedWindows(terms: Terms): Window[] {
  const { state, version, life, component } = terms;
  const windows: Window[] = [];
  for (let day = version.from; day <= version.to && day <= state.effective;) {
    const window = windowOf(state, component.per!, day, life);
    if (window.to > state.effective || window.to === FOREVER) break;
    const start = window.from > life.from ? window.from : life.from;
    if (start >= version.from) windows.push(window);
    day = addDays(window.to, 1);
  }
  return windows;
}

/** Whether a plan names somebody on a day on which they are there. */
function isAssigned({ state, me, life }: Terms, day: LocalDate): boolean {
  const version = life.versions.find(({ from, to }) => from <= day && day <= to);
  return version !== undefined && isThere(state, me, day) && isNamed(state, version, me, day);
}

function firstAssigned(terms: Terms, { from, to }: Window): LocalDate | null {
  for (let day = from; day <= to; day = addDays(day, 1)) if (isAssigned(terms, day)) return day;
  return null;
}

/** One line at the end of each window that has ended. */
export function targetLines(terms: Terms): Line[] {
  const { component, state, me, version } = terms;
  return endedWindows(terms).flatMap((window): Line[] => {
    const first = firstAssigned(terms, window);
    if (first === null) return [];
    // Whoever leaves is paid their part, unless the pay date counts.
    const on = component.eligible?.on ?? 'credit date';
    const eligible = { ...terms, component: { ...component, eligible: { on: 'pay date' as const } } };
    if (on !== 'credit date' && !isEligible(eligible, window.to)) return [];
    const target = targetIn(terms, window, first);
    const share =
      component.objectives !== undefined
        ? objectivesIn({ state, me, component, version, life: terms.life }, window)
        : levelIn(terms, window);
    const unrounded = target.times(share);
    return [
      {
        terms,
        kind: 'earning',
        credit: null,
        window: window.from,
        date: window.to,
        causedBy: '',
        amount: round(unrounded, roundingOf(terms)),
        unrounded,
        target,
      },
    ];
  });
}

/** The target of a window in minor units, prorated by the assignment to the plan; 0 where it is undefined. */
function targetIn(terms: Terms, window: Window, first: LocalDate): Exact {
  const { state, me, component } = terms;
  const there = (day: LocalDate) => isAssigned(terms, day);
  const paid = paidIn(terms);
  if (component.target === 'assigned') {
    const assigned = state.quotas.get(quotaKey(me, component.measure!)) ?? new Map<string, AssignedQuota>();
    const targets = new Map(
      [...assigned].flatMap(([period, quota]) =>
        quota.target === null ? [] : [[period, { ...quota, amount: quota.target }] as const],
      ),
    );
    const parts = assignedIn(targets, cuttingFor(state, me, there, false), window).map(
      ({ assigned: { currency }, amount }) => {
        if (component.unit !== undefined) return amount.times(minorOf(paid));
        const rate = minorRate(currency, currencyOf(terms), rateOn(state, currency, currencyOf(terms), window.from));
        return rate === null ? null : amount.times(Exact.of(10 ** minorDigits(currency))).times(rate);
      },
    );
    return parts.includes(null) ? Exact.zero : sumOf(parts as Exact[]);
  }
  const value = valueOf(component.target!, {
    state,
    record: null,
    date: first,
    me,
    currency: currencyOf(terms),
    window: windowAsked(terms, window, window.to),
  });
  if (!(value instanceof Exact)) return Exact.zero;
  return value
    .times(minorOf(paid))
    .times(partOf({ ...cuttingFor(state, me, there), prorate: state.company.prorate ?? 'no' }, window));
}

/** Each objective's weight times its score; one without a score counts 0. */
function objectivesIn({ state, me, component }: Terms, window: Window): Exact {
  return sumOf(
    Object.entries(component.objectives as Record<string, string>).map(([name, weight]) =>
      Exact.parse(weight).times(state.scores.get(scoreKey(me, window.name, name)) ?? Exact.zero),
    ),
  );
}

/** The share of the target that attainment pays. */
function levelIn(terms: Terms, window: Window): Exact {
  const { state, me, component } = terms;
  const axis = component.by ?? component.measure!;
  const [who, rules, money] = [person(me), rulesOf(component), moneyOf(terms)];
  const ratio = ratioOf(state, axis);
  const reached =
    ratio === null
      ? sumIn(creditsOf(state, who, axis, rules, money), window.from, window.to)
      : ratioIn(state, who, ratio, rules, money, window.from, window.to);
  if (reached === null) return Exact.zero;
  const quota =
    ratio !== null
      ? Exact.one
      : quotaIn(state, me, axis, window, isMoneyMeasure(state, axis) ? money.currency : null).amount;
  const bounds = [...(component.tiers ?? []).map(({ from }) => from), ...(component.curve ?? []).map(({ at }) => at)];
  if (bounds.some((bound) => bound.endsWith('%')) && (quota === null || quota.sign() <= 0)) return Exact.zero;
  const unit = ratio === null ? unitOf(state, axis, money) : Exact.one;
  if (component.curve !== undefined)
    return curveAt(curvePoints(terms, quota, unit, paidIn(terms))!, component.beyond ?? 'flat', reached);
  const about = windowAsked(terms, window, window.to);
  const tiers = component.tiers!.filter(
    ({ when }) =>
      when === undefined ||
      isMet(when, { state, record: null, date: window.to, me, currency: currencyOf(terms), window: about }),
  );
  const met = tiers
    .filter(({ from }) => boundOf(from, quota, unit)!.compare(reached) <= 0)
    .sort((a, b) => boundOf(a.from, quota, unit)!.compare(boundOf(b.from, quota, unit)!));
  const lowest = tiers.find(({ from }) => boundOf(from, quota, unit)!.isZero());
  const level = met.at(-1) ?? lowest;
  return level === undefined ? Exact.zero : Exact.parse(level.pays!);
}
