import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '@attain/values';
import { type Started, starting } from './testing/started.fixture.js';
import { EVENT_STORE } from './tokens.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attain-foreign-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const start = starting();
const secret = 'a secret of our own';
const serveIt = () =>
  start({
    demo: false,
    settings: {
      EVENTS_URL: `sqlite:${directory}`,
      BUS_URL: `sqlite:${directory}`,
      MODELS_URL: `sqlite:${directory}`,
      ADMIN_SECRET: secret,
    },
  });
/** Serves until the work is done, and leaves the files intact. */
async function during(work: (served: Started) => Promise<unknown>): Promise<void> {
  const served = await serveIt();
  await work(served);
  await served.caughtUp();
  await served.close();
}
const opens =
  (...ids: string[]) =>
  (served: Started) =>
    served.get(EVENT_STORE).appendMany(
      ids.map((id) => ({
        stream: `deal-crm:${id}`,
        expected: 'none' as const,
        events: [
          {
            id: newUuid(),
            type: 'DealOpened',
            version: 1,
            data: { source: 'crm', id, fields: { owner: 'ann', amount: '1.00' } },
            meta: { actor: 'test', correlation: 'test', recorded: '2025-01-01T00:00:00.000Z' },
          },
        ],
      })),
    );
const file = (name: string) => join(directory, name);

async function signedIn(served: Started, name: string, password: string) {
  const { body } = await served.anonymous.post('/session').send({ name, password, give: 'token' }).expect(200);
  return { Authorization: `Bearer ${(body as { token: string }).token}` };
}
async function asFinance(served: Started, admin: Record<string, string>) {
  const [given, own] = ['Zebra-crossing-77-lantern', 'Lantern-crossing-78-zebra'];
  await served.anonymous
    .put('/users/fay')
    .set(admin)
    .send({ roles: ['finance'], password: given, reason: 'she pays' })
    .expect(200);
  await served.anonymous
    .post('/session/password')
    .set(await signedIn(served, 'fay', given))
    .send({ now: given, next: own });
  return signedIn(served, 'fay', own);
}

describe('Read models that do not follow from the log', () => {
  const restored: [string, () => Promise<void>, string[]][] = [
    [
      'because an older log was restored',
      async () => {
        await during(opens('D1', 'D2'));
        copyFileSync(file('events.db'), file('backup'));
        await during(opens('D3', 'D4', 'D5'));
        copyFileSync(file('backup'), file('events.db'));
      },
      ['D1', 'D2'],
    ],
    [
      'because an older log was restored and has grown as far again, before newer models came back',
      async () => {
        await during(opens('D1', 'D2'));
        copyFileSync(file('events.db'), file('backup'));
        await during(opens('D3', 'D4'));
        copyFileSync(file('models.db'), file('newer'));
        copyFileSync(file('backup'), file('events.db'));
        rmSync(file('models.db'));
        await during(opens('D6', 'D7', 'D8'));
        copyFileSync(file('newer'), file('models.db'));
      },
      ['D1', 'D2', 'D6', 'D7', 'D8'],
    ],
  ];

  it.each(restored)('%s, answer nothing until they are built anew', async (_, breakIt, deals) => {
    await breakIt();
    const served = await serveIt();
    expect(served.logged()).toContain('does not follow from this log');
    const { body } = await served.anonymous.get('/health/ready').expect(503);
    expect(body).toMatchObject({
      status: 'foreign models',
      groups: [{ group: 'open-deals@1', foreign: expect.stringContaining('open-deals@1 holds events up to position') }],
    });
    const admin = await signedIn(served, 'admin', secret);
    const finance = await asFinance(served, admin);
    for (const asked of [
      served.anonymous.get('/deals?on=2025-01-31').set(finance),
      served.anonymous.post('/deals/crm/D9').set(finance).send({ owner: 'ann', amount: '1.00' }),
    ]) {
      expect((await asked.expect(503)).body).toMatchObject({
        code: 'MODELS_FOREIGN',
        detail: expect.stringContaining('attain models rebuild'),
      });
    }
    // A person who verifies such a log follows the job.
    await served.anonymous.get('/jobs').set(finance).expect(200);
    await expect(served.caughtUp()).rejects.toThrow('do not follow from this log');
    const listed = await served.anonymous.get('/models').set(admin).expect(200);
    expect(listed.body).toMatchObject({ rows: [{ group: 'open-deals@1', state: 'foreign' }] });

    await served.anonymous.post('/models/rebuild').set(finance).send({}).expect(403);
    const rebuilt = await served.anonymous.post('/models/rebuild').set(admin).send({}).expect(200);
    expect(rebuilt.body).toEqual({ rebuilding: ['open-deals@1'] });
    await served.caughtUp();
    await served.anonymous.get('/health/ready').expect(200);
    const { body: answer } = await served.anonymous.get('/deals?on=2025-01-31').set(finance).expect(200);
    expect((answer as { rows: { id: string }[] }).rows.map(({ id }) => id).sort()).toEqual(deals);
    await served.close();
    await during(async (again) => again.anonymous.get('/health/ready').expect(200));
  });

  it('raise an alarm if they belong to another company', async () => {
    await during(opens('X1', 'X2'));
    copyFileSync(file('models.db'), file('theirs'));
    rmSync(file('events.db'));
    rmSync(file('models.db'));
    await during(opens('D1', 'D2', 'D3'));
    copyFileSync(file('theirs'), file('models.db'));
    const served = await serveIt();
    expect((await served.anonymous.get('/health/ready').expect(503)).body).toMatchObject({ status: 'foreign models' });
  });

  it('are listed when somebody asks to rebuild an unknown model', async () => {
    const served = await serveIt();
    const admin = await signedIn(served, 'admin', secret);
    const { body } = await served.anonymous
      .post('/models/rebuild')
      .set(admin)
      .send({ groups: ['payslips@1'] })
      .expect(422);
    expect(body).toMatchObject({
      errors: [{ field: 'groups', message: expect.stringContaining('no model payslips@1') }],
    });
    expect(
      (
        await served.anonymous
          .post('/models/rebuild')
          .set(admin)
          .send({ groups: ['open-deals@1'] })
          .expect(200)
      ).body,
    ).toEqual({ rebuilding: ['open-deals@1'] });
  });
});
