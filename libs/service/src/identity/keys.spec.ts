import 'reflect-metadata';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Started, starting } from '../testing/started.fixture.js';
import { EVENT_STORE } from '../tokens.js';
import { agentOf } from '../testing/agent.js';
import { KeyRate } from './key-rate.js';

const secret = 'a secret of our own';
const first = 'eleven cranes over the harbour';
const own = 'a lantern behind nine windows';
const DEALS = '/deals?on=2025-01-01';

const bearing = (served: Started, token: string) => agentOf(served.url, token);
type Client = ReturnType<typeof bearing>;
async function signedIn(served: Started, name: string, password: string) {
  const { body } = await agentOf(served.url).post('/session').send({ name, password, give: 'token' }).expect(200);
  return bearing(served, (body as { token: string }).token);
}
/** A user who has chosen a password after the one that the only admin gave. */
async function user(served: Started, name: string, roles: string[], participant?: string) {
  await (
    await signedIn(served, 'admin', secret)
  )
    .put(`/users/${name}`)
    .send({ roles, participant, password: first })
    .expect(200);
  await (await signedIn(served, name, first)).post('/session/password').send({ now: first, next: own }).expect(204);
  return signedIn(served, name, own);
}

describe('An API key', () => {
  const start = starting('all');
  let at: Started;
  let [admin, fred, rita] = [] as unknown as [Client, Client, Client];
  beforeAll(async () => {
    at = await start({ demo: false, settings: { ADMIN_SECRET: secret } });
    admin = await signedIn(at, 'admin', secret);
    fred = await user(at, 'fred', ['finance']);
    rita = await user(at, 'rita', ['rep'], 'rita');
  });

  const shown = async (id: string) =>
    ((await fred.get('/keys').expect(200)).body as { rows: { key: string }[] }).rows.find(({ key }) => key === id);

  it('reads as its creator until it is revoked, and never again', async () => {
    const { body: key } = await fred
      .post('/keys')
      .send({ name: 'nightly export', reason: 'the export runs at night' })
      .expect(200);
    expect(key).toMatchObject({
      name: 'nightly export',
      of: 'user:fred',
      roles: ['finance'],
      state: 'active',
      lastUsed: null,
    });
    const program = bearing(at, key.secret);
    await program.get(DEALS).expect(200);
    expect((await program.get('/session').expect(200)).body).toMatchObject({
      actor: 'user:fred',
      name: 'nightly export',
      roles: ['finance'],
      csrf: null,
    });
    expect(await shown(key.key)).toMatchObject({ lastUsed: expect.any(String) });
    await fred.delete(`/keys/${key.key}`).expect(204);
    await program.get(DEALS).expect(401);
    expect(await shown(key.key)).toMatchObject({ state: 'revoked' });
  });

  it('may ask 600 times a minute, and each answer states what is left', async () => {
    const { body: key } = await fred.post('/keys').send({ name: 'eager dashboard' }).expect(200);
    const program = bearing(at, key.secret);
    const { headers } = await program.get(DEALS).expect(200);
    expect(headers).toMatchObject({
      'ratelimit-policy': '"key";q=600;w=60',
      ratelimit: expect.stringMatching(/^"key";r=599;t=\d+$/),
    });
    for (let n = 0; n < 599; n += 1) await at.get(KeyRate).take(key.key, { set: () => undefined });
    const refused = await program.get(DEALS).expect(429);
    expect(refused.body).toMatchObject({ code: 'TOO_MANY', detail: expect.stringMatching(/600 times a minute/) });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // The limit of one key does not affect people or other keys.
    expect((await fred.get(DEALS).expect(200)).headers).not.toHaveProperty('ratelimit');
  });

  it('is recorded with actor and reason, and without its secret', async () => {
    const { body: key } = await fred
      .post('/keys')
      .send({ name: 'export of the log', reason: 'the export runs at night' })
      .expect(200);
    await fred.post(`/keys/${key.key}/rotate`).send({}).expect(200);
    await fred.delete(`/keys/${key.key}`).expect(204);
    const log: { type: string; meta: { actor: string; reason?: string } }[] = [];
    for await (const page of at.get(EVENT_STORE).readStream('user-keys'))
      log.push(...page.filter(({ data }) => (data as { key: string }).key === key.key));
    expect(log.map(({ type, meta }) => [type, meta.actor, meta.reason])).toEqual([
      ['KeyCreated', 'user:fred', 'the export runs at night'],
      ['KeyRotated', 'user:fred', undefined],
      ['KeyRevoked', 'user:fred', undefined],
    ]);
    expect(
      JSON.stringify(log, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) + at.logged(),
    ).not.toContain(key.secret.replace(/^atn_[^_]+_/, ''));
  });

  it('has no more than its creator, and is narrowed to permissions', async () => {
    expect(
      (
        await rita
          .post('/keys')
          .send({ name: 'k', roles: ['finance'] })
          .expect(422)
      ).body.errors,
    ).toMatchObject([{ field: 'roles' }]);
    expect(
      (
        await rita
          .post('/keys')
          .send({ name: 'k', roles: ['reports'] })
          .expect(422)
      ).body.errors,
    ).toMatchObject([{ field: 'roles' }]);
    expect(
      (
        await rita
          .post('/keys')
          .send({ name: 'k', permissions: ['deals:write'] })
          .expect(422)
      ).body.errors,
    ).toMatchObject([{ field: 'permissions' }]);
    expect(
      (
        await rita
          .post('/keys')
          .send({ name: 'k', permissions: ['keys:write'] })
          .expect(422)
      ).body.errors,
    ).toMatchObject([{ field: 'permissions', message: 'no key has the permission keys:write' }]);
    await rita.post('/keys').send({ name: 'k', days: 366 }).expect(422);
    const { body: key } = await rita
      .post('/keys')
      .send({ name: 'k', permissions: ['session:read'] })
      .expect(200);
    await bearing(at, key.secret).get(DEALS).expect(403);
  });

  it('decides nothing about users, sessions and keys', async () => {
    const { body: key } = await admin.post('/keys').send({ name: 'metrics' }).expect(200);
    const program = bearing(at, key.secret);
    await program.get('/users').expect(200);
    await program
      .put('/users/eve')
      .send({ roles: ['finance'], password: first })
      .expect(403);
    await program.post('/keys').send({ name: 'another' }).expect(403);
    await program.post('/session/password').send({ now: secret, next: own }).expect(403);
    await program.delete(`/keys/${key.key}`).expect(403);
  });

  it('loses the roles that its creator loses, and ends with its creator', async () => {
    const gus = await user(at, 'gus', ['finance', 'auditor']);
    const { body: key } = await gus.post('/keys').send({ name: 'k' }).expect(200);
    const program = bearing(at, key.secret);
    await program.post('/deals/crm/D1').send({ owner: 'ann', amount: '1.00' }).expect(200);
    await admin
      .put('/users/gus')
      .send({ roles: ['auditor'] })
      .expect(200);
    await program.get(DEALS).expect(200);
    await program.post('/deals/crm/D2').send({ owner: 'ann', amount: '1.00' }).expect(403);
    await admin.delete('/users/gus').expect(204);
    await program.get(DEALS).expect(401);
  });

  it('is given to a dashboard by an admin, who sees no sales without it', async () => {
    const { body: key } = await admin
      .post('/keys')
      .send({ name: 'dashboard', roles: ['reports'] })
      .expect(200);
    expect(key).toMatchObject({
      roles: ['reports'],
      permissions: expect.arrayContaining(['sales:read', 'attainment:export']),
    });
    await bearing(at, key.secret).get(DEALS).expect(200);
    await bearing(at, key.secret).get('/users').expect(403);
  });

  it('has a new secret after a rotation, and the old one counts for seven more days', async () => {
    const { body: key } = await fred.post('/keys').send({ name: 'rotated' }).expect(200);
    const { body: next } = await fred.post(`/keys/${key.key}/rotate`).send({ days: 30 }).expect(200);
    expect(next.secret).not.toBe(key.secret);
    for (const token of [key.secret, next.secret]) await bearing(at, token).get(DEALS).expect(200);
    expect(Date.parse(next.previousUntil) - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
  });

  it('of somebody else is hidden, and only an admin revokes it', async () => {
    const { body: key } = await fred.post('/keys').send({ name: 'k' }).expect(200);
    expect(JSON.stringify((await rita.get('/keys').expect(200)).body)).not.toContain(key.key);
    await rita.delete(`/keys/${key.key}`).expect(404);
    await rita.post(`/keys/${key.key}/rotate`).send({}).expect(404);
    await admin.post(`/keys/${key.key}/rotate`).send({}).expect(404);
    await admin.delete(`/keys/${key.key}`).expect(204);
    await bearing(at, key.secret).get(DEALS).expect(401);
  });

  it.each(['atn_', 'atn_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'atn_zz_x'])(
    '«%s» opens nothing',
    async (token) => {
      await bearing(at, token).get(DEALS).expect(401);
    },
  );
});
