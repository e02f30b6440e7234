import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../cli/program.js';
import type { FolderImportResult } from '@attain/pipeline';
import { boot, type Booted, scratch, writeFolder } from './booted.fixture.js';

const people =
  'id,name,role,manager,region,from\nmo,Mo,Manager,,West,2025-01-01\nann,Ann,AE,mo,West,2025-01-01\nbob,Bob,AE,mo,East,2025-01-01\n';
const quotas =
  'for,measure,period,amount,credit\nann,revenue,2025-01,1000,sales\nann,revenue,2025-02,1100,sales\nbob,revenue,2025-01,900,sales\n';
const plan = (version: number, rate: string) => `plan: AE
version: ${version}
effective: { from: 2025-0${version}-01 }
assignedTo: { roles: [AE] }
pays: monthly
components: [ { name: Commission, measure: revenue, per: month, rate: ${rate} } ]
`;
const before = {
  'company.yaml': 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv': people,
  'quotas.csv': quotas,
  'rates.csv': 'from,to,date,rate\nEUR,USD,2025-01-01,1.04\n',
  'plans/ae.yaml': plan(1, '10%'),
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.name }, amount: amount, closed: closed }\n',
  'exports/deals.csv': 'id,owner,amount,closed\nD1,Ann,1250.50,2025-01-20\nD2,Bob,99.99,2025-02-10\n',
};
/** The changed folder: another person and deal, other quotas, a rate, a version of the plan, a table, a relation. */
const after = {
  ...before,
  'people.csv': `${people}zoe,Zoe,AE,mo,East,2025-02-01\n`,
  'quotas.csv': quotas.replace('2025-01,1000', '2025-01,1500').replace('2025-02,1100', '2025-02,1600'),
  'rates.csv': 'from,to,date,rate\nEUR,USD,2025-01-01,1.05\n',
  'relations.csv': 'person,relation,other,from\nann,mentor,mo,2025-01-01\n',
  'tables/lines.csv': 'line,rate\nhardware,6%\n',
  'plans/ae2.yaml': plan(2, '12%'),
  'exports/deals.csv':
    'id,owner,amount,closed\nD1,Ann,1300.00,2025-01-20\nD2,Bob,111.11,2025-02-10\nD3,Zoe,500,2025-02-11\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
let company: Booted;
const at = (name: string) => `${place.path}/${name}`;
const author = { roles: ['finance', 'plan-author'] as ('finance' | 'plan-author')[] };

async function attain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}
const importing = async (folder: string, who: Parameters<Booted['token']>[0], ...more: string[]) =>
  attain('import', at(folder), '--yes', '--server', company.url, '--token', await company.token(who), ...more);
const sent = ({ out }: { out: string }) => JSON.parse(out) as FolderImportResult;
/** Another process receives an event a moment later, so the request names the position to wait for. */
const fresh = async () => ({ 'Attain-Position': String(await company.head()) });
const total = ({ parts }: FolderImportResult, count: 'changed' | 'retracted') =>
  parts.reduce((sum, part) => sum + part[count], 0);

beforeAll(async () => {
  place = await scratch();
  await writeFolder(at('before'), before);
  await writeFolder(at('after'), after);
  company = await boot(at('before'), at('data'));
});
afterAll(async () => {
  await company.close();
  await place.gone();
});

describe('A company folder brought into a running server', () => {
  let reader: Awaited<ReturnType<Booted['as']>>;
  const quotaOf = async (who: string, period: string): Promise<string | undefined> => {
    const { body } = await reader
      .get(`/quotas?for=${who}&period=${period}`)
      .set(await fresh())
      .expect(200);
    return (body as { rows: { for: string; period: string; amount: string }[] }).rows.find(
      (row) => row.for === who && row.period === period,
    )?.amount;
  };
  const dealsAmount = async (id: string) =>
    (
      (
        await reader
          .get(`/deals/crm/${id}`)
          .set(await fresh())
          .expect(200)
      ).body as { amount: string }
    ).amount;
  beforeEach(async () => {
    reader = await company.as(author);
  });

  it('records nothing if the server has everything', async () => {
    const head = await company.head();
    const answer = await importing('before', author, '--json');
    expect(answer.err).toBe('');
    expect(answer.code).toBe(0);
    expect(total(sent(answer), 'changed') + total(sent(answer), 'retracted')).toBe(0);
    expect(await company.head()).toBe(head);
  });

  it('is refused whole, with file and line, while the folder has errors', async () => {
    await writeFolder(at('wrong'), { ...after, 'quotas.csv': `${quotas}ann,revenue,2025-13,1,sales\n` });
    const answer = await importing('wrong', author);
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(/wrong\/quotas\.csv:5:1: .*2025-13/);
    expect(answer.err).toMatch('nothing was imported');
  });

  it('keeps and lists values entered by hand, and records the parts that the caller may write', async () => {
    await reader
      .post('/quotas/assign')
      .send({
        for: 'ann',
        measure: 'revenue',
        period: '2025-01',
        amount: '1234',
        credit: ['sales'],
        reason: 'agreed with Ann',
      })
      .expect(200);
    await reader
      .post('/deals/crm/D1/change')
      .send({ fields: { amount: '1260.00' }, reason: 'invoice' })
      .expect(200);
    await reader.post('/participants/bob/name').send({ name: 'Robert' }).expect(200);
    await reader.post('/participants/bob/name').send({ name: 'Bob' }).expect(200);

    const answer = await importing('after', { roles: ['finance'] }, '--json', '--reason', 'spring clean');
    const folder = sent(answer);
    expect(answer.code).toBe(1);
    const refused = folder.parts.filter(({ state }) => state === 'refused');
    expect(refused).toEqual([
      expect.objectContaining({
        part: expect.stringMatching(/^plan/),
        why: expect.stringMatching(/plan-author|permission|FORBIDDEN/i),
      }),
    ]);
    expect(folder.problems).toEqual([]);
    expect(new Set(folder.parts.map(({ service }) => service))).toEqual(
      new Set(['planning', 'incentives', 'pipeline']),
    );
    expect(folder.kept.map(({ what, line, reason }) => [what, line, reason])).toEqual([
      ['ann~revenue 2025-01', 2, 'agreed with Ann'],
      ['crm:D1', 2, 'invoice'],
    ]);
    expect(await quotaOf('ann', '2025-01')).toMatch(/^1234(\.00)?$/);
    expect(await quotaOf('ann', '2025-02')).toMatch(/^1600(\.00)?$/);
    expect(await dealsAmount('D1')).toMatch(/^1260(\.00)?$/);
    expect(await dealsAmount('D2')).toBe('111.11');
    expect(await dealsAmount('D3')).toMatch(/^500(\.00)?$/);
    const timeline = JSON.stringify(
      (
        await reader
          .get('/deals/crm/D2/timeline')
          .set(await fresh())
          .expect(200)
      ).body,
    );
    expect(timeline).toContain('spring clean');
  });

  it('overwrites it on demand, publishes the plans, and changes nothing a second time', async () => {
    const answer = await importing('after', author, '--json', '--overwrite');
    expect(answer.err).toBe('');
    expect(answer.code).toBe(0);
    expect(sent(answer).kept).toEqual([]);
    expect(await quotaOf('ann', '2025-01')).toMatch(/^1500(\.00)?$/);
    expect(await dealsAmount('D1')).toMatch(/^1300(\.00)?$/);
    expect(
      (
        (
          await reader
            .get('/plans')
            .set(await fresh())
            .expect(200)
        ).body as { rows: { version: string }[] }
      ).rows
        .map(({ version }) => version)
        .sort(),
    ).toEqual(['1', '2']);
    const head = await company.head();
    const again = await importing('after', author);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/quotas +done +0 /);
    expect(await company.head()).toBe(head);
  });

  it('retracts rows that the folder no longer has, but not a plan that somebody published', async () => {
    await reader
      .post('/plans')
      .send({ text: plan(3, '9%').replace('plan: AE', 'plan: Handmade').replace('roles: [AE]', 'roles: [Nobody]') })
      .expect(200);
    const answer = await importing('before', author, '--json');
    expect(answer.code).toBe(0);
    expect(sent(answer).kept.map(({ what }) => what)).toEqual([expect.stringMatching('version 3 of Handmade')]);
    const { rows } = (
      await reader
        .get('/plans')
        .set(await fresh())
        .expect(200)
    ).body as { rows: { plan: string; version: string }[] };
    expect(rows.map((one) => `${one.plan} ${one.version}`).sort()).toEqual(['AE 1', 'Handmade 3']);
    expect(total(sent(answer), 'retracted')).toBeGreaterThan(3);
  });

  it('brings in people by an export of theirs, alone or in the folder', async () => {
    const source =
      'source: hr\nfiles: exports/hr.csv\nas: people\ncolumns: { id: id, name: name, role: role, manager: manager, from: from }\n';
    const hr = 'id,name,role,manager,from\nkim,Kim,AE,mo,2025-03-01\n';
    await writeFolder(at('hr'), { ...before, 'sources/hr.yaml': source, 'exports/hr.csv': hr });
    const answer = await importing('hr', author, '--json');
    expect([answer.code, answer.err]).toEqual([0, '']);
    expect(
      (
        (
          await reader
            .get('/participants/kim')
            .set(await fresh())
            .expect(200)
        ).body as { name: string }
      ).name,
    ).toBe('Kim');
    await writeFolder(at('hr'), { 'exports/hr.csv': hr.replace('Kim,AE', 'Kimberly,AE') });
    const alone = await attain(
      'import',
      at('hr/exports/hr.csv'),
      '--source',
      'hr',
      '--kind',
      'people',
      '--yes',
      '--server',
      company.url,
      '--token',
      await company.token(author),
    );
    expect([alone.code, alone.err]).toEqual([0, '']);
    expect(
      (
        (
          await reader
            .get('/participants/kim')
            .set(await fresh())
            .expect(200)
        ).body as { name: string }
      ).name,
    ).toBe('Kimberly');
  });

  it('is refused without the right to import, in one sentence', async () => {
    const answer = await importing('after', { roles: ['auditor'] });
    expect([answer.code, answer.err]).toEqual([4, expect.stringMatching(/^FORBIDDEN: .*company:write/)]);
  });
});
