import type { PlanComponent, PlanDocument } from '@attain/contracts';
import { Exact } from '@attain/values';
import { digitsOf, minorFactor } from '../../facts/money.rules.js';
import type { Report } from './expression.rules.js';

type Path = (string | number)[];

/** `{ to: 0.05 }` must be whole minor units. */
export function checkStep(rounding: PlanDocument['rounding'], path: Path, currency: string, report: Report): void {
  if (typeof rounding !== 'object' || rounding.to === undefined) return;
  const minor = Exact.parse(rounding.to).times(minorFactor(currency));
  if (minor.equals(Exact.of(minor.floor()))) return;
  report(
    [...path, 'to'],
    'value',
    `amounts in ${currency} have ${digitsOf(currency)} decimals, and cannot be rounded to ${rounding.to}`,
  );
}

/**
 * The amount that a component rounds to: its own, or the converted amount of its plan if it pays in another currency.
 */
export function checkComponentStep(
  { rounding, currency, unit }: PlanComponent,
  path: Path,
  plan: PlanDocument,
  planCurrency: string,
  report: Report,
): void {
  checkStep(rounding, [...path, 'rounding'], unit ?? currency ?? planCurrency, report);
  const isOwn = typeof rounding === 'string' || rounding?.to !== undefined;
  if (isOwn || unit !== undefined || currency === undefined || currency === planCurrency) return;
  checkStep(plan.rounding, ['rounding'], currency, report);
}
