import 'reflect-metadata';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Started, starting } from '../testing/started.fixture.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';
import { KeptTable } from '../kept-table.js';
import { kept } from './passwords.js';
import { Sessions } from './sessions.js';
import { agentOf } from '../testing/agent.js';

const secret = 'a secret of our own';
const first = 'eleven cranes over the harbour';
const own = 'a lantern behind nine windows';

async function signedIn(served: Started, name: string, password: string) {
  const { body } = await agentOf(served.url).post('/session').send({ name, password, give: 'token' }).expect(200);
  return agentOf(served.url, (body as { token: string }).token);
}
/** A user who has chosen a password after the one that an admin gave. */
async function settled(served: Started, name: string, given = first) {
  await (await signedIn(served, name, given)).post('/session/password').send({ now: given, next: own }).expect(204);
  return signedIn(served, name, own);
}

describe('Users', () => {
  const start = starting();
  const served = (settings = {}) => start({ demo: false, settings: { ADMIN_SECRET: secret, ...settings } });
  const logOf = async ({ get }: Started) => {
    const events: { type: string; data: Record<string, unknown>; meta: { actor: string; reason?: string } }[] = [];
    for await (const page of get(EVENT_STORE).readStream('user-directory'))
      events.push(...(page as unknown as typeof events));
    return events;
  };

  it('are changed by events with before, after, actor and reason, and without a password', async () => {
    const at = await served();
    const admin = await signedIn(at, 'admin', secret);
    await admin
      .put('/users/fred')
      .send({ roles: ['finance'], password: first, reason: 'hired' })
      .expect(200);
    const fred = await settled(at, 'fred');
    await fred.get('/deals?on=2025-01-01').expect(200);
    await admin.put('/users/fred').send({ roles: [] }).expect(200);
    await admin.delete('/users/fred').expect(204);
    const log = await logOf(at);
    expect(
      log.map(({ type, data, meta }) => [type, data['oversight'] ?? null, meta.actor, meta.reason ?? null]),
    ).toEqual([
      ['UserChanged', 'start', 'start', null],
      ['UserChanged', 'single admin', 'user:admin', 'hired'],
      ['UserPasswordChanged', null, 'user:fred', null],
      ['UserChanged', 'one admin', 'user:admin', null],
      ['UserChanged', 'one admin', 'user:admin', null],
    ]);
    expect(log[3]?.data).toMatchObject({ user: 'fred', before: { roles: ['finance'] }, after: { roles: [] } });
    expect(JSON.stringify(log.map(({ data, meta }) => [data, meta]))).not.toMatch(/scrypt|cranes|lantern|secret/);
    const { body } = await admin.get('/users/fred/changes').expect(200);
    expect(body.rows).toHaveLength(4);
    expect(body.rows[3]).toMatchObject({
      by: 'user:admin',
      reason: 'hired',
      before: null,
      after: { roles: ['finance'] },
      password: true,
      oversight: 'single admin',
    });
    expect(at.logged()).not.toMatch(/cranes|lantern/);
  });

  it('choose a password of their own before they do anything else', async () => {
    const at = await served();
    const admin = await signedIn(at, 'admin', secret);
    await admin
      .put('/users/fred')
      .send({ roles: ['finance', 'admin'], password: first })
      .expect(200);
    const fred = await signedIn(at, 'fred', first);
    expect((await fred.get('/session').expect(200)).body).toMatchObject({ passwordDue: true });
    for (const path of ['/deals?on=2025-01-01', '/users', '/jobs'])
      expect((await fred.get(path).expect(403)).body).toMatchObject({ code: 'PASSWORD_DUE' });
    await fred
      .put('/users/eve')
      .send({ roles: ['finance'], password: first })
      .expect(403);
    await fred.post('/session/password').send({ now: first, next: first }).expect(422);
    await fred
      .post('/session/password')
      .send({ now: first, next: `${first} 2` })
      .expect(422);
    await fred.post('/session/password').send({ now: first, next: own }).expect(204);
    await agentOf(at.url).post('/session').send({ name: 'fred', password: first }).expect(401);
    await (await signedIn(at, 'fred', own)).get('/deals?on=2025-01-01').expect(200);
  });

  it('need two admins for access to pay, and then no admin alone can sign in as them', async () => {
    const at = await served();
    const alice = await signedIn(at, 'admin', secret);
    await alice
      .put('/users/bob')
      .send({ roles: ['admin'], password: first })
      .expect(200);
    const bob = await settled(at, 'bob');
    const { body: waits } = await alice
      .put('/users/fred')
      .send({ roles: ['finance'], password: first })
      .expect(202);
    expect(waits).toMatchObject({
      user: 'fred',
      before: null,
      after: { roles: ['finance'] },
      proposed: 'user:admin',
      password: true,
    });
    await agentOf(at.url).post('/session').send({ name: 'fred', password: first }).expect(401);
    expect((await bob.get('/users/changes').expect(200)).body.rows).toMatchObject([{ change: waits.change }]);
    expect((await alice.post(`/users/changes/${waits.change}/approve`).send({}).expect(409)).body).toMatchObject({
      code: 'SECOND_ADMIN',
    });
    const { body: approved } = await bob
      .post(`/users/changes/${waits.change}/approve`)
      .send({ reason: 'new in finance' })
      .expect(200);
    expect(approved).toMatchObject({
      user: { name: 'fred', roles: ['finance'] },
      code: expect.stringMatching(/^[\w-]{12}$/),
    });
    const { code } = approved as { code: string };
    for (const password of [first, code, `${first}${'x'.repeat(12)}`, `${own}${code}`])
      await agentOf(at.url).post('/session').send({ name: 'fred', password }).expect(401);
    await (
      await signedIn(at, 'fred', `${first}${code}`)
    )
      .post('/session/password')
      .send({ now: `${first}${code}`, next: first })
      .expect(422);
    await (await settled(at, 'fred', `${first}${code}`)).get('/deals?on=2025-01-01').expect(200);
    expect((await logOf(at)).at(-2)).toMatchObject({
      data: { oversight: 'two admins', proposed: 'user:admin' },
      meta: { actor: 'user:bob', reason: 'new in finance' },
    });
    // No admin can bypass it: neither by a password, nor by a third admin, nor by being the only one left.
    await alice
      .put('/users/fred')
      .send({ roles: ['finance'], password: first })
      .expect(202);
    await alice
      .put('/users/carl')
      .send({ roles: ['admin'], password: first })
      .expect(202);
    await alice.delete('/users/bob').expect(202);
    await alice.put('/users/bob').send({ roles: [] }).expect(202);
    expect(
      (
        await alice
          .put('/users/admin')
          .send({ roles: ['admin', 'finance'] })
          .expect(409)
      ).body,
    ).toMatchObject({ code: 'OWN_ROLES' });
    expect((await bob.get('/users').expect(200)).body.rows.map(({ name }: { name: string }) => name)).toEqual([
      'admin',
      'bob',
      'fred',
    ]);
    const fred = await signedIn(at, 'fred', own);
    for (const { change, user } of (await fred.get('/users/changes').expect(200)).body.rows as {
      change: string;
      user: string;
    }[]) {
      const [yes, no] = user === 'bob' ? [fred, bob] : [bob, fred];
      expect((await no.post(`/users/changes/${change}/reject`).send({}).expect(409)).body).toMatchObject({
        code: user === 'bob' ? 'OWN_ROLES' : 'NOT_AN_ADMIN',
      });
      await yes.post(`/users/changes/${change}/reject`).send({}).expect(204);
    }
    expect((await bob.get('/users/changes').expect(200)).body.rows).toEqual([]);
  });

  it('lose their sessions, which an admin lists and ends, also those that a crash left', async () => {
    const DATA = mkdtempSync(join(tmpdir(), 'attain-users-'));
    const settings = { DATA, EVENTS_URL: '', BUS_URL: '', MODELS_URL: '' };
    const at = await served(settings);
    const admin = await signedIn(at, 'admin', secret);
    await admin
      .put('/users/fred')
      .send({ roles: ['finance'], password: first })
      .expect(200);
    const fred = await settled(at, 'fred');
    const { body } = await admin.get('/users/fred/sessions').expect(200);
    expect(body.rows).toMatchObject([{ kind: 'token', current: false }]);
    await admin.delete(`/users/fred/sessions/${body.rows[0].id}`).expect(204);
    await admin.delete(`/users/fred/sessions/${body.rows[0].id}`).expect(404);
    await fred.get('/session').expect(401);
    const again = await signedIn(at, 'fred', own);
    await admin.delete('/users/fred/sessions').expect(204);
    await again.get('/session').expect(401);
    const left = await at.app
      .get(Sessions, { strict: false })
      .begin({ actor: 'user:fred', name: 'fred', roles: ['finance'] }, 'token', Date.now() - 600_000);
    await at.close();
    const restarted = await served(settings);
    await agentOf(restarted.url).get('/session').set('Authorization', `Bearer ${left.token}`).expect(401);
    await signedIn(restarted, 'fred', own);
  });

  it('of a table of before become events, with the password they had', async () => {
    const DATA = mkdtempSync(join(tmpdir(), 'attain-users-'));
    const settings = { DATA, EVENTS_URL: '', BUS_URL: '', MODELS_URL: '' };
    const before = await start({ demo: true, settings });
    const table = new KeptTable(before.get(READ_MODELS), 'local-users');
    for (const [name, password] of [
      ['admin', secret],
      ['zoe', own],
    ] as const) {
      const document = {
        name,
        roles: [name === 'admin' ? 'admin' : 'rep'],
        participant: null,
        source: null,
        password: await kept(password),
      };
      await table.change([name], () => document);
    }
    await before.close();
    const at = await served({ ...settings, ADMIN_SECRET: 'another secret of ours' });
    const admin = await signedIn(at, 'admin', secret);
    expect((await admin.get('/users').expect(200)).body.rows).toEqual([
      { name: 'admin', roles: ['admin'], participant: null, source: null },
      { name: 'zoe', roles: ['rep'], participant: null, source: null },
    ]);
    await (await signedIn(at, 'zoe', own)).get('/deals?on=2025-01-01').expect(404);
    expect((await logOf(at)).map(({ data }) => [data['user'], data['oversight']])).toEqual([
      ['admin', 'start'],
      ['zoe', 'start'],
    ]);
  });

  it('are not locked out for good when the table of passwords is lost', async () => {
    const DATA = mkdtempSync(join(tmpdir(), 'attain-users-'));
    const settings = { DATA, EVENTS_URL: '', BUS_URL: '', MODELS_URL: '' };
    const before = await served(settings);
    const alice = await signedIn(before, 'admin', secret);
    await alice
      .put('/users/fred')
      .send({ roles: ['finance'], password: first })
      .expect(200);
    await before.close();
    for (const name of readdirSync(DATA)) if (name.startsWith('models.db')) rmSync(join(DATA, name));
    const at = await served({ ...settings, ADMIN_SECRET: 'another secret of ours' });
    const admin = await signedIn(at, 'admin', 'another secret of ours');
    expect((await admin.get('/users').expect(200)).body.rows).toMatchObject([
      { name: 'admin', roles: ['admin'] },
      { name: 'fred', roles: ['finance'] },
    ]);
    await agentOf(at.url).post('/session').send({ name: 'fred', password: first }).expect(401);
    await at.close();
    // Once an admin can sign in, nothing is given again.
    const again = await served({ ...settings, ADMIN_SECRET: 'a third secret of ours' });
    await agentOf(again.url).post('/session').send({ name: 'admin', password: 'a third secret of ours' }).expect(401);
    await signedIn(again, 'admin', 'another secret of ours');
  });

  it('have no password that anybody guesses, nor one with their name', async () => {
    const at = await served();
    const admin = await signedIn(at, 'admin', secret);
    const statusWith = async (password: string) =>
      (await admin.put('/users/ann.meyer').send({ roles: ['rep'], participant: 'darcel', password })).status;
    for (const password of [
      'password1234',
      'Password123456!',
      'qwertyuiop1234',
      'aaaaaaaaaaaaaaaa',
      '123456789012',
      'iloveyou12345',
      'letmeinletmein',
      'attain123456',
      'the pay of ann.meyer',
      'the pay of DARCEL',
      'short one',
    ]) {
      expect([password, await statusWith(password)]).toEqual([password, 422]);
    }
    expect(await statusWith(first)).toBe(200);
    await expect(start({ demo: false, settings: { ADMIN_SECRET: 'password12345678' } })).rejects.toThrow(
      'ADMIN_SECRET',
    );
  });
});
