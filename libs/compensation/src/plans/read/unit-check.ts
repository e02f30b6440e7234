import type { PlanComponent } from '@attain/contracts';
import { isCurrency } from '@attain/values';
import type { Report } from './expression.rules.js';

/**
 * The problems of a component that pays points or days off, which have a balance of their own and are never added to
 * money.
 */
export function checkUnit({ unit, curve, currency }: PlanComponent, problem: Report): void {
  if (unit === undefined) return;
  if (isCurrency(unit)) {
    const instead = currency === undefined ? `write \`currency: ${unit}\`` : 'leave `unit` out';
    problem(['unit'], 'value', `\`${unit}\` is a currency, and a unit is not money: ${instead}`);
  }
  if (curve?.some(({ rate }) => rate !== undefined))
    problem(
      ['curve', 0, 'rate'],
      'value',
      `a curve of a component that pays in \`${unit}\` states amounts by \`earns\`, not a \`rate\` of money`,
    );
}
