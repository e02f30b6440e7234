import type { Scenario } from './naive/company.js';

/** A company and its history as a scenario file, which `attain scenario FILE` runs. */
export function scenarioFile(
  { company, history }: Scenario,
  title: string,
  expectations: readonly unknown[] = [],
): string {
  const own = Object.entries({ company: 'Random', timeZone: 'UTC', ...company }).map(
    ([key, value]) => `  ${key}: ${listed(value)}`,
  );
  return [
    'attain: 1',
    `scenario: ${title}`,
    'company:',
    ...own,
    `history: ${listed(history)}`,
    `expect: ${listed(expectations)}`,
    '',
  ].join('\n');
}

// YAML reads JSON; an entry of a list has a line of its own.
function listed(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== 'object') return JSON.stringify(value);
  return value.map((one) => `\n    - ${JSON.stringify(one)}`).join('');
}
