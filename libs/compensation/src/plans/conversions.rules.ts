import { Exact, type LocalDate, type Period } from '@attain/values';
import { conversion } from './exchange.js';
import { minorFactor } from '../facts/money.rules.js';
import { type Paying, statementPeriodOf } from './pay-periods.js';
import type { Component } from './component.js';
import type { PlanVersion } from './plans.js';
import { payDate } from './pay-day.rules.js';
import type { World } from './world.js';

/** The factor from minor units of one currency to those of another by the rates of a plan; null if it has none. */
function planRate(
  { currency, planRates }: Pick<PlanVersion, 'currency' | 'planRates'>,
  from: string,
  to: string,
): Exact | null {
  if (from === to) return Exact.one;
  const worth = (of: string) => (of === currency ? Exact.one : (planRates.get(of) ?? null));
  const [given, wanted] = [worth(from), worth(to)];
  return given === null || wanted === null ? null : given.over(wanted).times(minorFactor(to)).over(minorFactor(from));
}

/** A conversion of credits by other rates than those of their own dates. */
export interface CreditConversion {
  /** Conversions with the same key give the same results. */
  readonly key: string;
  /** Like `planRate`. */
  factor(world: World, from: string, to: string, date: LocalDate): Exact | null;
}

const conversions = new WeakMap<Component, CreditConversion | null>();

/** The conversion of a component's credits; null for the rates of their own dates. */
export function creditConversion(paying: ComponentOf): CreditConversion | null {
  const { version, component } = paying;
  let found = conversions.get(component);
  if (found === undefined) conversions.set(component, (found = conversionOf(paying, version)));
  return found;
}

function conversionOf(paying: ComponentOf, version: PlanVersion): CreditConversion | null {
  switch (version.convert.credits) {
    case 'credit date':
      return null;
    case 'pay date': {
      const key = `at ${version.pays} ${paying.component.pays} ${version.payDay} ${JSON.stringify(version.fiscalYear)}`;
      return { key, factor: (world, from, to, date) => conversion(world, from, to, creditDay(paying, date)) };
    }
    case 'plan rate': {
      const key = `at ${version.currency} ${JSON.stringify([...version.planRates].map(([currency, rate]) => [currency, rate.toString()]))}`;
      return { key, factor: (_, from, to) => planRate(version, from, to) };
    }
  }
}

interface ComponentOf extends Paying {
  readonly version: PlanVersion;
  readonly component: Component;
}

/**
 * The day whose rate converts a credit: its own date, or the pay date of the statement in which the component pays it.
 */
export function creditDay(paying: ComponentOf, date: LocalDate): LocalDate {
  const { version } = paying;
  return version.convert.credits === 'pay date' ? payDate(version, statementPeriodOf(paying, date)) : date;
}

/**
 * The factor from an amount of a plan to the pay currency, by the rate of a day or by the plan's own; null without a
 * rate.
 */
export function payFactor(world: World, version: PlanVersion, from: string, to: string, date: LocalDate): Exact | null {
  return version.convert.pay === 'plan rate' ? planRate(version, from, to) : conversion(world, from, to, date);
}

/** The missing rate, as text. */
export function rateText({ convert, plan, version }: PlanVersion, date: LocalDate): string {
  return convert.pay === 'plan rate' ? `among the rates of the plan ${plan} ${version}` : `on ${date}`;
}

/**
 * The day whose rate converts the pay of a period's statement: the pay date, or the credit date if the plan chooses it.
 */
export function conversionDate(
  line: { version: PlanVersion; credit: { date: LocalDate } | null; date: LocalDate },
  period: Period,
): LocalDate {
  const { version, credit, date } = line;
  return version.convert.pay === 'credit date' ? (credit?.date ?? date) : payDate(version, period);
}
