import { isCurrency } from '@attain/values';
import type { PlanDocument } from '@attain/contracts';
import type { Report } from './expression.rules.js';

/** The problems of a plan's conversions and of the rates that it states. */
export function checkConversions(
  { convert, planRates, components }: PlanDocument,
  currency: string,
  report: Report,
): void {
  const uses = (['credits', 'pay'] as const).filter((key) => convert?.[key] === 'at plan rate');
  for (const key of uses)
    if (planRates === undefined)
      report(
        ['convert', key],
        'missing',
        `\`at plan rate\` needs \`planRates\`: what one unit of each other currency is in ${currency}`,
      );
  if (planRates === undefined) return;
  if (uses.length === 0)
    report(
      ['planRates'],
      'value',
      '`planRates` convert nothing: `convert` states neither `credits: at plan rate` nor `pay: at plan rate`',
    );
  for (const of of Object.keys(planRates)) {
    if (!isCurrency(of))
      report(['planRates', of], 'value', `expected a currency by its ISO 4217 code, such as EUR, found \`${of}\``);
    else if (of === currency)
      report(['planRates', of], 'value', `${of} is the currency of the plan itself, and needs no rate`);
  }
  for (const [index, component] of components.entries()) {
    const { currency: own = currency } = component;
    if (uses.length > 0 && own !== currency && planRates[own] === undefined)
      report(
        ['components', index, 'currency'],
        'value',
        `\`planRates\` have no rate for ${own}, in which the component pays`,
      );
  }
}
