import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkPlan } from '@attain/compensation';
import { type DocumentProblem, formatProblem } from '@attain/contracts';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { examplesFolder, keysUsedIn, pagesFolder, planKeys, sections } from './plan-language.fixture.js';
import { runScenario } from './run-scenario.js';
import { readScenarios } from './scenario-file.js';

const all = sections();
const keys = planKeys();
const examples = readdirSync(examplesFolder).filter((name) => name.endsWith('.yaml'));

/** Keys that `attain check` refuses, each as a scenario that uses it; one that is not refused any more must be described. */
const refused: Readonly<Record<string, string>> = {
  'history.dispute': [
    'scenario: Refused',
    'company: { currency: USD, people: [ { id: ann, role: AE, from: 2025-01-01 } ] }',
    'history: [ { at: 2025-01-02, dispute: { participant: ann } } ]',
    '',
  ].join('\n'),
};

/** Keys that the JSON Schema lets pass in a place where the check of plans refuses them. */
const outOfPlace = new Map([
  ['plan cap.count', { cap: { count: '3', per: 'month' } }],
  ['plan cap.share', { cap: { share: '200%' } }],
]);
const smallest = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [{ name: 'C', measure: 'revenue', rate: '10%' }],
};
const uses = { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' as const } } };

async function problemsOf(file: string): Promise<DocumentProblem[]> {
  const { scenarios, problems } = await readScenarios([file]);
  const found = [...problems];
  for (const scenario of scenarios) {
    const result = await runScenario(scenario);
    found.push(...result.problems);
    for (const { title, failures } of result.expectations) {
      for (const { line, expected, actual } of failures)
        found.push({
          file,
          line,
          column: 1,
          path: [],
          code: 'expectation',
          message: `${title}: expected ${expected}, came out ${actual}`,
        });
    }
  }
  return found;
}

describe('The plan language as its pages describe it', () => {
  it('has every key of a plan and of company.yaml, and every step of a history, in the heading of one section', () => {
    const described = all
      .flatMap((section) => section.keys.map((key) => [key, section.page] as const))
      .filter(([key]) => keys.has(key));
    const pagesOf = new Map<string, string[]>();
    for (const [key, page] of described) pagesOf.set(key, [...(pagesOf.get(key) ?? []), page]);
    expect([...keys.keys()].filter((key) => !pagesOf.has(key) && !(key in refused))).toEqual([]);
    expect([...pagesOf].filter(([, pages]) => pages.length > 1)).toEqual([]);
    expect(
      all.flatMap((section) => section.keys.filter((key) => !keys.has(key)).map((key) => `${section.page}: ${key}`)),
    ).toEqual([]);
  });

  it('has a description of each key for editors', () => {
    const plain = (text: string) => text.replace(/`/g, '').replace(/\s+/g, ' ');
    const missing = all.flatMap(({ page, text, keys: named }) =>
      named.flatMap((key) =>
        [...keys.get(key)!.places.values()]
          .filter((sentence) => !plain(text).includes(plain(sentence)))
          .map((sentence) => `${page}, ${key}: ${sentence}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('shows each key in an example, as in a file', () => {
    const without = all.flatMap(({ page, keys: named, excerpts }) => {
      const used = new Set(excerpts.flatMap(({ example }) => (example === undefined ? [] : [...keysUsedIn(example)])));
      return named.flatMap((key) =>
        [...keys.get(key)!.places.keys()]
          .filter((place) => !used.has(`${place} ${key}`) && !outOfPlace.has(`${place} ${key}`))
          .map((place) => `${page}: no example uses ${key} in a ${place}`),
      );
    });
    expect(without).toEqual([]);
    const strange = all.flatMap(({ page, heading, excerpts }) =>
      excerpts
        .filter(({ lines, example }) => example === undefined || !isIn(lines, example))
        .map(({ lines }) => `${page}, ${heading}: ${lines[0]}`),
    );
    expect(strange).toEqual([]);
  });

  it('has an index in which each key leads to its page, and each example is used by a page', () => {
    const index = readFileSync(join(pagesFolder, 'README.md'), 'utf8');
    const pageOf = (key: string) => all.find((section) => section.keys.includes(key))?.page;
    expect(
      [...keys.keys()].filter(
        (key) =>
          pageOf(key) !== undefined &&
          !index.includes(`| \`${key}\` | [${pageOf(key)!.replace('.md', '')}](${pageOf(key)}) |`),
      ),
    ).toEqual([]);
    const shown = new Set(all.flatMap(({ excerpts }) => excerpts.map(({ example }) => example)));
    expect(examples.filter((example) => !shown.has(example))).toEqual([]);
  });

  it.each(examples)('computes the numbers of the example: %s', async (name) => {
    expect((await problemsOf(join(examplesFolder, name))).map(formatProblem)).toEqual([]);
  });

  it.each([...outOfPlace])('needs no example of %s, which is refused', (key, part) => {
    expect(checkPlan({ ...smallest, ...part }, uses).map(({ path }) => `plan ${path.join('.')}`)).toContain(key);
  });

  it.each(Object.entries(refused))(
    'leaves out %s only while it is refused as a step of the pay cycle',
    async (key, text) => {
      const place = await scratch();
      try {
        await writeFolder(place.path, { 'refused.yaml': text });
        expect((await problemsOf(join(place.path, 'refused.yaml'))).map(({ code }) => code)).toContain('not-supported');
      } finally {
        await place.gone();
      }
    },
  );
});

/** Whether the example contains the lines one after the other, at any indentation. */
function isIn(lines: readonly string[], example: string): boolean {
  const written = readFileSync(join(examplesFolder, example), 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return written.some((_, start) => lines.every((line, index) => written[start + index] === line.trim()));
}
