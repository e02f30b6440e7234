import type { LocalDate } from '@attain/values';
import { statementPeriodOf } from '../plans/pay-periods.js';
import { payDate } from '../plans/pay-day.rules.js';
import type { Terms } from './entitlements.js';

/**
 * Whether a participant is eligible on a day: named by the version on that day, on the pay date of its pay period, or
 * on both. If the component requires it, the version must be signed and the participant not on leave.
 */
export function isEligible(terms: Terms, date: LocalDate): boolean {
  const { world, participant, version, component } = terms;
  const { on, signed, leave } = component.eligible;
  if (on !== 'pay date' && !isNamedOn(terms, date)) return false;
  if (on !== 'credit date' && !isNamedOn(terms, payDate(version, statementPeriodOf(terms, date)))) return false;
  if (signed && !world.hasSigned(participant, version)) return false;
  return leave === 'included' || !world.leaves(participant).some(({ from, to }) => from <= date && date <= to);
}

/**
 * Whether the pay for a whole window is owed at all. Somebody who leaves within the window is paid their part, unless
 * the pay date counts.
 */
export function isEligibleAfter(terms: Terms, date: LocalDate): boolean {
  const { world, participant, version, component } = terms;
  const { on, signed } = component.eligible;
  if (on !== 'credit date' && !isNamedOn(terms, payDate(version, statementPeriodOf(terms, date)))) return false;
  return !signed || world.hasSigned(participant, version);
}

function isNamedOn({ world, participant, version }: Terms, date: LocalDate): boolean {
  const row = world.row(participant, date);
  return row !== undefined && version.names(participant, row);
}
