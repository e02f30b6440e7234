import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyLog } from '@attain/adapters';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';
import { serveDirectory } from './serve-here.js';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
  await writeFolder(at('folder'), folder);
});
afterEach(() => place.gone());
const at = (name: string) => join(place.path, name);

/** One command line: its output and its exit code. */
async function attain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}

const folder = {
  'company.yaml': 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv':
    'id,name,role,manager,region,from\nmo,"Mo, the boss",Manager,,West,2025-01-01\nann,Ann,AE,mo,West,2025-01-01\nbob,Bob,AE,mo,East,2025-01-01\n',
  'quotas.csv':
    'for,measure,period,amount,credit\nann,revenue,2025-01,1000,sales\nmo,revenue,2025-Q1,3000,reports\nWest,revenue,2025-01,0,sales\n',
  'plans/ae.yaml': [
    'plan: "AE, 2025"',
    'version: 1',
    'effective: { from: 2025-01-01 }',
    'assignedTo: { roles: [AE] }',
    'pays: monthly',
    'components: [ { name: Commission, measure: revenue, per: month, tiers: [ { from: 0%, rate: 10% }, { from: 100%, rate: 12.5% } ] } ]',
    'examples: [ { name: above, quota: 100, deals: [150], total: 16.25 } ]',
    '',
  ].join('\n'),
  'plans/manager.yaml':
    'plan: Manager\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [Manager] }\npays: quarterly\ncomponents: [ { name: Override, credit: reports, measure: revenue, rate: 1% } ]\n',
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.name }, amount: amount, closed: closed }\n',
  'exports/deals.csv':
    'id,owner,amount,closed\nD10,Ann,1250.50,2025-01-20\nD9,Bob,99.99,2025-02-10\n"D,1",Ann,-50,2025-01-31\n',
};

describe('A folder with probable mistakes', () => {
  beforeEach(() =>
    writeFolder(at('odd'), {
      ...folder,
      'exports/deals.csv': 'id,owner,amount,closed\nD10,,1250.50,2025-01-20\nD9,Bob,99.99,2025-02-10\n',
    }),
  );

  it('is checked with its warnings, which are errors only on request', async () => {
    const { code, out } = await attain('check', at('odd'));
    expect(code).toBe(0);
    expect(out).toMatch(/exports\/deals\.csv:2:1: warning DEAL_WITHOUT_OWNER: the won deal crm:D10 .*\n/);
    expect(out).toMatch(/files, no errors, \d warnings\n$/);
    expect((await attain('check', at('odd'), '--strict')).code).toBe(3);
    expect(JSON.parse((await attain('check', at('odd'), '--json')).out)).toMatchObject({
      problems: [],
      warnings: expect.arrayContaining([
        expect.objectContaining({ code: 'DEAL_WITHOUT_OWNER', line: 2, severity: 'warning' }),
      ]),
    });
  });

  it('is computed with its warnings on stderr and their count beside the total', async () => {
    const { code, out, err } = await attain('run', at('odd'));
    expect(code).toBe(0);
    expect(out).toMatch(/^total .* USD {2}\d warnings, 0 exceptions\n$/m);
    expect(err).toContain('warning DEAL_WITHOUT_OWNER');
    expect((await attain('run', at('odd'), '--strict')).code).toBe(3);
    expect(JSON.parse((await attain('run', at('odd'), '--json')).out)).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'DEAL_WITHOUT_OWNER' })]),
      exceptions: [],
    });
  });
});

describe('attain run', () => {
  it('writes the lines of pay as CSV, byte for byte', async () => {
    expect((await attain('run', at('folder'), '--lines')).out).toBe(
      [
        'plan,version,period,participant,component,source,record,kind,for,date,causedBy,credited,earned,earnedCurrency,payable,payableCurrency,cause',
        '"AE, 2025",1,2025-01,ann,Commission,crm,"D,1",earning,,2025-01-31,,-50.00,-6.25,USD,-6.25,USD,',
        '"AE, 2025",1,2025-01,ann,Commission,crm,D10,earning,,2025-01-20,,1250.50,131.31,USD,131.31,USD,',
        '"AE, 2025",1,2025-02,bob,Commission,crm,D9,earning,,2025-02-10,,99.99,10.00,USD,10.00,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,"D,1",earning,,2025-01-31,,-50.00,-0.50,USD,-0.50,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,D10,earning,,2025-01-20,,1250.50,12.51,USD,12.51,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,D9,earning,,2025-02-10,,99.99,1.00,USD,1.00,USD,',
        '',
      ].join('\n'),
    );
  });

  it('cuts at a date', async () => {
    const { out } = await attain('run', at('folder'), '--lines', '--as-of', '2025-01-25');
    expect(out.match(/,crm,.*,earning/g)).toEqual([',crm,D10,earning', ',crm,D10,earning']);
  });

  it('writes attainment of everybody with a quota, undefined as blank', async () => {
    const { out } = await attain('run', at('folder'), '--attainment', '--as-of', '2025-01-31');
    expect(out.split('\n').slice(0, 3)).toEqual([
      'period,for,measure,quota,credited,attainment,currency',
      '2025,West,revenue,0.00,1200.50,,USD',
      '2025,ann,revenue,1000.00,1200.50,1.200500,USD',
    ]);
  });

  it('writes points and days off with their balances, for a system of personnel', async () => {
    const points = '{ name: Points, unit: points, measure: revenue, rate: 1% }';
    await writeFolder(at('points'), {
      ...folder,
      'plans/ae.yaml': folder['plans/ae.yaml']
        .replace('components: [', `components: [ ${points},`)
        .replace(/examples.*\n/, ''),
    });
    expect((await attain('run', at('points'), '--units')).out).toBe(
      'participant,unit,date,period,amount,balance\nann,points,2025-01-31,2025-01,12.01,12.01\nbob,points,2025-02-28,2025-02,1.00,1.00\n',
    );
    expect((await attain('run', at('folder'), '--units')).out).toBe('participant,unit,date,period,amount,balance\n');
  });

  it('prints the statements as a table, and the same to a file', async () => {
    const { out, code } = await attain('run', at('folder'));
    expect(code).toBe(0);
    expect(out).toMatch(/2025-01 +ann +Ann +2 +125\.06 +125\.06 +USD/);
    expect(out).toMatch(/2025-Q1 +mo +Mo, the boss +3 +13\.01 +13\.01 +USD/);
    expect(out).toMatch(/total +148\.07 +USD/);
    expect((await attain('run', at('folder'), '--out', at('out.txt'))).out).toBe('');
    expect(await readFile(at('out.txt'), 'utf8')).toBe(out);
  });

  it('pays a cancellation of a later month as a difference, with the same number in table, rows and statement', async () => {
    await writeFolder(at('folder'), {
      'sources/billing.yaml':
        'source: billing\nfiles: exports/notes.csv\nas: reversals\ndates: yyyy-MM-dd\ncolumns: { id: note, date: date, kind: kind }\ndeal: { from: deal, of: crm }\n',
      'exports/notes.csv': 'note,deal,date,kind\nCN-1,D10,2025-02-05,cancelled\n',
    });
    const cut = [at('folder'), '--as-of', '2025-03-31'];
    const statements = (await attain('run', ...cut, '--statements')).out;
    expect(statements).toBe(
      [
        'plan,version,period,participant,component,source,record,kind,for,date,causedBy,credited,earned,earnedCurrency,payable,payableCurrency,cause',
        '"AE, 2025",1,2025-01,ann,Commission,crm,"D,1",earning,,2025-01-31,,-50.00,-6.25,USD,-6.25,USD,',
        '"AE, 2025",1,2025-01,ann,Commission,crm,D10,earning,,2025-01-20,,1250.50,131.31,USD,131.31,USD,',
        '"AE, 2025",1,2025-02,ann,Commission,crm,"D,1",difference,2025-01,2025-02-28,,,1.25,USD,1.25,USD,CN-1',
        '"AE, 2025",1,2025-02,ann,Commission,crm,D10,difference,2025-01,2025-02-28,,,-131.31,USD,-131.31,USD,CN-1',
        '"AE, 2025",1,2025-02,bob,Commission,crm,D9,earning,,2025-02-10,,99.99,10.00,USD,10.00,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,"D,1",earning,,2025-01-31,,-50.00,-0.50,USD,-0.50,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,D10,earning,,2025-01-20,,1250.50,12.51,USD,12.51,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,D10,reversal,,2025-01-20,,,-12.51,USD,-12.51,USD,',
        'Manager,1,2025-Q1,mo,Override,crm,D9,earning,,2025-02-10,,99.99,1.00,USD,1.00,USD,',
        '',
      ].join('\n'),
    );
    expect((await attain('run', ...cut, '--statements')).out).toBe(statements);
    const { out } = await attain('run', ...cut);
    expect(out).toMatch(/2025-02 +ann +Ann +2 +-130\.06 +-130\.06 +USD/);
    // Nobody is owed anything for March; they have a statement of it nevertheless.
    expect(out).toMatch(/2025-03 +bob +Bob +0 +0\.00 +0\.00 +USD/);
    const total = (csv: string) =>
      csv
        .split('\n')
        .slice(1, -1)
        .reduce((sum, row) => sum + Math.round(Number(row.split(',').at(-3)) * 100), 0);
    expect([total(statements), total((await attain('run', ...cut, '--lines')).out)]).toEqual([550, 550]);
    expect(out).toMatch(/total +5\.50 +USD/);
    await attain('import', at('folder'), '--data', at('data'));
    expect((await attain('statement', 'ann', '2025-02', '--data', at('data'))).out).toMatch(
      /^ann, 2025-02: payable -130\.06 USD/,
    );
  });

  it('prints no statement of a period that ends after the cut', async () => {
    const { out } = await attain('run', at('folder'), '--as-of', '2025-02-15', '--json');
    expect(
      (JSON.parse(out) as { statements: { period: string; participant: string }[] }).statements.map(
        ({ period, participant }) => `${period} ${participant}`,
      ),
    ).toEqual(['2025-01 ann', '2025-01 bob']);
    expect((await attain('run', at('folder'), '--lines', '--as-of', '2025-02-15')).out).toContain(',crm,D9,earning');
  });

  it('lists unreadable rows and continues without them', async () => {
    await writeFolder(at('folder'), {
      'exports/deals.csv': `${folder['exports/deals.csv']}D11,Zoe,5,2025-01-01\nD12,Bob,1e400,2025-01-01\n`,
    });
    const { code, err, out } = await attain('run', at('folder'), '--json');
    expect(code).toBe(0);
    expect(err).toMatch(/deals\.csv:5: owner: expected .*Zoe/);
    expect(err).toMatch(/deals\.csv:6: amount: expected .*1e400/);
    expect(err).toContain('2 rows of the exports could not be read');
    const payable = (
      JSON.parse(out) as { statements: { period: string; participant: string; payable: string }[] }
    ).statements.map((one) => `${one.period} ${one.participant} ${one.payable}`);
    expect(payable).toEqual([
      '2025-01 ann 125.06',
      '2025-01 bob 0.00',
      '2025-02 ann 0.00',
      '2025-02 bob 10.00',
      '2025-03 ann 0.00',
      '2025-03 bob 0.00',
      '2025-Q1 mo 13.01',
    ]);
    expect((await attain('run', at('folder'), '--strict')).code).toBe(3);
  });

  it('computes nothing while the folder has errors, and lists them', async () => {
    await writeFolder(at('folder'), { 'quotas.csv': 'for,measure,period,amount\nzed,revenue,2025-01,x\n' });
    const { code, err, out } = await attain('run', at('folder'), '--lines');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/quotas\.csv:2:1: amount: expected a plain decimal/);
  });
});

describe('A data directory', () => {
  it('is filled from a folder, asked, explained, verified and replayed', async () => {
    const data = ['--data', at('data')];
    expect((await attain('import', at('folder'), ...data)).out).toMatch(/crm +deals +3 +3 +0 +0 +0 +0/);
    expect((await attain('import', at('folder'), '--yes', ...data)).out).toMatch(/crm +deals +3 +0 +0 +3 +0 +0/);
    const { out } = await attain('statement', 'ann', '2025-01', ...data);
    expect(out).toMatch(/^ann, 2025-01: payable 125\.06 USD, earned 125\.06 \(preview/);
    const explained = await attain('explain', 'ann', '2025-01', 'D10', ...data);
    expect(explained.out).toMatch(
      / {2}131\.31 USD {2}earning: crm:D10 earns 131\.31 USD: 1250\.5 is credited on 2025-01-20/,
    );
    expect(explained.out).toMatch(/ {4}100 USD {2}slice: 1000 × 10% of tier 1/);
    expect(explained.out).toMatch(/ {4}31\.3125 USD {2}slice: 250\.5 × 12\.5% of tier 2/);
    expect(explained.out).toMatch(/ {4}-0\.0025 USD {2}rounding: half-up/);
    expect(explained.out).toMatch(/rounding +131\.3125 → 131\.31 \(half-up/);
    expect(explained.out).toMatch(/input +amount = 1250\.50: Deal\w+ of deal-crm:D10/);
    expect((await attain('explain', 'ann', '2025-01', 'D99', ...data)).code).toBe(1);
    expect((await attain('attainment', '2025-Q1', '--for', 'mo', ...data)).out).toMatch(
      /mo +revenue +3,000\.00 +1,300\.49 +USD +43\.3%/,
    );
    const before = await attain('statement', 'ann', '2025-01', '--json', ...data);
    const replayed = await attain('replay', ...data);
    expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('replayed into new read models')]);
    const after = await attain('statement', 'ann', '2025-01', '--json', ...data);
    const answer = (text: string) => ({ ...(JSON.parse(text) as object), cut: null, hash: null });
    expect(answer(after.out)).toEqual(answer(before.out));
    const verified = await attain('verify', ...data);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('all hashes agree')]);
    expect(verifyLog(at('data')).problems).toEqual([]);
  });

  it('closes a period when every closing period is named, and first lists what would close', async () => {
    const data = ['--data', at('data')];
    await writeFolder(at('folder'), {
      'sources/crm.yaml': folder['sources/crm.yaml'].replace('amount: amount', 'amount: amount, currency: currency'),
      'exports/deals.csv':
        'id,owner,amount,currency,closed\nD10,Ann,1250.50,USD,2025-01-20\nD9,Bob,99.99,EUR,2025-02-10\n',
    });
    await attain('import', at('folder'), ...data);
    const dry = await attain('close', '2025-02', '--dry-run', ...data);
    expect(dry.out).toMatch(/^would close 2025-01, 2025-02, with/);
    expect(dry.out).toMatch(/2025-01 +ann +1 +131\.31 +131\.31 +USD/);
    expect(dry.out).toMatch(/total +4 statements +131\.31 +USD/);
    const would = JSON.parse((await attain('close', '2025-02', '--dry-run', '--json', ...data)).out) as {
      closes: string[];
      exceptions: { code: string }[];
    };
    expect([would.closes, would.exceptions]).toEqual([
      ['2025-01', '2025-02'],
      [expect.objectContaining({ code: 'RATE_MISSING', participant: 'bob' })],
    ]);
    const close = (...more: string[]) => attain('close', '2025-02', '--yes', ...more, ...data);
    expect([(await close()).code, (await close()).err]).toEqual([
      1,
      expect.stringMatching(/^CLOSES_MORE: .*2025-01, 2025-02/),
    ]);
    expect((await close('--closes', '2025-01,2025-02')).err).toMatch(
      /^OPEN_EXCEPTIONS: An exception is open: RATE_MISSING of Commission for bob in 2025-02 \(crm:D9\)/,
    );
    expect((await close('--closes', '2025-01, 2025-02', '--accept', 'The rate comes in March')).out).toBe(
      '2025-01, 2025-02 closed, 4 statements issued\n',
    );
    expect((await close()).err).toMatch(/^PERIOD_CLOSED/);
    expect((await attain('close', '2035-12', '--yes', ...data)).err).toMatch(/^PERIOD_NOT_OVER/);
    expect((await attain('statement', 'ann', '2025-01', ...data)).out).toMatch(/issued/);
  });

  it('imports an export again, and records the changes', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    await writeFolder(place.path, {
      'again.csv': 'id,owner,amount,closed\nD10,Ann,1300,2025-01-20\nD9,Nobody,1,2025-02-10\n',
    });
    const { out, code } = await attain('import', at('again.csv'), '--source', 'crm', '--complete', '--yes', ...data);
    expect([code, out]).toEqual([0, expect.stringMatching(/crm +deals +2 +0 +1 +0 +1 +1/)]);
    expect((await attain('import', at('again.csv'), '--source', 'erp', '--yes', ...data)).err).toContain(
      'SOURCE_UNKNOWN',
    );
    expect((await attain('import', at('again.csv'), ...data)).code).toBe(2);
  });

  it('is asked for before an import changes it, and changes nothing without a yes', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    await writeFolder(at('folder'), { 'exports/deals.csv': 'id,owner,amount,closed\nD10,Ann,1300,2025-01-20\n' });
    const payable = async () =>
      /payable ([\d.,]+) USD/.exec((await attain('statement', 'ann', '2025-01', ...data)).out)?.[1];
    const before = await payable();
    const unanswered = await attain('import', at('folder'), ...data);
    expect(unanswered.code).toBe(2);
    expect(unanswered.err).toMatch(/will be imported into the company/);
    expect(unanswered.err).toMatch(/deals of crm +exports\/deals\.csv/);
    expect(unanswered.err).toMatch(/nothing was changed, because .* nobody confirmed it: add --yes/);
    const file = at('folder/exports/deals.csv');
    const program = await attain('import', file, '--source', 'crm', '--json', ...data);
    expect([program.code, JSON.parse(program.err)]).toEqual([2, expect.objectContaining({ code: 'NOT_CONFIRMED' })]);
    expect(await payable()).toBe(before);
    expect((await attain('import', at('folder'), '--yes', ...data)).out).toMatch(/crm +deals +1 +0 +1 +0 +2 +0/);
    expect(await payable()).not.toBe(before);
  });

  it('computes for a plan document what `attain run` computes with it, beside what was paid', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    expect((await attain('close', '2025-01', '--yes', ...data)).code).toBe(0);
    const raised = folder['plans/ae.yaml'].replace('rate: 10%', 'rate: 11%').replace(/^examples.*\n/m, '');
    await writeFolder(at('raised'), { ...folder, 'plans/ae.yaml': raised });
    const costs = await attain(
      ...['plan', 'cost', join(at('raised'), 'plans/ae.yaml'), '--from', '2025-01-01', '--to', '2025-03-31'],
      ...['--json', ...data],
    );
    const { rows } = JSON.parse(costs.out) as {
      rows: { period: string; participant: string; paid: string | null; then: string }[];
    };
    const { statements } = JSON.parse((await attain('run', at('raised'), '--json')).out) as {
      statements: { period: string; participant: string; payable: string }[];
    };
    const ofPlan = statements.filter(({ participant, payable }) => participant !== 'mo' && payable !== '0.00');
    expect(rows.map(({ period, participant, then }) => [period, participant, then])).toEqual(
      ofPlan.map(({ period, participant, payable }) => [period, participant, payable]),
    );
    expect(rows.map(({ participant, paid }) => [participant, paid])).toEqual([
      ['ann', '125.06'],
      ['bob', null],
    ]);
    const curve = await attain('plan', 'curve', join(at('folder'), 'plans/ae.yaml'), ...data);
    expect(curve.out).toMatch(/^ +100\.00 % +100\.00 +10\.00$/m);
    expect(curve.out).toMatch(/^ +150\.00 % +150\.00 +16\.25$/m);
  });

  it('lists changes with their actors, the latest first, and every change of a deal', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    const changes = async (...more: string[]) =>
      JSON.parse((await attain('changes', ...more, '--json', ...data)).out) as {
        rows: { at: string; by: string; change: string; of: string; reason: string | null }[];
      };
    const first = await changes();
    expect(new Set(first.rows.map(({ by }) => by))).toEqual(new Set(['folder']));
    expect(first.rows.map(({ change }) => change)).toEqual(
      expect.arrayContaining(['import started', 'plan published', 'quota assigned']),
    );
    expect(
      await attain('adjust', 'propose', 'ann', '2025-01', '5.00', '--reason', 'a spot bonus', '--yes', ...data),
    ).toMatchObject({ code: 0 });
    const [latest] = (await changes('--limit', '1')).rows;
    expect(latest).toMatchObject({ change: expect.stringMatching(/^adjustment/), reason: 'a spot bonus' });
    expect((await changes('--by', 'folder')).rows).toHaveLength(first.rows.length);
    expect((await changes('--since', '2199-01-01')).rows).toEqual([]);
    const text = await attain('changes', 'crm:D10', ...data);
    expect([text.code, text.out]).toEqual([0, expect.stringMatching(/folder +DealWon [^]*closed: 2025-01-20/)]);
    expect((await attain('changes', 'crm:nosuch', ...data)).code).toBe(1);
    expect(await attain('changes', 'D10', ...data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Write a deal as SOURCE:ID'),
    });
  });

  it('keeps and lists values entered by hand, unless the folder overwrites them', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    const { served, token, close } = await serveDirectory(at('data'));
    const entered = async () => {
      const answer = await fetch(`${served.url}/v1/quotas/assign`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ for: 'ann', measure: 'revenue', period: '2025-01', amount: '777', reason: 'agreed' }),
      });
      expect(answer.status).toBe(200);
    };
    await entered().finally(close);
    const kept = await attain('import', at('folder'), '--yes', ...data);
    expect([kept.code, kept.err]).toEqual([
      0,
      expect.stringMatching(
        /quotas\.csv:\d+: ann~revenue 2025-01: kept the value that command line entered on .* \(agreed\); --overwrite replaces it/,
      ),
    ]);
    expect(await attain('import', at('folder'), '--overwrite', '--reason', 'spring', '--yes', ...data)).toMatchObject({
      code: 0,
      err: '',
    });
    expect((await attain('import', at('folder'), '--yes', ...data)).err).toBe('');
  });

  it('keeps values entered by hand during the import of a single export', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    const { served, token, close } = await serveDirectory(at('data'));
    const answer = await fetch(`${served.url}/v1/deals/crm/D10/change`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ fields: { amount: '1' } }),
    });
    await close();
    expect(answer.status).toBe(200);
    const [result] = JSON.parse(
      (
        await attain(
          'import',
          at('folder/exports/deals.csv'),
          '--source',
          'crm',
          '--keep-entered',
          '--json',
          '--yes',
          ...data,
        )
      ).out,
    ) as { kept: object[]; changed: number }[];
    expect(result).toMatchObject({
      changed: 0,
      kept: [{ id: 'crm:D10', by: 'command line', file: 'deals.csv', row: 2 }],
    });
    expect((await attain('import', at('folder/exports/deals.csv'), '--source', 'crm', '--yes', ...data)).out).toMatch(
      /crm +deals +3 +0 +1 +2/,
    );
    expect((await attain('import', at('folder'), '--keep-entered', ...data)).code).toBe(2);
  });

  it('records further versions of plans, and shows their differences', async () => {
    const data = ['--data', at('data')];
    await attain('import', at('folder'), ...data);
    const next = folder['plans/ae.yaml']
      .replace('version: 1', 'version: 2')
      .replace('from: 2025-01-01', 'from: 2025-03-01')
      .replace('12.5%', '15%');
    await writeFolder(place.path, { 'next.yaml': next, 'right.yaml': next.replace('16.25', '17.50') });
    const refused = await attain('plan', 'publish', at('next.yaml'), '--yes', ...data);
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(/PLAN_EXAMPLES[^]*expected 16\.25, found 17\.5/),
    ]);
    expect((await attain('plan', 'publish', at('right.yaml'), '--yes', ...data)).out).toMatch(
      /^AE, 2025 2 is published \([0-9a-f]{64}\)/,
    );
    const { out } = await attain('plan', 'diff', 'AE, 2025', '1', '2', ...data);
    expect(out).toBe(
      'From 2025-03-01 the rate above 100 % of quota rises from 12.5 % to 15 %.\nThe examples change.\n',
    );
    const { changes } = JSON.parse((await attain('plan', 'diff', 'AE, 2025', '1', '2', '--json', ...data)).out) as {
      changes: unknown[];
    };
    expect(changes).toContainEqual({
      path: ['components', 'Commission', 'tiers', 1, 'rate'],
      from: '12.5%',
      to: '15%',
    });
    expect((await attain('plan', 'diff', at('folder/plans/ae.yaml'), at('right.yaml'))).out).toBe(out);
    expect(await attain('plan', 'diff', at('right.yaml'), at('nothing.yaml'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no file'),
    });
  });
});

describe('attain plan check', () => {
  it('checks a plan in its folder and runs its examples', async () => {
    expect(await attain('plan', 'check', at('folder/plans/ae.yaml'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('example “above”'),
    });
    await writeFolder(at('folder'), { 'plans/ae.yaml': folder['plans/ae.yaml'].replace('16.25', '16.26') });
    const { code, out } = await attain('plan', 'check', at('folder/plans/ae.yaml'));
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/✗ .*example “above”\n.*ae\.yaml:7: expected .*16\.26, found .*16\.25/),
    ]);
  });
});

describe('attain check', () => {
  it('prints the place of each error as JSON', async () => {
    await writeFolder(at('folder'), { 'plans/manager.yaml': folder['plans/manager.yaml'].replace('1%', '1 percent') });
    const { code, out } = await attain('check', at('folder'), '--json');
    expect(code).toBe(1);
    expect((JSON.parse(out) as { problems: { file: string; line: number }[] }).problems).toMatchObject([
      { file: expect.stringMatching(/plans\/manager\.yaml$/), line: 6 },
    ]);
    expect((await attain('check', at('folder/plans'))).code).toBe(1);
  });
});

describe('attain scenario', () => {
  it('ends with 1 when a number differs, and prints the actual number', async () => {
    const scenario = [
      'scenario: Small',
      'company: folder',
      'history:',
      '  - close: 2025-01',
      'expect:',
      '  - statement: { participant: ann, period: 2025-01 }',
      '    payable: 125.07',
      '',
    ].join('\n');
    await writeFolder(place.path, { 'one.yaml': scenario, 'two.yaml': scenario.replace('125.07', '125.06') });
    const { code, out } = await attain('scenario', at('*.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('✗ statement ann 2025-01: payable 125.06 USD, 2 lines');
    expect(out).toMatch(/one\.yaml:7: expected payable 125\.07, came out 125\.06/);
    expect(out).toContain('1 of 2 scenarios passed');
    expect((await attain('scenario', at('two.yaml'))).code).toBe(0);
    expect((await attain('scenario', at('none.yaml'))).code).toBe(1);
  });
});

describe('The command line', () => {
  const commands = [
    'serve',
    'run',
    'check',
    'scenario',
    'import',
    'plan check',
    'plan publish',
    'plan diff',
    'user add',
    'user roles',
    'close',
    'statement',
    'explain',
    'attainment',
    'verify',
    'replay',
  ];
  it.each(commands)('shows an example of %s, and speaks JSON', async (command) => {
    const { code, out } = await attain(...command.split(' '), '--help');
    expect([code, out]).toEqual([0, expect.stringMatching(/Examples?:\n {2}attain /)]);
    expect(out).toContain('--json');
  });

  it('documents its exit codes, and uses them', async () => {
    expect((await attain('--help')).out).toContain('Exit codes:');
    expect((await attain('nonsense')).code).toBe(2);
    expect((await attain('run')).code).toBe(2);
    expect((await attain('run', at('folder'), '--as-of', '2025-02-30')).code).toBe(2);
    expect(await attain('statement', 'ann', '2025-01', '--server', 'http://127.0.0.1:9')).toMatchObject({
      code: 4,
      err: expect.stringContaining('cannot be reached'),
    });
    expect((await attain('serve', '--check-config', '--port', 'x')).code).toBe(2);
    expect((await attain('serve', '--check-config', '--port', '3001')).out).toContain('"PORT": 3001');
  });
});
