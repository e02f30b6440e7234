import { randomUUID } from 'node:crypto';
import type { FolderImportResult } from '@attain/pipeline';
import { EVENT_STORE, FOLDER_PLANS, Handovers, type JobView, type Role, Sessions } from '@attain/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { type ServedFolder, serveFolder } from '../serve-folder.js';
import { type Agent, agentOf } from '@attain/service/testing';

const company = 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n';
const plan = (version: number, rate: string) => `plan: AE
version: ${version}
effective: { from: 2025-0${version}-01 }
assignedTo: { roles: [AE] }
pays: monthly
components: [ { name: Commission, measure: revenue, per: month, rate: ${rate} } ]
`;
const folder = {
  'company.yaml': company,
  'people.csv': 'id,name,role,from\nann,Ann,AE,2025-01-01\nbob,Bob,AE,2025-01-01\n',
  'quotas.csv': 'for,measure,period,amount\nann,revenue,2025-01,1000\n',
  'plans/ae.yaml': plan(1, '10%'),
  'sources/crm.yaml':
    'source: crm\nfiles: exports/*.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.name }, amount: amount, closed: closed }\n',
  'exports/a.csv': 'id,owner,amount,closed\nD1,Ann,1250.50,2025-01-20\nD2,Bob,99.99,2025-02-10\n',
  'exports/b.csv': 'id,owner,amount,closed\nD3,Ann,5,2025-01-21\n',
};
const later = {
  ...folder,
  'people.csv': `${folder['people.csv']}zoe,Zoe,AE,2025-02-01\n`,
  'plans/ae2.yaml': plan(2, '12%'),
  'exports/b.csv': 'id,owner,amount,closed\nD3,Ann,6,2025-01-21\nD4,Zoe,7,2025-02-02\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
let running: ServedFolder;
const serving = () =>
  serveFolder({
    settings: { DATA: `${place.path}/data`, PORT: '0', LOG_LEVEL: 'silent' },
    environment: {},
    signals: false,
    print: () => undefined,
  });
beforeEach(async () => {
  place = await scratch();
  running = await serving();
});
afterEach(async () => {
  await running.served.close();
  await place.gone();
});

type Client = Agent;
async function as(actor = 'fin', roles: Role[] = ['finance', 'plan-author']): Promise<Client> {
  const { token } = await running.served.app
    .get(Sessions, { strict: false })
    .begin({ actor: `user:${actor}`, name: actor, roles });
  return agentOf(running.served.url, token);
}
async function packed(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const name = randomUUID();
  await writeFolder(`${place.path}/${name}`, files);
  return Buffer.concat(await create({ cwd: `${place.path}/${name}`, gzip: true, portable: true }, ['.']).collect());
}
const posted = (client: Client, body: Buffer, query = '') =>
  client.post(`/folder-imports?name=small${query}`).set('Content-Type', 'application/gzip').send(body);
const jobIn = ({ body }: { body: unknown }) => (body as { job: JobView }).job;
async function until(
  client: Client,
  id: string,
  fits: (job: JobView) => boolean = ({ state }) => state !== 'running',
): Promise<JobView> {
  for (;;) {
    const { body } = await client.get(`/jobs/${id}`).expect(200);
    if (fits(body as JobView)) return body as JobView;
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
async function imported(
  client: Client,
  files: Readonly<Record<string, string>>,
  query = '',
): Promise<FolderImportResult> {
  const job = await until(client, jobIn(await posted(client, await packed(files), query).expect(202)).id);
  expect([job.state, job.problem]).toEqual(['finished', null]);
  return job.result as FolderImportResult;
}
const partOf = ({ parts }: FolderImportResult, name: string) => parts.find(({ part }) => part === name);
/** Incentives takes plans when the test lets it. */
function holdPlans(): { held: Promise<void>; letGo(): void } {
  const handovers = running.served.get(Handovers);
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  handovers.take(FOLDER_PLANS, async (order: { plans: unknown[] }, { signal }) => {
    begun.resolve();
    await Promise.race([
      gate.promise,
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ]);
    return { plans: order.plans.map(() => ({ state: 'unchanged' })), gone: [] };
  });
  return { held: begun.promise, letGo: gate.resolve };
}
async function events(after = 0n) {
  const found: { type: string; stream: string; recorded: string; reason: string | undefined }[] = [];
  for await (const page of running.served.get(EVENT_STORE).readAll({ after })) {
    found.push(
      ...page
        .filter(({ category }) => !['user', 'clock'].includes(category))
        .map(({ type, stream, meta }) => ({ type, stream, recorded: meta.recorded, reason: meta.reason })),
    );
  }
  return found;
}

describe('A folder that is uploaded', () => {
  it('is one job, at one instant, whose parts each service records', async () => {
    const client = await as();
    const result = await imported(client, folder, '&reason=first');
    expect(result.parts.map(({ part, service, state }) => `${part}: ${service}, ${state}`)).toEqual([
      'tables: planning, done',
      'company: planning, done',
      'people: planning, done',
      'relations: planning, done',
      'rates: planning, done',
      'plans: incentives, done',
      'quotas: planning, done',
      'objectives: planning, done',
      'source crm deals: pipeline, done',
      'deals of crm: pipeline, done',
    ]);
    expect(partOf(result, 'deals of crm')).toMatchObject({ files: ['exports/a.csv', 'exports/b.csv'], changed: 3 });
    const all = await events();
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all.map(({ recorded }) => recorded))).toEqual(new Set([result.recorded]));
    expect(new Set(all.map(({ reason }) => reason))).toEqual(new Set(['first']));
    await running.served.caughtUp();
    const head = await running.served.get(EVENT_STORE).head();
    const again = await imported(client, folder);
    expect(again.parts.every(({ changed, retracted }) => changed + retracted === 0)).toBe(true);
    expect(await running.served.get(EVENT_STORE).head()).toBe(head);
  });

  it('retracts a row that is gone from one of several files', async () => {
    const client = await as();
    await imported(client, folder);
    expect(
      partOf(
        await imported(client, { ...folder, 'exports/a.csv': 'id,owner,amount,closed\nD1,Ann,1250.50,2025-01-20\n' }),
        'deals of crm',
      ),
    ).toMatchObject({ retracted: 1, unchanged: 2 });
    await running.served.caughtUp();
    await client.get('/deals/crm/D2').expect(404);
  });

  it('drops a measure together with all its uses', async () => {
    const client = await as();
    const more = {
      ...folder,
      'company.yaml': company.replace('of: deals }', 'of: deals }, half: { counts: amount / 2, of: deals }'),
      'quotas.csv': `${folder['quotas.csv']}ann,half,2025-01,5\n`,
      'plans/half.yaml': plan(1, '1%')
        .replace('plan: AE', 'plan: Half')
        .replace('roles: [AE]', 'roles: [Half]')
        .replace('measure: revenue', 'measure: half'),
    };
    await imported(client, more);
    const result = await imported(client, folder);
    expect(result.problems).toEqual([]);
    expect(partOf(result, 'company')).toMatchObject({ state: 'done', changed: 1 });
    expect(partOf(result, 'plans')).toMatchObject({ retracted: 1 });
  });

  it('leaves unreadable rows in quarantine, lists rejected rows, and records the others', async () => {
    const client = await as();
    await imported(client, folder);
    const result = await imported(client, {
      ...folder,
      'exports/b.csv': `${folder['exports/b.csv']}D9,Nobody,1,2025-01-01\nD8,Bob,8,2025-01-01\n`,
    });
    expect(partOf(result, 'deals of crm')).toMatchObject({ quarantined: 1, changed: 1 });
    const { body } = await client.get('/quarantine').expect(200);
    expect((body as { rows: object[] }).rows).toEqual([
      expect.objectContaining({ file: 'b.csv', row: 3, field: 'owner' }),
    ]);
  });

  it('shows the running part, is cancelled, and continues without doing anything twice', async () => {
    const client = await as();
    await imported(client, folder);
    const before = await running.served.get(EVENT_STORE).head();
    const { held } = holdPlans();
    const { id } = jobIn(await posted(client, await packed(later)).expect(202));
    await held;
    const view = await until(client, id, ({ doing }) => doing === 'plans');
    expect(view).toMatchObject({
      kind: 'folder',
      title: 'folder small',
      state: 'running',
      percent: expect.any(Number),
    });
    expect((view.result as FolderImportResult).parts.map(({ part }) => part)).toEqual([
      'tables',
      'company',
      'people',
      'relations',
      'rates',
    ]);
    await posted(client, await packed(folder))
      .expect(409)
      .expect(({ body }) => expect(body).toMatchObject({ code: 'FOLDER_IMPORT_RUNNING', about: { job: id } }));
    await client.post(`/jobs/${id}/cancel`).expect(202);
    expect(await until(client, id)).toMatchObject({ state: 'cancelled' });
    holdPlans().letGo();
    await client.post(`/jobs/${id}/resume`).expect(202);
    const { state, result } = await until(client, id);
    expect(state).toBe('finished');
    const parts = (result as FolderImportResult).parts.map(({ part }) => part);
    expect(parts).toEqual([...new Set(parts)]);
    expect(partOf(result as FolderImportResult, 'people')).toMatchObject({ changed: 1 });
    expect(new Set((await events(before)).map(({ recorded }) => recorded)).size).toBe(1);
  });

  it('continues by itself in the next process, which shows its end', async () => {
    let client = await as();
    const { held } = holdPlans();
    const { id } = jobIn(await posted(client, await packed(folder)).expect(202));
    await held;
    await running.served.close();
    running = await serving();
    client = await as();
    const { state, result } = await until(client, id);
    expect(state).toBe('finished');
    expect(partOf(result as FolderImportResult, 'people')).toMatchObject({ changed: 2 });
    expect(partOf(result as FolderImportResult, 'plans')).toMatchObject({ changed: 1 });
    expect(new Set((await events()).map(({ recorded }) => recorded)).size).toBe(1);
    const streams = (await events()).filter(({ type }) => type === 'DealOpened').map(({ stream }) => stream);
    expect(streams.sort()).toEqual(['deal-crm:D1', 'deal-crm:D2', 'deal-crm:D3']);
    await running.served.close();
    running = await serving();
    expect(await until(await as(), id)).toMatchObject({ state: 'finished', result });
  });

  it('returns the same job to a client that repeats the request, and to nobody else', async () => {
    const client = await as();
    const query = `&import=${randomUUID()}`;
    const first = jobIn(await posted(client, await packed(folder), query).expect(202));
    expect(jobIn(await posted(client, Buffer.alloc(0), query).expect(202)).id).toBe(first.id);
    await posted(await as('other'), await packed(folder), query).expect(404);
    expect((await until(client, first.id)).state).toBe('finished');
    expect(jobIn(await posted(client, await packed(folder), query).expect(202))).toMatchObject({
      id: first.id,
      state: 'finished',
    });
  });
});

describe('The description of the API', () => {
  it('documents the answer of an upload and the form of a job', async () => {
    const client = await as();
    interface Described {
      paths: Record<
        string,
        Record<string, { responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }> }>
      >;
      components: { schemas: Record<string, { properties: object }> };
    }
    const { paths, components } = (await client.get('/docs-json').expect(200)).body as Described;
    const job = (await posted(client, await packed(folder)).expect(202)).body as { job: JobView };
    const { responses } = paths['/v1/folder-imports']!['post']!;
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['202', '409', '413', '415', '422']));
    const { $ref } = paths['/v1/jobs/{id}']!['get']!.responses['200']!.content!['application/json']!.schema;
    const shown = components.schemas[$ref.split('/').at(-1)!]!.properties;
    expect(Object.keys(shown).sort()).toEqual(Object.keys(job.job).sort());
    await until(client, job.job.id);
  });
});

describe('An upload that is no company folder', () => {
  it('is refused with every error at its file, and nothing is recorded', async () => {
    const client = await as();
    const { body } = await posted(
      client,
      await packed({
        ...folder,
        'quotas.csv': `${folder['quotas.csv']}ann,revenue,2025-13,1\n`,
        'plans/ae.yaml': 'plan: AE\n',
      }),
    ).expect(422);
    expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^small\/quotas\.csv:3:1/),
        expect.stringMatching(/^small\/plans\/ae\.yaml:1:/),
      ]),
    );
    await posted(client, await packed({ 'people.csv': folder['people.csv'] }))
      .expect(422)
      .expect(({ text }) => expect(text).toContain('there is no company.yaml'));
    await posted(client, Buffer.from('no archive')).expect(422);
    await posted(client, Buffer.alloc(0)).expect(422);
    await client.post('/folder-imports').set('Content-Type', 'text/csv').send('a,b').expect(415);
    await posted(client, await packed(folder), '&name=../x').expect(422);
    await posted(client, await packed(folder), '&import=mine').expect(422);
    expect(await events()).toEqual([]);
  });

  it.each(['rep', 'manager', 'plan-author', 'approver', 'auditor', 'integration', 'admin'] as const)(
    'is nothing that a caller with the role %s may send',
    async (role) => {
      await posted(await as(role, [role]), await packed(folder)).expect(403);
    },
  );

  it('records the permitted parts, and names the missing permission of the others', async () => {
    const result = await imported(await as('fin', ['finance']), folder);
    expect(partOf(result, 'plans')).toMatchObject({ state: 'refused', why: 'This needs the permission plans:write.' });
    expect(partOf(result, 'people')).toMatchObject({ state: 'done', changed: 2 });
  });
});
