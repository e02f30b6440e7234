import { formatProblem } from '@attain/contracts';
import { Command } from 'commander';
import { runScenario, type ScenarioResult, type CheckedExpectation } from '../scenario/run-scenario.js';
import { readScenarios } from '../scenario/scenario-file.js';
import { counted, exitCodes, Stop, type Terminal } from './terminal.js';

export function scenarioCommand(terminal: Terminal): Command {
  return new Command('scenario')
    .summary('run scenario files')
    .description(
      'Runs scenario files: a company, its history and the numbers that you expect. Each file runs through the real commands, store, ' +
        'projections and engine. The command prints each expectation beside the result. It exits with 1 if an expectation fails, a step is ' +
        'rejected unexpectedly, or a file uses the pay cycle, which this version lacks.',
    )
    .argument('<files...>', 'scenario files, directories or patterns')
    .option('--json', 'print the results as JSON')
    .option('-q, --quiet', 'print failures and the count only')
    .addHelpText('after', '\nExample:\n  attain scenario apps/attain/scenarios')
    .action(async (names: string[], options: { json?: boolean; quiet?: boolean }) => {
      const { scenarios, problems } = await readScenarios(names);
      const results: ScenarioResult[] = [];
      if (!options.json) for (const problem of problems) terminal.out(`✗ ${formatProblem(problem)}\n`);
      for (const scenario of scenarios) {
        const result = await runScenario(scenario);
        results.push(result);
        if (!options.json && !(options.quiet && result.passed)) terminal.out(asText(result));
      }
      const failed = results.filter(({ passed }) => !passed).length;
      if (options.json) terminal.out(`${JSON.stringify({ problems, scenarios: results }, null, 2)}\n`);
      else
        terminal.out(
          `${results.length - failed} of ${results.length} scenarios passed${problems.length > 0 ? `, ${problems.length} errors in their files` : ''}\n`,
        );
      if (failed > 0 || problems.length > 0)
        throw new Stop(exitCodes.no, '', {
          code: 'SCENARIOS_FAILED',
          detail: `${failed} of ${results.length} scenarios failed, and the files have ${counted(problems.length, 'error')}`,
        });
    });
}

function asText({ file, line, scenario, passed, expectations, problems, orders, otherwise }: ScenarioResult): string {
  const lines = [
    `${passed ? '✓' : '✗'} ${scenario} (${file}:${line})`,
    ...linesOf(expectations),
    ...problems.map((problem) => `  ✗ ${formatProblem(problem)}`),
  ];
  if (orders > 0 && passed) lines.push(`  ✓ the same in ${orders} other orders of its facts`);
  if (otherwise) {
    lines.push(`  ✗ another result when the history is recorded in this order: ${otherwise.facts.join(', ')}`);
    lines.push(
      ...linesOf(otherwise.expectations.filter(({ failures }) => failures.length > 0)),
      ...otherwise.problems.map((problem) => `  ✗ ${formatProblem(problem)}`),
    );
  }
  return lines.map((text) => `${text}\n`).join('');
}

function linesOf(expectations: readonly CheckedExpectation[]): string[] {
  return expectations.flatMap(({ title, came, failures, file }) => [
    `  ${failures.length === 0 ? '✓' : '✗'} ${title}: ${came}`,
    ...failures.map(({ line, expected, actual }) => `      ${file}:${line}: expected ${expected}, came out ${actual}`),
  ]);
}
