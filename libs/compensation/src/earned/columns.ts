import { Exact } from '@attain/values';
import { type Credits, firstFrom } from '../credits/credits.js';
import { minorFactor } from '../facts/money.rules.js';
import { placed } from '../plans/curves.rules.js';
import type { Component, Pay } from '../plans/component.js';
import type { Window } from '../plans/quotas.rules.js';
import { ladderOf } from '../plans/tiers.rules.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';
import { ColumnLines } from './column-lines.js';
import { curveEntitling, curveLines, type CurveLines } from './curve-columns.rules.js';
import { creditsFor, endOf, payableOf, spansOf } from './earning.js';
import { areExact, type Entitling, type Sizes, type WholeRounding, wholeRounding } from './entitling.js';
import type { Terms } from './entitlements.js';
import { flatEntitling, ladderEntitling, piecesOf, type Pieces } from './ladder-columns.rules.js';
import { type RateColumns, rateColumns } from './rate-columns.js';
import { quotaIn } from './frames.js';
import { type AnsweredPeriod, enterPeriods } from './hurdle-columns.rules.js';
import { payPeriodsOf, SoFar } from './so-far.js';
import { payStretches, type Rates, ratesOf, type Slopes, slopesOf } from './slopes.rules.js';
import { enterAlone, enterWindow } from './standing-columns.rules.js';

/**
 * The lines of a version's component as columns beside its credits, in whole minor units; null if the exact way is
 * needed. Both ways give the same lines.
 */
export function columnLines(terms: Terms, life: PlanLife, inForce: PlanInForce): ColumnLines | null {
  const { component } = terms;
  if (!isColumnar(component)) return null;
  const { paid: credits, axis } = creditsFor(terms);
  if (credits.columns === null || axis.columns === null || !areBeside(credits, axis)) return null;
  const payable = payableOf(terms, inForce, credits);
  const lines = new ColumnLines(terms, life, {
    credits,
    axis,
    payable,
    first: firstFrom(credits.list, inForce.from),
    after: endOf(credits, inForce.to),
  });
  const rates = component.isWindowed ? null : fixedRates(component);
  const rounding = wholeRounding(component);
  const isFilled =
    rates === null ? standing(lines, life, rounding) && isSummed(lines) : slices(lines, life, rates, rounding);
  return isFilled ? lines : null;
}

function isColumnar(component: Component): boolean {
  const { axis, rounding, target, contest } = component;
  return axis.ratio === null && !rounding.perTotal && !asksForRecords(component) && target === null && contest === null;
}

/** Whether the pay of a record depends on the window by more than hurdles. */
function asksForRecords({ where, base, tiers }: Component): boolean {
  const formulas = [where, base?.formula, ...tiers.map(({ pay }) => pay.formula)];
  return formulas.some((formula) => formula?.isWindowed === true);
}

function isAlone({ tiers, curve, per }: Component): boolean {
  return (tiers.length === 0 && curve === null) || per === null || per === 'deal';
}

/** Whether the records that move the axis are the paid records, in the same order. */
function areBeside(paid: Credits, axis: Credits): boolean {
  if (paid === axis) return true;
  if (paid.list.length !== axis.list.length) return false;
  return paid.list.every(({ record, date, nth }, index) => {
    const own = axis.list[index]!;
    return own.record === record && own.date === date && own.nth === nth;
  });
}

/** Fixed rates, flat or in tiers that pay their own slice. */
function slices(lines: ColumnLines, life: PlanLife, rates: Rates, rounding: WholeRounding): boolean {
  const { terms, credits, payable, offset, earned, taken } = lines;
  const { component } = terms;
  const { full, left, size, isDated } = credits.columns!;
  const stretches = { full, left, payable, offset, earned, taken };
  const end = offset + earned.length;
  if (isAlone(component)) {
    // In a window of one deal, a dated reversal follows its deal.
    if (component.tiers.length > 0 && isDated) return false;
    const slopes = component.tiers.length === 0 ? flatSlopes(rates) : alone(component, rates);
    if (slopes === null || !fits(size, slopes, rates)) return false;
    lines.add(
      payStretches(slopes, rounding, { ...stretches, first: offset, after: end, restarts: true }),
      countOf(payable, offset, end),
    );
    return true;
  }
  return eachSpan(lines, life, (window, first, after) => {
    const slopes = slopesIn(terms, window, rates);
    if (slopes === null || !fits(size, slopes, rates)) return null;
    return payStretches(slopes, rounding, { ...stretches, first, after, restarts: false });
  });
}

/**
 * All other forms: each record is paid by its place on the axis, and trued up when a later record reaches a retroactive
 * tier.
 */
function standing(lines: ColumnLines, life: PlanLife, rounding: WholeRounding): boolean {
  const { terms, credits, payable, offset, earned, columns } = lines;
  const { component } = terms;
  const rates = component.curve === null ? rateColumns(terms, credits, payable) : null;
  if (component.curve === null && rates === null) return false;
  const sizes = {
    axis: sumOf(columns.axisFull) + sumOf(columns.axisLeft),
    largestPaid: largest(columns.full, columns.left),
    largestAxis: largest(columns.axisFull, columns.axisLeft),
  };
  const end = offset + earned.length;
  if (component.isWindowed)
    return eachSpan(lines, life, (window, first, after) => {
      const periods = answeredPeriods(lines, window, { first, after }, (hurdles) =>
        entitlingIn(terms, window, rates, sizes, rounding, hurdles),
      );
      return periods === null ? null : enterPeriods(columns, periods, lines, first);
    });
  if (isAlone(component)) {
    if ((component.tiers.length > 0 || component.curve !== null) && credits.columns!.isDated) return false;
    const entitling = entitlingIn(terms, null, rates, sizes, rounding);
    if (entitling === null) return false;
    lines.add(enterAlone(columns, entitling, lines, offset, end), countOf(payable, offset, end));
    return true;
  }
  return eachSpan(lines, life, (window, first, after) => {
    const entitling = entitlingIn(terms, window, rates, sizes, rounding);
    return entitling === null ? null : enterWindow(columns, entitling, lines, first, after);
  });
}

/** The pay periods of a window with the tiers that are open at their ends; null if the exact way is needed. */
function answeredPeriods(
  { terms, credits, payable }: ColumnLines,
  window: Window,
  { first, after }: { readonly first: number; readonly after: number },
  entitlingOf: (hurdles: Hurdles) => Entitling | null,
): readonly AnsweredPeriod[] | null {
  const { tiers } = terms.component;
  const [begin, end] = [payable.indexOf(1, first), payable.lastIndexOf(1, after - 1)];
  const known = new Map<string, Entitling>();
  const periods: AnsweredPeriod[] = [];
  for (const { to } of payPeriodsOf(terms, window, [credits.list[begin]!, credits.list[end]!])) {
    const { scope } = new SoFar(terms, window, to);
    const hurdles = tiers.map(({ when }) => when === null || when.value(scope) === true);
    const key = hurdles.join();
    const entitling = known.get(key) ?? entitlingOf(hurdles);
    if (entitling === null) return null;
    known.set(key, entitling);
    periods.push({ to, after: Math.min(after, endOf(credits, to)), entitling });
  }
  return periods;
}

/** Fills the columns by window; false if a window does not fit. */
function eachSpan(
  lines: ColumnLines,
  life: PlanLife,
  fill: (window: Window, first: number, after: number) => { minor: number; reversed: number } | null,
): boolean {
  const { terms, credits, payable, offset, earned } = lines;
  const { per } = terms.component;
  if (per === null || per === 'deal') return false;
  for (const { window, first, after } of spansOf(terms, life, per, credits)) {
    if (after <= offset || first >= offset + earned.length) continue;
    const paid = countOf(payable, first, after);
    if (paid === 0) continue;
    const filled = fill(window, first, after);
    if (filled === null) return false;
    lines.add(filled, paid);
  }
  return true;
}

/** How records are paid in a window, or in the window of one deal; null if the exact way is needed. */
function entitlingIn(
  terms: Terms,
  window: Window | null,
  rates: RateColumns | null,
  sizes: Sizes,
  rounding: WholeRounding,
  hurdles: Hurdles | null = null,
): Entitling | null {
  const { component } = terms;
  const quota = window === null ? null : quotaIn(terms, window);
  if (quota !== null && quota.missing !== null) return null;
  const amount = quota?.amount ?? null;
  if (component.curve !== null) {
    const lines = curvesOfComponents.of(component, amount, () => curveIn(component, amount));
    return lines === null ? null : curveEntitling(lines, sizes, rounding);
  }
  if (component.tiers.length === 0) return flatEntitling(rates!, sizes, rounding);
  const pieces = piecesOfComponents.of(component, amount, () => piecesIn(component, amount, hurdles), hurdles);
  return pieces === null
    ? null
    : ladderEntitling(pieces, component, rates!, sizes, rounding, component.axis.key === component.measure.key);
}

function curveIn({ curve }: Component, quota: Exact | null): CurveLines | null {
  const found = placed(curve!, quota);
  return found === null ? null : curveLines(found);
}

function piecesIn({ tiers }: Component, quota: Exact | null, hurdles: Hurdles | null): Pieces | null {
  const ladder = ladderOf(tiers, quota, (tier) => hurdles?.[tier] ?? true);
  return ladder.unfounded ? null : piecesOf(ladder);
}

/** For each tier whether it is open: its hurdle is met, or it has none. */
type Hurdles = readonly boolean[];

/**
 * A value that depends only on a component, a window's quota and the met hurdles, computed once for all windows that
 * share these.
 */
class ByQuota<Value> {
  private readonly known = new WeakMap<Component, Map<number | string, Value>>();

  of(component: Component, quota: Exact | null, compute: () => Value, hurdles: Hurdles | null = null): Value {
    const whole = quota === null ? 'none' : quota.wholeNumber();
    if (whole === undefined) return compute();
    const key = hurdles === null ? whole : `${whole} ${hurdles.join()}`;
    let values = this.known.get(component);
    if (values === undefined) this.known.set(component, (values = new Map()));
    let value = values.get(key);
    if (value === undefined) {
      value = compute();
      if (values.size < 100_000) values.set(key, value);
    }
    return value;
  }
}
const slopesOfComponents = new ByQuota<Slopes | null>();
const piecesOfComponents = new ByQuota<Pieces | null>();
const curvesOfComponents = new ByQuota<CurveLines | null>();

function slopesIn(terms: Terms, window: Window, rates: Rates): Slopes | null {
  const { component } = terms;
  const quota = quotaIn(terms, window);
  if (quota !== null && quota.missing !== null) return null;
  const amount = quota?.amount ?? null;
  return slopesOfComponents.of(component, amount, () => {
    const ladder = ladderOf(component.tiers, amount);
    return ladder.unfounded ? null : slopesOf(ladder, rates);
  });
}

const ratesOfComponents = new WeakMap<Component, Rates | null>();

/**
 * The pay of each tier (or of the base, without tiers) for one unit of the measure, if the component pays only fixed
 * rates.
 */
function fixedRates(component: Component): Rates | null {
  let rates = ratesOfComponents.get(component);
  if (rates === undefined)
    ratesOfComponents.set(component, (rates = paysSlices(component) ? computedRates(component) : null));
  return rates;
}

function paysSlices({ isMoney, tiers, curve, crossing, axis, measure }: Component): boolean {
  if (!isMoney || curve !== null || axis.key !== measure.key) return false;
  return tiers.length === 0 || (crossing === 'split' && tiers.every(({ retroactive }) => retroactive === null));
}

function computedRates({ base, tiers, measure, currency }: Component): Rates | null {
  const unit = measure.unit === 'money' ? Exact.one : minorFactor(currency);
  const fixed = (pay: Pay | null): Exact | null => pay?.formula.constant?.times(unit) ?? null;
  const factors =
    tiers.length === 0
      ? [fixed(base)]
      : tiers.map(({ pay }) => (pay.kind === 'times' ? multiplied(fixed(base), pay) : fixed(pay)));
  return factors.every((factor) => factor !== null) ? ratesOf(factors) : null;
}

function multiplied(base: Exact | null, { formula }: Pay): Exact | null {
  return base === null || formula.constant === null ? null : base.times(formula.constant);
}

function flatSlopes({ unit, rates }: Rates): Slopes {
  return {
    scale: 1,
    unit,
    from: Float64Array.of(Number.NEGATIVE_INFINITY),
    rate: Float64Array.of(rates[0]!),
    paid: Float64Array.of(0),
  };
}

// A window of one deal has no quota.
function alone({ tiers }: Component, rates: Rates): Slopes | null {
  const ladder = ladderOf(tiers, null);
  return ladder.unfounded ? null : slopesOf(ladder, rates);
}

/** Whether all intermediate numbers are exact: `size` bounds every sum and every amount. */
function fits(size: number, { scale, from }: Slopes, { largest: rate }: Rates): boolean {
  const bound = from.length > 1 ? Math.max(Math.abs(from[1]!), Math.abs(from.at(-1)!)) : 0;
  return areExact((size * scale + 2 * bound) * rate);
}

/** Whether all sums of lines are exact. */
function isSummed({ earned, taken, trueUps, answered }: ColumnLines): boolean {
  const changed = trueUps.amount.reduce((sum, amount) => sum + Math.abs(amount), answered.size);
  return areExact(sumOf(earned) + (taken === null ? 0 : sumOf(taken)) + changed);
}

function countOf(payable: Uint8Array, first: number, after: number): number {
  let count = 0;
  for (let i = first; i < after; i += 1) count += payable[i]!;
  return count;
}

function sumOf(column: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < column.length; i += 1) sum += Math.abs(column[i]!);
  return sum;
}

function largest(...columns: readonly Float64Array[]): number {
  let most = 0;
  for (const column of columns) for (let i = 0; i < column.length; i += 1) most = Math.max(most, Math.abs(column[i]!));
  return most;
}
