import { readdirSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatProblem } from '@attain/contracts';
import { demoFolder, root, scratch, writeFolder } from '../journeys/booted.fixture.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import { readScenarios } from './scenario-file.js';

async function ran(file: string): Promise<ScenarioResult[]> {
  const { scenarios, problems } = await readScenarios([file]);
  expect(problems.map(formatProblem)).toEqual([]);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) results.push(await runScenario(scenario));
  return results;
}
const failing = (results: readonly ScenarioResult[]) =>
  results.flatMap(({ scenario, expectations, problems, otherwise }) => [
    ...[...expectations, ...(otherwise?.expectations ?? [])].flatMap(({ title, failures }) =>
      failures.map(
        ({ line, expected, actual }) => `${scenario}, line ${line}, ${title}: expected ${expected}, came out ${actual}`,
      ),
    ),
    ...[...problems, ...(otherwise?.problems ?? [])].map(formatProblem),
  ]);
const files = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();

describe('The product’s own scenarios', () => {
  const own = join(root, 'apps/attain/scenarios');
  it.each(files(own))('%s', async (name) => {
    const results = await ran(join(own, name));
    expect(failing(results)).toEqual([]);
    expect(results.every(({ passed, expectations }) => passed && expectations.length > 0)).toBe(true);
  });
});

describe('The stories of the demo', () => {
  it.each(files(join(demoFolder, 'scenarios')))('%s', async (name) => {
    expect(failing(await ran(join(demoFolder, 'scenarios', name)))).toEqual([]);
  });
});

describe('A scenario', () => {
  let place: Awaited<ReturnType<typeof scratch>>;
  beforeEach(async () => {
    place = await scratch();
  });
  afterEach(() => place.gone());

  const company = [
    'company:',
    '  currency: USD',
    '  measures: { revenue: { counts: amount, of: deals } }',
    '  people: [ { id: ann, role: AE, from: 2025-01-01 } ]',
    '  plans:',
    '    - { plan: AE, version: 1, effective: { from: 2025-01-01 }, assignedTo: { roles: [AE] }, pays: monthly, components: [ { name: C, measure: revenue, rate: 10% } ] }',
  ];
  /** The lines of a history, which begin at line 9. */
  async function run(...lines: string[]): Promise<{ results: ScenarioResult[]; problems: string[] }> {
    const file = join(place.path, 'one.yaml');
    await writeFolder(place.path, { 'one.yaml': ['scenario: One', ...company, 'history:', ...lines, ''].join('\n') });
    const { scenarios, problems } = await readScenarios([file]);
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) results.push(await runScenario(scenario));
    const all = [...problems, ...results.flatMap((result) => result.problems)];
    return { results, problems: all.map((problem) => formatProblem(problem).replace(`${place.path}/`, '')) };
  }
  const won = '  - { at: 2025-01-10, won: { id: D1, owner: ann, amount: 100, closed: 2025-01-10 } }';

  it('fails with the expected and the actual number, file and line when they differ', async () => {
    const { results } = await run(
      won,
      '  - close: 2025-01',
      'expect:',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    payable: 11.00',
      '    lines: [ { deal: D2, amount: 10.00 }, { deal: D3 } ]',
    );
    const [{ passed, expectations }] = results as [ScenarioResult];
    expect(passed).toBe(false);
    expect(expectations[0]?.failures.map(({ line, expected, actual }) => [line, expected, actual])).toEqual([
      [13, 'payable 11.00', '10.00'],
      [14, 'lines.0.deal D2', 'D1'],
      [14, 'lines.1 deal D3', 'no such line'],
    ]);
  });

  it('fails when a statement has an unexpected line', async () => {
    const { results } = await run(
      won,
      '  - close: 2025-01',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    lines: []',
    );
    expect(results[0]?.expectations[0]?.failures.map(({ actual }) => actual)).toEqual(['earning D1 10.00']);
  });

  it('fails when a step is accepted instead of refused, or is refused for another reason', async () => {
    expect(
      (
        await run(
          '  - { at: 2025-01-10, refused: DEAL_EXISTS, won: { id: D1, owner: ann, amount: 100, closed: 2025-01-10 } }',
        )
      ).problems,
    ).toEqual(['one.yaml:9:45: history[0]: expected to be refused with DEAL_EXISTS, but it was accepted']);
    expect(
      (await run(won, '  - { at: 2025-01-11, refused: DEAL_EXISTS, split: { deal: D1, revenue: { ann: 50% } } }'))
        .problems[0],
    ).toMatch(
      /^one\.yaml:10:\d+: history\[1\]: expected to be refused with DEAL_EXISTS, but it was refused with SPLIT_TOTAL/,
    );
  });

  it('fails when a step is refused unexpectedly', async () => {
    expect((await run(won, '  - { at: 2025-01-11, split: { deal: D1, revenue: { ann: 50% } } }')).problems[0]).toMatch(
      /^one\.yaml:10:\d+: .*refused with SPLIT_TOTAL/,
    );
  });

  it('with a step of the pay cycle is refused at its place, and never passes', async () => {
    const { problems } = await run(won, '  - { at: 2025-01-11, dispute: { participant: ann } }', '  - close: 2025-01');
    expect(problems).toEqual([
      'one.yaml:10:23: history[1].dispute: a dispute is a step of the pay cycle, which this version does not have: leave it out',
    ]);
  });

  it('lists its facts in the order in which they become known', async () => {
    const { problems } = await run('  - close: 2025-01', won);
    expect(problems[0]).toMatch(
      /^one\.yaml:10:\d+: becomes known at 2025-01-10T00:00:00\.000Z, before the step above it \(2025-01-31T23:59:59\.999Z\)/,
    );
  });

  it('recorded in every other order fails when an order matters', async () => {
    const split = '  - { at: 2025-01-10, split: { deal: D1, revenue: { ann: 100% } } }';
    const { results } = await run(
      '  - { at: 2025-01-09, deal: { id: D1, owner: ann, amount: 100 } }',
      won,
      split,
      won.replaceAll('D1', 'D2'),
      '  - close: 2025-01',
      'expect:',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    payable: 20.00',
      'shuffle: yes',
    );
    expect(results).toMatchObject([{ passed: true, orders: 2 }]);
  });

  it('keeps the past when it is asked as of a date between two steps', async () => {
    const { results } = await run(
      won,
      '  - { at: 2025-01-20, changed: { deal: D1, amount: 200 } }',
      '  - earned: { participant: ann, period: 2025-01, asOf: 2025-01-15 }',
      '    amount: 10.00',
      '  - earned: { participant: ann, period: 2025-01, asOf: 2025-01-20 }',
      '    amount: 20.00',
      '  - earned: { participant: ann, period: 2025-01, asOf: 2025-01-20, effective: 2025-01-09 }',
      '    amount: 0',
    );
    expect(failing(results)).toEqual([]);
  });

  it('reads no company and no file outside of its company folder, or of its own folder', async () => {
    await writeFolder(place.path, {
      'secret.csv': 'id,owner,amount,closed\nS1,ann,424242.00,2025-01-10\n',
      'other/company.yaml': 'currency: USD\n',
      'own/company.yaml': 'currency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
      'own/sources/crm.yaml':
        'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: owner, amount: amount, closed: closed }\n',
      'own/exports/deals.csv': 'id,owner,amount,closed\nD1,,1.00,2025-01-10\n',
    });
    await symlink(join(place.path, 'secret.csv'), join(place.path, 'own/exports/link.csv'));
    const tried = async (file: string, company: string, step: string) => {
      await writeFolder(place.path, {
        [file]: `scenario: One\ncompany: ${company}\nhistory:\n  - { at: 2025-02-01, ${step} }\n`,
      });
      return (await ran(join(place.path, file)))
        .flatMap(({ problems }) => problems.map(formatProblem))
        .join('\n')
        .replaceAll(`${place.path}/`, '');
    };
    const fine = 'import: { source: crm, file: ../exports/deals.csv }';
    expect(await tried('own/scenarios/s.yaml', '..', fine)).toBe('');
    expect(await tried('own/scenarios/s.yaml', '../../other', fine)).toMatch(
      /^own\/scenarios\/s\.yaml:2:10: \.\.\/\.\.\/other leads out of/,
    );
    expect(await tried('own/scenarios/s.yaml', join(place.path, 'own'), fine)).toMatch(
      /^own\/scenarios\/s\.yaml:2:10: .*absolute path/,
    );
    for (const file of [
      '../../secret.csv',
      '../exports/link.csv',
      join(place.path, 'secret.csv'),
      '../../nothing.csv',
    ]) {
      expect(await tried('own/scenarios/s.yaml', '..', `import: { source: crm, file: ${file} }`)).toMatch(
        /^own\/scenarios\/s\.yaml:4:\d+: .*refused with FILE_OUTSIDE: /,
      );
    }
    expect(await tried('own/scenarios/s.yaml', '..', 'import: { source: ../../x.yaml }')).toMatch(/FILE_OUTSIDE/);
    expect(await tried('own/scenarios/s.yaml', '..', 'import: { source: crm, file: nothing.csv }')).toMatch(
      /FILE_UNKNOWN: there is no file nothing\.csv/,
    );
    expect(await tried('scenarios/s.yaml', '../own', 'import: { source: crm, file: ../own/exports/deals.csv }')).toBe(
      '',
    );
    expect(await tried('scenarios/s.yaml', '../own', 'import: { source: crm, file: ../secret.csv }')).toMatch(
      /FILE_OUTSIDE/,
    );
  });

  it('imports a file through a source beside it, as further rows', async () => {
    await writeFolder(place.path, {
      'crm.yaml':
        'source: crm\nfiles: deals.csv\nas: deals\ndates: d.M.yyyy\nnumbers: 1.234,56\ndelimiter: ;\ncolumns: { id: Nr, owner: Wer, amount: Betrag, closed: Am }\n',
      'deals.csv': 'Nr;Wer;Betrag;Am\nD7;ann;1.000,50;15.1.2025\n',
      'later.csv': 'Nr;Wer;Betrag;Am\nD7;ann;2.000,50;15.1.2025\n',
    });
    const { results, problems } = await run(
      won,
      '  - { at: 2025-01-20, import: { source: crm.yaml } }',
      '  - { at: 2025-01-21, cancelled: { deal: D1, date: 2025-01-21 } }',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    payable: 100.05',
      '  - { at: 2025-01-25, import: { source: crm.yaml, file: later.csv } }',
      '  - close: 2025-01',
      '  - { at: 2025-02-01, changed: { deal: D7, amount: 3000.50 } }',
      '  - close: 2025-02',
      'expect:',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    payable: 200.05',
      '  - statement: { participant: ann, period: 2025-02 }',
      '    lines: [ { for: 2025-01, deal: crm:D7, cause: changed, amount: 100.00 } ]',
    );
    expect([...problems, ...failing(results)]).toEqual([]);
  });
});
