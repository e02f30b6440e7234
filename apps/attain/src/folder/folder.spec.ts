import { mkdir, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatProblem } from '@attain/contracts';
import type { StoredEvent } from '@attain/eventsourcing';
import { createInstance, EVENT_STORE, HISTORY, type Instance } from '@attain/service';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { services } from '../modules.js';
import { checkFolder } from './check-folder.js';
import { readFolder } from '@attain/pipeline';
import { recordContents } from './record-contents.js';

const sound = {
  'company.yaml': 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv':
    'id,name,role,manager,from\nmo,Mo,Manager,,2025-01-01\nann,Ann,AE,mo,2025-01-01\nbob,Bob,AE,mo,2025-01-01\n',
  'quotas.csv': 'for,measure,period,amount\nann,revenue,2025-01,1000\nbob,revenue,2025-01,2000\n',
  'plans/ae.yaml':
    'plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ { name: Commission, measure: revenue, rate: 10% } ]\n',
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals*.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed }\n',
  'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,100.00,2025-01-10\nD2,bob,200.00,2025-01-11\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(() => place.gone());

describe('A company folder', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = await createInstance(services, { logLevel: 'silent' });
  });
  afterEach(() => instance.close());

  /** Writes and imports the folder; returns the recorded result. */
  async function imported(files: Readonly<Record<string, string>>, recorded: string): Promise<StoredEvent[]> {
    await place.gone();
    await writeFolder(place.path, files);
    const store = instance.get(EVENT_STORE);
    const after = await store.head();
    const { contents, problems } = await readFolder(place.path);
    const outcome = await recordContents(instance, contents!, { actor: 'test', correlation: 'test', recorded });
    expect([...problems, ...outcome.problems].map(formatProblem)).toEqual([]);
    await instance.caughtUp();
    const events: StoredEvent[] = [];
    for await (const page of store.readAll({ after })) events.push(...page);
    return events;
  }
  const facts = (events: readonly StoredEvent[]) =>
    events.map(({ type, stream }) => `${type} ${stream}`).filter((fact) => !fact.includes(' import-'));

  it('is recorded whole, at one instant', async () => {
    const events = await imported(sound, '2025-02-01T00:00:00.000Z');
    expect(new Set(events.map(({ meta }) => meta.recorded))).toEqual(new Set(['2025-02-01T00:00:00.000Z']));
    expect(facts(events).filter((fact) => fact.startsWith('Participant'))).toHaveLength(6);
    expect(instance.get(HISTORY).statement({ participant: 'ann', period: '2025-01' }).payable).toBe('10.00');
  });

  it('that drops a measure in use, or changes its currency, is refused at its company.yaml, with the uses', async () => {
    const both = sound['company.yaml'].replace('deals }', 'deals }, logos: { counts: 1, of: deals }');
    const quotas = `${sound['quotas.csv']}ann,logos,2025-01,3\n`;
    await imported({ ...sound, 'company.yaml': both, 'quotas.csv': quotas }, '2025-02-01T00:00:00.000Z');
    const refused = async (files: Readonly<Record<string, string>>) => {
      await place.gone();
      await writeFolder(place.path, files);
      const { contents } = await readFolder(place.path);
      const { problems } = await recordContents(instance, contents!, {
        actor: 'test',
        correlation: 'test',
        recorded: '2025-02-02T00:00:00.000Z',
      });
      return problems.map((problem) => formatProblem(problem).replaceAll(`${place.path}/`, ''));
    };
    const euros = { ...sound, 'company.yaml': both.replace('USD', 'EUR'), 'quotas.csv': quotas };
    expect((await refused(euros))[0]).toMatch(
      /^company\.yaml:\d+:1: Amounts without a currency are in: USD cannot become EUR: deals/,
    );
    const renamed = {
      ...sound,
      'company.yaml': both.replace('revenue', 'sales'),
      'quotas.csv': sound['quotas.csv'].replaceAll('revenue', 'sales'),
    };
    expect((await refused(renamed))[0]).toMatch(/^company\.yaml:\d+:1: The measure revenue is in use: plan AE 1/);
    // The quota is withdrawn by the same folder.
    expect((await facts(await imported(sound, '2025-02-03T00:00:00.000Z'))).sort()).toEqual([
      'CompanyConfigured company-main',
      'QuotaWithdrawn quota-ann~logos',
    ]);
  });

  it('records nothing without changes', async () => {
    await imported(sound, '2025-02-01T00:00:00.000Z');
    expect(facts(await imported(sound, '2025-02-02T00:00:00.000Z'))).toEqual([]);
  });

  it('records changes by their kind, and retracts missing rows', async () => {
    await imported(sound, '2025-02-01T00:00:00.000Z');
    const changed = {
      ...sound,
      'people.csv': 'id,name,role,manager,from\nmo,Mo,Manager,,2025-01-01\nann,Ann,AE,mo,2025-01-01\n',
      'quotas.csv': 'for,measure,period,amount\nann,revenue,2025-01,1500\n',
      'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,120.00,2025-01-12\n',
    };
    expect(facts(await imported(changed, '2025-02-02T00:00:00.000Z')).sort()).toEqual([
      'DealRedated deal-crm:D1',
      'DealRepriced deal-crm:D1',
      'DealRetracted deal-crm:D2',
      'ParticipantAssignmentRetracted participant-bob',
      'ParticipantNamed participant-bob',
      'QuotaChanged quota-ann~revenue',
      'QuotaWithdrawn quota-bob~revenue',
    ]);
  });

  it('assigns the objectives of objectives.csv, and withdraws those that it no longer names', async () => {
    const objectives =
      'for,component,period,name,weight\nann,Goals,2025-Q1,Playbook,40%\nann,Goals,2025-Q1,Partners,60%\nmo,Goals,2025-Q1,Playbook,1/3\n';
    const assigned = facts(await imported({ ...sound, 'objectives.csv': objectives }, '2025-02-01T00:00:00.000Z'));
    expect(assigned.filter((fact) => fact.startsWith('Objective'))).toEqual([
      'ObjectiveAssigned objective-ann',
      'ObjectiveAssigned objective-ann',
      'ObjectiveAssigned objective-mo',
    ]);
    const changed = objectives
      .replace('40%', '2/5')
      .replace('ann,Goals,2025-Q1,Partners,60%\n', '')
      .replace('1/3', '2/3');
    expect(facts(await imported({ ...sound, 'objectives.csv': changed }, '2025-02-02T00:00:00.000Z')).sort()).toEqual([
      'ObjectiveAssigned objective-mo',
      'ObjectiveWithdrawn objective-ann',
    ]);
    expect(facts(await imported(sound, '2025-02-03T00:00:00.000Z')).sort()).toEqual([
      'ObjectiveWithdrawn objective-ann',
      'ObjectiveWithdrawn objective-mo',
    ]);
  });

  it('retracts a plan that it no longer has, and requires another version for a changed plan', async () => {
    await imported(sound, '2025-02-01T00:00:00.000Z');
    const { 'plans/ae.yaml': plan, ...others } = sound;
    await writeFolder(place.path, { 'plans/ae.yaml': plan.replace('10%', '12%') });
    const { contents } = await readFolder(place.path);
    const { problems } = await recordContents(instance, contents!, { actor: 'test', correlation: 'test' });
    expect(problems).toMatchObject([{ code: 'VERSION_EXISTS', line: 1 }]);
    expect(facts(await imported(others, '2025-02-03T00:00:00.000Z'))).toEqual(['PlanRetracted plan-AE']);
  });
});

describe('A check of a folder', () => {
  const problemsOf = async (files: Readonly<Record<string, string>>) => {
    await writeFolder(place.path, { ...sound, ...files });
    const { problems } = await checkFolder(place.path);
    return problems.map((problem) => formatProblem(problem).replace(`${place.path}/`, ''));
  };

  it('finds no error in a sound folder', async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  it('names every unknown name with its line', async () => {
    expect(
      await problemsOf({
        'people.csv':
          'id,name,role,manager,team,from\nmo,Mo,Manager,,West,2025-01-01\nann,Ann,AE,moo,West,2025-01-01\nbob,Bob,AE,mo,bob,2025-01-01\n',
        'quotas.csv':
          'for,measure,period,amount\nanna,revenue,2025-01,1\nbob,revenue,2025-02,1\nmo,revenues,2025-13,1\nmo,revenue,2026-P01,1\nmo,revenue,2025-02,1\nmo,revenue,2025-02,2\n',
        'objectives.csv':
          'for,component,period,name,weight\nanna,Goals,2025-Q1,Playbook,50%\nmo,Goals,2025-Q5,Playbook,half\nmo,Goals,2026-P01,Playbook,50%\nmo,Goals,2025-Q1,Playbook,1/2\nmo,Goals,2025-Q1,Playbook,50%\nbob,Goals,2025-Q1,Playbook,50%\n',
        'relations.csv': 'person,relation,other,from,to\nann,mentor,zoe,2025-01-01,\n',
        'rates.csv': 'from,to,date,rate\nEUR,USD,2025-01-01,1.1\nEUR,USD,2025-01-01,1.2\nEUR,USX,2025-01-01,0\n',
      }),
    ).toEqual([
      'objectives.csv:2:1: for: there is no person, team or region "anna" (did you mean "ann"?)',
      'objectives.csv:3:1: period: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-Q5`',
      'objectives.csv:3:1: weight: expected a share such as 50% or 1/3, found `half`',
      'objectives.csv:4:1: period: Not a period of this calendar: "2026-P01" (its months are 2026-01 …)',
      'objectives.csv:6:1: the objective Playbook of Goals for mo in 2025-Q1 is also in line 5',
      'objectives.csv:7:1: for: bob means a person and a team: an objective is for one of them',
      'people.csv:3:1: manager: there is no person "moo" (did you mean "mo"?)',
      'quotas.csv:2:1: for: there is no person, team or region "anna" (did you mean "ann"?)',
      'quotas.csv:3:1: for: bob means a person and a team: a quota is for one of them',
      'quotas.csv:4:1: period: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-13`',
      'quotas.csv:5:1: period: Not a period of this calendar: "2026-P01" (its months are 2026-01 …)',
      'quotas.csv:7:1: a quota of revenue for mo in 2025-02 is also in line 6',
      'rates.csv:3:1: a rate from EUR to USD on 2025-01-01 is also in line 2',
      'rates.csv:4:1: to: expected a currency by its ISO 4217 code, such as USD, found `USX`',
      'rates.csv:4:1: rate: expected a plain decimal above 0 such as 1054.50, found `0`',
      'relations.csv:2:1: other: there is no person "zoe" (known here: mo, ann, bob)',
    ]);
  });

  it('finds overlapping rows and circles of managers', async () => {
    expect(
      await problemsOf({
        'people.csv':
          'id,role,manager,from,to\nmo,Manager,ann,2025-01-01,\nann,AE,mo,2025-01-01,\nbob,AE,,2025-01-01,2025-03-31\nbob,AE,,2025-03-01,\n',
      }),
    ).toEqual([
      expect.stringMatching(/^people\.csv:2:1: From 2025-01-01 on, these would manage one another/),
      expect.stringMatching(/^people\.csv:3:1: From 2025-01-01 on, these would manage one another/),
      expect.stringMatching(/^people\.csv:5:1: bob: the row 2025-03-01\.\. overlaps/),
    ]);
  });

  it('finds broken CSV, surplus cells and unknown columns', async () => {
    expect(
      await problemsOf({
        'people.csv':
          'id,name,role,manager,from\nmo,Mo,Manager,,2025-01-01\nann,"Ann,AE,mo,2025-01-01\nbob,Bob,AE,mo,2025-01-01,extra\n',
        'quotas.csv': 'for,measure,periode,amount\nmo,revenue,2025-01,1\n',
        'rates.csv': Buffer.from([0x66, 0x72, 0xe9, 0x0a]).toString('latin1').replace('é', '\uFFFD'),
      }),
    ).toEqual([
      expect.stringMatching(/^people\.csv:3:1: expected a closing quote/),
      'people.csv:4:1: expected 5 cells as in the header, found 6',
      'quotas.csv:1:1: the column period is missing',
      'quotas.csv:1:1: unknown column "periode" (did you mean period?)',
      'rates.csv:1:1: the column from is missing',
      'rates.csv:1:1: the column to is missing',
      'rates.csv:1:1: the column date is missing',
      'rates.csv:1:1: the column rate is missing',
      expect.stringMatching(/^rates\.csv:1:1: unknown column/),
    ]);
  });

  it('finds errors in plans, their examples, sources, exports and scenarios', async () => {
    expect(
      await problemsOf({
        'plans/ae.yaml': sound['plans/ae.yaml'].replace('rate: 10%', 'rate: amont * 10%'),
        'plans/other.yaml':
          sound['plans/ae.yaml'].replace('plan: AE', 'plan: Other').replace('roles: [AE]', 'people: [ann, zoe]') +
          'examples: [ { name: one, deals: [100], total: 11 } ]\n',
        'plans/twice.yaml': sound['plans/ae.yaml'],
        'plans/review.yaml':
          sound['plans/ae.yaml'].replace('plan: AE', 'plan: Review') + 'corrections: { later: review }\n',
        'sources/erp.yaml':
          'source: erp\nfiles: exports/none.csv\nas: deals\ncolumns: { id: id }\nstatsu: { from: x }\n',
        'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,100.00,2025-02-30\nD2,zoe,"1.234,56",2025-01-11\n',
        'scenarios/one.yaml': 'scenario: One\ncompany: ..\nhistory:\n  - { at: 2025-01-01, wonn: { id: D1 } }\n',
      }),
    ).toEqual([
      expect.stringMatching(/^exports\/deals\.csv:2:1: closed: expected a date.*2025-02-30/),
      expect.stringMatching(/^exports\/deals\.csv:3:1: amount: expected a number.*1\.234,56/),
      expect.stringMatching(/^plans\/ae\.yaml:6:\d+: .*amont/),
      expect.stringMatching(/^plans\/other\.yaml:4:\d+: assignedTo\.people\[1\]: there is no person "zoe"/),
      expect.stringMatching(/^plans\/other\.yaml:7:\d+: the example “one” expects 11, but 10/),
      expect.stringMatching(/^plans\/review\.yaml:7:\d+: .*missing: `within`/),
      expect.stringMatching(/^plans\/twice\.yaml:2:\d+: version 1 of the plan AE is also in .*plans\/ae\.yaml/),
      expect.stringMatching(/^scenarios\/one\.yaml:4:\d+: .*unknown key "wonn" \(did you mean "won"\?\)/),
      expect.stringMatching(
        /^sources\/erp\.yaml:5:\d+: .*unknown key "statsu" in a source \(did you mean "status"\?\)/,
      ),
    ]);
  });

  describe('reads nothing that lies outside of it', () => {
    const secret = 'id,owner,amount,closed\nS1,ann,424242.00,2025-01-10\n';
    const outside = () => `${place.path}-outside`;
    beforeEach(async () => {
      await writeFolder(outside(), {
        'deals.csv': secret,
        'plan.yaml': sound['plans/ae.yaml'].replaceAll('AE', 'Other'),
        'people.csv': sound['people.csv'],
        'table.csv': 'a,b\n1,2\n',
        'company.yaml': sound['company.yaml'],
      });
      await writeFolder(place.path, sound);
    });
    afterEach(() => rm(outside(), { recursive: true }));
    const problems = async () =>
      (await checkFolder(place.path, { exports: false })).problems.map((problem) =>
        formatProblem(problem).replaceAll(`${place.path}/`, ''),
      );

    it.each([
      '../NAME-outside/deals.csv',
      'exports/../../NAME-outside/*.csv',
      'exports/../exports/deals.csv',
      '{exports,../NAME-outside}/deals.csv',
      'exports\\..\\..\\deals.csv',
      '..',
      'PLACE-outside/deals.csv',
      'PLACE/exports/deals.csv',
      'C:\\deals.csv',
      '@(..)/NAME-outside/deals.csv',
    ])('by a source that names %s', async (pattern) => {
      const files = pattern.replace('PLACE', place.path).replace('NAME', basename(place.path));
      const source = sound['sources/crm.yaml'].replace(
        'files: exports/deals*.csv',
        `files:\n  - exports/deals.csv\n  - '${files}'`,
      );
      await writeFolder(place.path, { 'sources/crm.yaml': source });
      const { contents } = await readFolder(place.path);
      expect(contents!.sources.flatMap((one) => one.files)).toEqual([join(place.path, 'exports/deals.csv')]);
      expect(await problems()).toEqual([
        expect.stringMatching(
          /^sources\/crm\.yaml:4:\d+: .*(absolute path|leads out of the company folder|no file is named @)/,
        ),
      ]);
    });

    it('by a link, in every place and from every file', async () => {
      await symlink(join(outside(), 'deals.csv'), join(place.path, 'exports/deals-2.csv'));
      await symlink(outside(), join(place.path, 'exports/folder'));
      await mkdir(join(place.path, 'tables'));
      await symlink(join(outside(), 'table.csv'), join(place.path, 'tables/t.csv'));
      await symlink(join(outside(), 'plan.yaml'), join(place.path, 'plans/other.yaml'));
      await rm(join(place.path, 'people.csv'));
      await symlink(join(outside(), 'people.csv'), join(place.path, 'people.csv'));
      await writeFolder(place.path, {
        'sources/erp.yaml': sound['sources/crm.yaml']
          .replace('source: crm', 'source: erp')
          .replace('exports/deals*.csv', 'exports/folder/*.csv'),
      });
      const refused = (await problems()).filter((problem) => problem.includes('leads out of the company folder'));
      expect(refused.map((problem) => problem.replace(/, to .*/, ''))).toEqual([
        expect.stringMatching(/^people\.csv:1:1: people\.csv leads out/),
        expect.stringMatching(/^plans\/other\.yaml:1:1: plans\/other\.yaml leads out/),
        expect.stringMatching(/^sources\/crm\.yaml:2:\d+: exports\/deals-2\.csv leads out/),
        ...['deals', 'people', 'table'].map((name) =>
          expect.stringMatching(`^sources/erp\\.yaml:2:\\d+: exports/folder/${name}\\.csv leads out`),
        ),
        expect.stringMatching(/^tables\/t\.csv:1:1: tables\/t\.csv leads out/),
      ]);
      expect(JSON.stringify((await readFolder(place.path)).contents)).not.toMatch(/outside|Other/);
    });

    it('by company.yaml, a scenario or a folder where a file is expected', async () => {
      await writeFolder(place.path, { 'scenarios/other/x.txt': '' });
      await symlink(join(outside(), 'plan.yaml'), join(place.path, 'scenarios/link.yaml'));
      await mkdir(join(place.path, 'plans/folder.yaml'));
      await symlink('nowhere', join(place.path, 'plans/gone.yaml'));
      expect(await problems()).toEqual([
        expect.stringMatching(/^plans\/folder\.yaml:1:1: plans\/folder\.yaml is not a file/),
        expect.stringMatching(/^plans\/gone\.yaml:1:1: plans\/gone\.yaml is a link to nothing/),
        expect.stringMatching(/^scenarios\/link\.yaml:1:1: scenarios\/link\.yaml leads out/),
      ]);
      await rm(join(place.path, 'company.yaml'));
      await symlink(join(outside(), 'company.yaml'), join(place.path, 'company.yaml'));
      expect((await problems())[0]).toMatch(/^company\.yaml:1:1: company\.yaml leads out/);
    });

    it('but follows a link that stays inside, also where the folder itself is one', async () => {
      await symlink('deals.csv', join(place.path, 'exports/deals-latest.csv'));
      await symlink(place.path, join(outside(), 'way'));
      expect((await readFolder(join(outside(), 'way'))).problems).toEqual([]);
    });
  });

  it('names company.yaml as the first file of a folder', async () => {
    await writeFolder(place.path, { 'people.csv': sound['people.csv'] });
    expect((await checkFolder(place.path)).problems.map(({ message }) => message)).toEqual([
      'there is no company.yaml: a company folder begins with it',
    ]);
  });
});
