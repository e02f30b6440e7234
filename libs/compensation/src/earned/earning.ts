import type { LocalDate } from '@attain/values';
import { type Credit, creditsOf, type Credits, firstAfter, firstFrom } from '../credits/credits.js';
import type { CreditMoney } from '../credits/shares.js';
import { isEligible } from './eligibility.rules.js';
import { scopeOf, type Terms } from './entitlements.js';
import { creditConversion } from '../plans/conversions.rules.js';
import { holds } from '../plans/formulas.js';
import type { Component, WindowOfTime } from '../plans/component.js';
import type { PlanVersion } from '../plans/plans.js';
import type { Window } from '../plans/quotas.rules.js';
import { participant as subject, stampOf } from '../credits/subjects.js';
import { windowOf } from '../plans/windows.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';

/** How the credits of a component are converted into its currency. */
export function creditMoney(version: PlanVersion, component: Component): CreditMoney {
  return { currency: component.currency, by: creditConversion({ version, component }) };
}

/** The credits of a participant for the component's paid measure and for the measure of its tiers. */
export function creditsFor({ world, participant, version, component }: Terms): { paid: Credits; axis: Credits } {
  const who = subject(participant);
  const money = creditMoney(version, component);
  const paid = creditsOf(world, who, component.measure, component.credit, money);
  if (component.axis.key === component.measure.key) return { paid, axis: paid };
  return { paid, axis: creditsOf(world, who, component.axis, component.credit, money) };
}

/**
 * For each credit whether a version pays it: the version applies to the participant on its date, the participant is
 * eligible, and the condition is met.
 */
export function payableOf(terms: Terms, inForce: PlanInForce, credits: Credits): Uint8Array {
  const { world, participant, component } = terms;
  const key = `payable ${component.key} ${participant}`;
  return world.remember(
    key,
    stampOf(world, subject(participant), component.credit),
    () => {
      const { list } = credits;
      const payable = new Uint8Array(list.length);
      let [last, assigned] = ['', false];
      let origins: ReadonlyMap<Credit['record'], LocalDate> | null = null;
      for (let i = firstFrom(list, inForce.from); i < list.length && list[i]!.date <= inForce.to; i += 1) {
        const { date, nth, record } = list[i]!;
        if (nth > 0) {
          origins ??= new Map(list.filter((credit) => credit.nth === 0).map((credit) => [credit.record, credit.date]));
          if (isClawedBack(terms, origins.get(record) ?? date)) continue;
        }
        if (date !== last) {
          last = date;
          assigned = isEligible(terms, date);
        }
        // The answer of a condition about the window may change until the window ends.
        if (assigned && (component.where === null || component.where.isWindowed || isMet(terms, list[i]!)))
          payable[i] = 1;
      }
      return payable;
    },
    'facts',
  );
}

/**
 * Whether reversals of a record are clawed back instead of earning a negative amount, by the version in force on the
 * record's day.
 */
function isClawedBack({ world, version, component }: Terms, date: LocalDate): boolean {
  const life = world.plans().find(({ plan }) => plan === version.plan);
  const inForce = life?.versions.find(({ from, to }) => from <= date && date <= to);
  const own =
    inForce === undefined ? component : inForce.version.components.find(({ name }) => name === component.name);
  return (own ?? component).clawback !== null;
}

/** The last day with a credit, paid or not, while a version applies to the participant; null without any. */
export function lastCreditDay(
  { world, participant, version }: Terms,
  inForce: PlanInForce,
  { list }: Credits,
): LocalDate | null {
  for (let i = list.length - 1; i >= 0 && list[i]!.date >= inForce.from; i -= 1) {
    const { date } = list[i]!;
    if (date > inForce.to) continue;
    const row = world.row(participant, date);
    if (row !== undefined && version.names(participant, row)) return date;
  }
  return null;
}

/** Whether a record meets the condition of a component. */
export function isMet(terms: Terms, credit: Credit): boolean {
  const scope = scopeOf(terms, credit);
  return scope !== null && holds(terms.component.where!, scope);
}

/** A window with its credits: from the index `first` up to and without `after`. */
export interface Span {
  readonly window: Window;
  readonly first: number;
  readonly after: number;
}

/** The windows of a kind that hold credits, in order. */
export function spansOf(terms: Terms, life: PlanLife, kind: WindowOfTime, credits: Credits): readonly Span[] {
  const { world, participant, version, component } = terms;
  const { list } = credits;
  const { starts, calendar, week } = version.fiscalYear;
  const key = `spans ${kind} ${kind === 'plan' ? `${life.plan} ${life.from} ${life.to}` : ''} ${starts} ${calendar} ${week ?? ''} ${credits.key}`;
  return world.remember(
    key,
    stampOf(world, subject(participant), component.credit),
    () => {
      const spans: Span[] = [];
      for (let first = kind === 'plan' ? firstFrom(list, life.from) : 0; first < list.length;) {
        if (kind === 'plan' && list[first]!.date > life.to) break;
        const window = windowOf(kind, list[first]!.date, version.calendar, life);
        const after = endOf(credits, window.to);
        spans.push({ window, first, after });
        first = after;
      }
      return spans;
    },
    'facts',
  );
}

/** The index after the last credit up to a date. */
export function endOf({ list }: Credits, to: LocalDate): number {
  return firstAfter(list, to);
}
