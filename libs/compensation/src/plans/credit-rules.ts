import type { CreditDefinition } from '@attain/contracts';
import { compareBytes } from '@attain/values';
import { type Formula, formulaOf } from './formulas.js';
import type { Environment } from '../language/index.js';

/** Which records count for somebody, and how much of them. */
export interface CreditRules {
  /** Equal for rules that credit the same. */
  readonly key: string;
  readonly sales: boolean;
  readonly overlay: boolean;
  readonly reports: boolean;
  readonly through: readonly string[];
  readonly all: boolean;
  /** Every record for which one of these holds. */
  readonly where: readonly Formula[];
}

/** Rules as plans (`{ all: condition }`), or as quotas (texts) write them. */
export function creditRules(rules: readonly CreditDefinition[], environment: Environment): CreditRules {
  const texts = rules.filter((rule) => typeof rule === 'string');
  const conditions = rules.flatMap((rule) => (typeof rule === 'string' ? [] : [rule.all]));
  for (const text of texts) {
    if (!/^(sales|overlay|reports|all|through \S.*)$/.test(text))
      throw new Error(`unknown credit rule ${JSON.stringify(text)}`);
  }
  return {
    // What a condition means depends on the types of the fields that it names.
    key: JSON.stringify([
      [...texts].sort(compareBytes),
      ...(conditions.length > 0 ? [[...conditions].sort(compareBytes), [...environment.deal]] : []),
    ]),
    sales: texts.includes('sales'),
    overlay: texts.includes('overlay'),
    reports: texts.includes('reports'),
    through: texts.filter((text) => text.startsWith('through ')).map((text) => text.slice('through '.length)),
    all: texts.includes('all'),
    where: conditions.map((condition) => formulaOf(condition, environment)),
  };
}
