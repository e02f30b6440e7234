import type { CreditDefinition } from '@attain/contracts';
import { compareBytes } from '@attain/values';
import { type Formula, formulaOf } from './formulas.js';
import type { Environment } from '../language/index.js';

/** The records that count for a participant, and the share of each. */
export interface CreditRules {
  /** Rules with the same key credit the same. */
  readonly key: string;
  readonly sales: boolean;
  readonly overlay: boolean;
  readonly reports: boolean;
  readonly through: readonly string[];
  readonly all: boolean;
  /** A record counts if it meets one of these. */
  readonly where: readonly Formula[];
}

/** Rules in the form of plans (`{ all: condition }`) or of quotas (texts). */
export function creditRules(rules: readonly CreditDefinition[], environment: Environment): CreditRules {
  const texts = rules.filter((rule) => typeof rule === 'string');
  const conditions = rules.flatMap((rule) => (typeof rule === 'string' ? [] : [rule.all]));
  for (const text of texts) {
    if (!/^(sales|overlay|reports|all|through \S.*)$/.test(text))
      throw new Error(`unknown credit rule ${JSON.stringify(text)}`);
  }
  return {
    // The meaning of a condition depends on the types of its fields.
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
