import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkPlan, runExamples, type Uses } from '@attain/compensation';
import { libraryCompany, libraryFolder, type LibraryPlan, libraryPlans } from './plan-library.js';

const company = libraryCompany();
const plans = libraryPlans();

/** A company that has what the plan needs, and nothing else of the library. */
function companyWith({ needs }: LibraryPlan): Uses {
  const pick = <Value>(all: Readonly<Record<string, Value>> = {}, names: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  const tables = needs.tables.map((table) => {
    const [columns = [], ...rows] = readFileSync(join(libraryFolder, `tables/${table}.csv`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    return [table, { columns, rows }] as const;
  });
  return {
    currency: company.currency,
    measures: pick(company.measures, needs.measures),
    fields: pick(company.fields, needs.fields),
    tables: Object.fromEntries(tables),
  };
}

describe('The typical plans', () => {
  it('are a dozen, each with a sentence on when to use it, in the list of the README', () => {
    expect(plans.length).toBeGreaterThanOrEqual(12);
    const readme = readFileSync(join(libraryFolder, 'README.md'), 'utf8');
    for (const { name, useFor } of plans) {
      expect(useFor).toMatch(/^\S.{20,}\.$/);
      expect(readme).toContain(`| [${name}](${name}.yaml) | ${useFor.replace(/\.$/, '')} |`);
    }
  });

  it.each(plans.map((plan) => [plan.name, plan] as const))(
    '%s computes its examples in a company that has just what it needs',
    (_, plan) => {
      const uses = companyWith(plan);
      expect(checkPlan(plan.document, uses)).toEqual([]);
      const examples = runExamples(plan.document, uses);
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.filter(({ passed }) => !passed)).toEqual([]);
    },
  );
});
