import type { PlanDocument } from '@attain/contracts';
import { Exact } from '@attain/values';

/** The rate that converts a credit, or a line into the pay currency: that of a day, or the plan's own. */
export type ConversionPolicy = 'credit date' | 'pay date' | 'plan rate';

/** The worth of one unit of each other currency in the plan's currency. */
export type PlanRates = ReadonlyMap<string, Exact>;

export function policyOf(written: NonNullable<NonNullable<PlanDocument['convert']>['pay']>): ConversionPolicy {
  return written === 'on credit date' ? 'credit date' : written === 'on pay date' ? 'pay date' : 'plan rate';
}

export function planRatesOf({ planRates = {} }: Pick<PlanDocument, 'planRates'>): PlanRates {
  return new Map(Object.entries(planRates).map(([currency, rate]) => [currency, Exact.parse(rate)]));
}
