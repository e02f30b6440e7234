import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { checkPlan } from '../plans/read/plan-check.js';
import { compared } from '../testing/compared.js';
import type { Scenario } from '../testing/naive/company.js';
import { randomCompany } from '../testing/random-company.js';
import { scenarioFile } from '../testing/scenario-file.js';

// Each company is computed twice, the second time slowly: CI checks COMPANIES_RUNS of them, a developer's run only a
// few.
const numRuns = Number(process.env['COMPANIES_RUNS'] ?? 60);
const seed = process.env['LAWS_SEED'];
jest.setTimeout(7_200_000);

const DAYS = ['2025-03-31', '2025-06-30', '2025-12-31'];

/** The lines that only one engine has; empty where both agree. */
function differing(scenario: Scenario): { product: string[]; naive: string[] } {
  const { product, naive } = compared(scenario, DAYS);
  return { product: without(product, naive), naive: without(naive, product) };
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

describe('a random company with all features', () => {
  it('has the same earnings and pay in the product and in the naive engine', () => {
    fc.assert(
      fc.property(randomCompany(), (scenario) => {
        const { company } = scenario;
        for (const plan of company.plans) expect(checkPlan(plan, company as never)).toEqual([]);
        const { product, naive } = differing(scenario);
        if (product.length + naive.length > 0)
          throw new Error(
            `\nonly the product:\n${product.slice(0, 12).join('\n')}\nonly the naive engine:\n${naive.slice(0, 12).join('\n')}\n\n${scenarioFile(scenario, 'The smallest company on which two engines differ')}`,
          );
      }),
      { numRuns, ...(seed !== undefined && { seed: Number(seed) }), reporter },
    );
  });
});

/** Reports only the smallest failing company, as a file. */
function reporter(out: fc.RunDetails<[Scenario]>): void {
  if (!out.failed) return;
  throw new Error(
    `seed ${out.seed}, path ${out.counterexamplePath}, after ${out.numRuns} companies and ${out.numShrinks} steps of shrinking: ${(out.errorInstance as Error | null)?.message ?? 'no message'}`,
  );
}
