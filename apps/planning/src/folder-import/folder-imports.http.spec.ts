import { serve, type Served } from '@attain/service';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import supertest from 'supertest';
import { CompanyCommands } from '../company/company.commands.js';
import { ParticipantCommands } from '../participants/participant.commands.js';
import { PlanningModule } from '../planning.module.js';
import { QuotaCommands } from '../quotas/quota.commands.js';
import type { FolderRowsResult } from './folder-imports.js';

jest.setTimeout(60_000);

const byFolder = { actor: 'folder', correlation: 'test' };
const ID = '0b6a7a0e-5f0e-4f3e-9a63-1a4f8f1f2d11';
let served: Served;
let finance: ReturnType<typeof supertest.agent>;
beforeEach(async () => {
  served = await serve([PlanningModule], {
    name: 'test',
    topology: 'together',
    settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
    environment: {},
    signals: false,
    tell: () => undefined,
    demo: { company: 'Test', rep: { participant: 'ann', name: 'Ann' }, manager: { participant: 'mo', name: 'Mo' } },
  });
  await served.get(CompanyCommands).configure({ currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } }, byFolder);
  await served.get(ParticipantCommands).sync([{ id: 'ann', name: 'Ann' }, { id: 'bob', name: 'Bob' }], { complete: true }, byFolder);
  await served.get(QuotaCommands).sync([quota('2025-01', '100'), quota('2025-02', '200')], { complete: true }, byFolder);
  await served.caughtUp();
  finance = await as('finance');
});
afterEach(() => served.close());

const quota = (period: string, amount: string) => ({ for: 'ann', measure: 'revenue', period, amount });
const as = async (role: string) => {
  const { body } = await supertest(served.url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
  return supertest.agent(served.url).set('Authorization', `Bearer ${(body as { token: string }).token}`);
};
const post = (kind: string, rows: readonly unknown[], query = '') =>
  finance
    .post(`/folder-imports/${kind}?import=${ID}&reason=spring${query}`)
    .set('Content-Type', 'application/x-ndjson')
    .send(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
async function recorded(kind: string, rows: readonly unknown[], query = ''): Promise<FolderRowsResult> {
  const { body } = await post(kind, rows, query).expect(202);
  for (;;) {
    const { body: job } = await finance.get(`/jobs/${(body as { job: { id: string } }).job.id}`).expect(200);
    if (job.state !== 'running') {
      expect(job.problem).toBeNull();
      return job.result as FolderRowsResult;
    }
  }
}

describe('Rows of a folder', () => {
  it('change what they say otherwise, once, and retract what they do not name', async () => {
    expect(await recorded('quotas', [quota('2025-01', '150'), quota('2025-03', '300')], '&complete=yes')).toMatchObject({ import: ID, rows: 2, changed: 1, kept: [], keptInAll: 0, refused: [] });
    expect(await recorded('quotas', [quota('2025-01', '150'), quota('2025-03', '300')], '&complete=yes')).toMatchObject({ changed: 0, unchanged: 1, position: '0' });
    expect(await recorded('people', [{ id: 'ann', name: 'Ann' }], '&complete=yes')).toMatchObject({ unchanged: 1, retracted: 1 });
  });

  it('keep the quota of a period that somebody entered, and change the others of the same person', async () => {
    await finance.post('/quotas/assign').send({ ...quota('2025-01', '111'), reason: 'agreed' }).expect(200);
    const rows = [quota('2025-01', '150'), quota('2025-02', '250')];
    const { kept, changed } = await recorded('quotas', rows);
    expect(changed).toBe(1);
    expect(kept).toEqual([expect.objectContaining({ at: 0, id: 'ann~revenue', key: '2025-01', by: 'demo:finance', reason: 'agreed', instead: { type: 'QuotaChanged', data: expect.objectContaining({ amount: '150' }) } })]);
    expect((await recorded('quotas', rows, '&overwrite=yes')).kept).toEqual([]);
    // What an import has overwritten is the import's from then on.
    expect(await recorded('quotas', [quota('2025-01', '151'), quota('2025-02', '250')])).toMatchObject({ kept: [], changed: 1 });
  });

  it('keep what was withdrawn or retracted by hand, and a person as a whole', async () => {
    await finance.post('/quotas/withdraw').send({ for: 'ann', measure: 'revenue', period: '2025-02' }).expect(200);
    expect((await recorded('quotas', [quota('2025-01', '100'), quota('2025-02', '200')])).kept).toHaveLength(1);
    await finance.post('/participants/bob/assign').send({ from: '2025-03-01', role: 'AE' }).expect(200);
    await finance.post('/participants/zoe/name').send({ name: 'Zoe' }).expect(200);
    const { kept, retracted } = await recorded('people', [{ id: 'ann', name: 'Ann' }, { id: 'bob', name: 'Robert', role: 'Manager', from: '2025-03-01' }], '&complete=yes');
    expect(kept.map(({ id, key, at }) => [id, key, at])).toEqual([
      // Its end was set when the row behind it was entered.
      ['bob', '0001-01-01', 1],
      ['bob', '2025-03-01', 1],
      ['zoe', 'name', -1],
    ]);
    expect(retracted).toBe(0);
  });

  it('are refused one by one where they cannot stand', async () => {
    const { refused, changed } = await recorded('quotas', [quota('2025-03', '300'), { ...quota('2025-03', '1'), measure: 'margin' }]);
    expect(changed).toBe(1);
    expect(refused).toEqual([{ at: 1, code: 'UNKNOWN_MEASURE', message: expect.stringContaining('margin') }]);
  });

  it('are refused whole, by number and field, where one is none', async () => {
    const { body } = await post('quotas', [quota('2025-03', '300'), { for: 'ann' }, '[1]', 'nonsense']).expect(422);
    expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(expect.arrayContaining(['rows.2.measure', 'rows.3', 'rows.4']));
    await finance.post('/folder-imports/quotas').send(quota('2025-03', '300')).expect(415);
    await post('people', [`{"id":"ann","name":"${'x'.repeat(70_000)}"}`]).expect(422);
    await finance.post('/folder-imports/rates?import=mine').set('Content-Type', 'application/x-ndjson').send('').expect(422);
    await (await as('manager')).post('/folder-imports/quotas').set('Content-Type', 'application/x-ndjson').send('').expect(403);
  });

  it('leave the company document of a person alone unless they overwrite it', async () => {
    const document = { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } };
    await finance.post('/company').send({ document: { ...document, company: 'By hand' } }).expect(200);
    const { body } = await finance.post('/company').send({ document, import: ID }).expect(409);
    expect(body).toMatchObject({ code: 'ENTERED_BY_HAND', about: { by: 'demo:finance' } });
    expect((await finance.post('/company').send({ document, import: ID, overwrite: true }).expect(200)).body).toMatchObject({ changed: true });
    expect((await finance.post('/company').send({ document, import: ID }).expect(200)).body).toMatchObject({ changed: false });
  });
});
