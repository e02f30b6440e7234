import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMemoryReadModels } from '@attain/eventsourcing';
import { type Started, starting } from '../testing/started.fixture.js';
import type { Caller } from './caller.js';
import { Sessions } from './sessions.js';
import { agentOf } from '../testing/agent.js';

// Passwords are hashed slowly on purpose, and even more slowly on a busy machine.

const deal = { owner: 'ann', amount: '1.00' };
const HOUR = 3_600_000;

/** A browser that signed in with one click, and its CSRF token. */
async function browser({ url }: Started, as = 'finance') {
  const client = agentOf(url);
  const { body } = await client.post('/session/demo').send({ as }).expect(200);
  return { client, csrf: (body as { csrf: string }).csrf };
}

describe('a session', () => {
  const start = starting();

  it('is a cookie that no script reads and no other site makes a browser send', async () => {
    const { anonymous } = await start();
    const { headers } = await anonymous.post('/session/demo').send({ as: 'rep' }).expect(200);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^attain-session=[\w-]{43}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
  });

  it('travels encrypted only, where there is a public address', async () => {
    const { anonymous } = await start({ settings: { PUBLIC_URL: 'https://attain.example' } });
    const { headers } = await anonymous.post('/session/demo').send({ as: 'rep' }).expect(200);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^__Host-attain-session=.*; Path=\/; .*; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(headers['strict-transport-security']).toContain('max-age');
  });

  it('changes something only with its CSRF token', async () => {
    const { client, csrf } = await browser(await start());
    await client.post('/deals/crm/D1').send(deal).expect(403);
    await client.post('/deals/crm/D1').set('X-CSRF-Token', 'a guess').send(deal).expect(403);
    await client.post('/deals/crm/D1').set('X-CSRF-Token', csrf).send(deal).expect(200);
  });

  it('rejects the CSRF token of another session', async () => {
    const served = await start();
    const other = await browser(served);
    const { client } = await browser(served);
    await client.post('/deals/crm/D1').set('X-CSRF-Token', other.csrf).send(deal).expect(403);
  });

  it('is of no use to another site', async () => {
    const { client, csrf } = await browser(await start());
    for (const [name, value] of [
      ['Origin', 'https://evil.example'],
      ['Sec-Fetch-Site', 'cross-site'],
    ] as const) {
      const answer = await client
        .post('/deals/crm/D1')
        .set(name, value)
        .set('X-CSRF-Token', csrf)
        .send(deal)
        .expect(403);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  it('begins anew with each sign-in, and the one before ends', async () => {
    const { url } = await start();
    const first = await agentOf(url).post('/session/demo').send({ as: 'rep' }).expect(200);
    const [cookie = ''] = (first.headers['set-cookie'] ?? '') as unknown as string[];
    const second = await agentOf(url).post('/session/demo').set('Cookie', cookie).send({ as: 'finance' }).expect(200);
    expect(second.headers['set-cookie']?.[0]).not.toBe(cookie);
    await agentOf(url).get('/session').set('Cookie', cookie).expect(401);
  });

  it('ends', async () => {
    const { client, csrf } = await browser(await start());
    await client.get('/session').expect(200);
    const { headers } = await client.delete('/session').set('X-CSRF-Token', csrf).expect(204);
    expect(headers['set-cookie']?.[0]).toMatch(/Max-Age=0/);
    await client.get('/session').expect(401);
  });

  it('ends by a form of the landing page, which carries the token in a field', async () => {
    const { client, csrf } = await browser(await start());
    await client.post('/session/end').type('form').send({}).expect(403);
    await client.post('/session/end').type('form').send({ csrf }).expect(303).expect('Location', '/');
    await client.get('/session').expect(401);
  });

  it('of a program ends with its token', async () => {
    const { as, url } = await start();
    const client = await as('manager');
    await client.delete('/session').expect(204);
    await client.get('/session').expect(401);
    await client.get('/deals?on=2025-01-01').expect(401);
    await agentOf(url).get('/session').expect(401);
  });

  it('is listed with the others of its owner, and each can be ended', async () => {
    const served = await start();
    const sessions = served.app.get(Sessions, { strict: false });
    const ann: Caller = { actor: 'user:ann', name: 'Ann', roles: ['rep'], participant: 'ann' };
    const [mine, lost] = [await sessions.begin(ann), await sessions.begin(ann, 'cookie')];
    const other = await sessions.begin({ ...ann, actor: 'user:bob' });
    const by = ({ token }: { token: string }) => agentOf(served.url, token);
    const { body } = await by(mine).get('/session/all').expect(200);
    expect(body.rows).toHaveLength(2);
    expect(body.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'token', current: true }),
        expect.objectContaining({ kind: 'cookie', current: false }),
      ]),
    );
    expect(JSON.stringify(body)).not.toContain(lost.session.key);
    const id = (body.rows as { id: string; current: boolean }[]).find(({ current }) => !current)?.id ?? '';
    await by(other).delete(`/session/${id}`).expect(404);
    await by(mine).delete(`/session/${id}`).expect(204);
    await by(mine).delete(`/session/${id}`).expect(404);
    await agentOf(served.url).get('/session').set('Cookie', `attain-session=${lost.token}`).expect(401);
    await by(other).get('/session').expect(200);
    await by(mine).get('/session').expect(200);
  });

  it('of a visitor of the demo is nobody else’s to see or end', async () => {
    const { as } = await start();
    const [one, another] = [await as('finance'), await as('finance')];
    const { body } = await another.get('/session/all').expect(200);
    expect(body.rows).toMatchObject([{ current: true }]);
    await one.delete(`/session/${(body.rows as { id: string }[])[0]?.id}`).expect(404);
    await another.get('/session').expect(200);
  });

  it('is over after two idle hours, and after twelve in any case', async () => {
    const sessions = new Sessions(createMemoryReadModels());
    const caller = { actor: 'user:ann', name: 'ann', roles: [] };
    const idle = (await sessions.begin(caller, 'token', 0)).token;
    expect(await sessions.find(idle, 2 * HOUR)).toBeDefined();
    expect(await sessions.find(idle, 4 * HOUR + 1)).toBeUndefined();
    const busy = (await sessions.begin(caller, 'token', 0)).token;
    for (let hour = 1; hour <= 12; hour += 1) expect(await sessions.find(busy, hour * HOUR)).toBeDefined();
    expect(await sessions.find(busy, 12 * HOUR + 1)).toBeUndefined();
  });

  it('holds in every process that shares the read models, and ends in all of them', async () => {
    const models = createMemoryReadModels();
    const [here, there] = [new Sessions(models), new Sessions(models)];
    const callers = ['ann', 'bob'].map((name) => ({ actor: `user:${name}`, name, roles: [] }));
    const begun = await Promise.all(
      callers.flatMap((caller) => [here.begin(caller, 'token', 0), there.begin(caller, 'token', 0)]),
    );
    const found = () => Promise.all(begun.map(async ({ token }) => (await here.find(token, HOUR))?.actor));
    expect(await found()).toEqual(['user:ann', 'user:ann', 'user:bob', 'user:bob']);
    await there.endAllOf('user:ann');
    expect(await found()).toEqual([undefined, undefined, 'user:bob', 'user:bob']);
  });
});

describe('the demo', () => {
  const start = starting();

  it.each([
    ['rep', { roles: ['rep'], participant: 'ann', name: 'Ann' }],
    ['manager', { roles: ['manager'], participant: 'max', name: 'Max' }],
    ['finance', { roles: ['finance'], participant: null }],
    ['auditor', { roles: ['auditor'], participant: null }],
  ])('signs in with one click as %s', async (as, caller) => {
    const { url } = await start();
    const client = agentOf(url);
    await client.post('/session/demo').type('form').send({ as }).expect(303).expect('Location', '/');
    const { body } = await client.get('/session').expect(200);
    expect(body).toMatchObject({ actor: `demo:${as}`, ...caller });
  });

  it('makes nobody an admin', async () => {
    const { anonymous } = await start();
    await anonymous.post('/session/demo').send({ as: 'admin' }).expect(422);
  });

  it('signs nobody in where the same data is served without it', async () => {
    const DATA = mkdtempSync(join(tmpdir(), 'attain-demo-'));
    const settings = { DATA, EVENTS_URL: '', BUS_URL: '', MODELS_URL: '' };
    const first = await start({ settings });
    const { body } = await first.anonymous.post('/session/demo').send({ as: 'finance', give: 'token' }).expect(200);
    const { headers } = await agentOf(first.url).post('/session/demo').send({ as: 'finance' }).expect(200);
    const [cookie = ''] = (headers['set-cookie'] ?? '') as unknown as string[];
    await first.close();
    const second = await start({ demo: false, settings: { ...settings, ADMIN_SECRET: 'a secret of our own' } });
    const token = `Bearer ${(body as { token: string }).token}`;
    await agentOf(second.url).get('/session').set('Authorization', token).expect(401);
    await agentOf(second.url).get('/deals?on=2025-01-01').set('Cookie', cookie).expect(401);
    await second.close();
    // Ended, not only refused.
    const third = await start({ settings });
    await agentOf(third.url).get('/session').set('Authorization', token).expect(401);
  });

  it('is there only where the demo company is loaded', async () => {
    const { anonymous } = await start({ demo: false });
    await anonymous.post('/session/demo').send({ as: 'rep' }).expect(404);
  });
});

describe('a local user', () => {
  const start = starting();
  const admin = async (served: Started, password: string) => {
    const { body } = await served.anonymous
      .post('/session')
      .send({ name: 'admin', password, give: 'token' })
      .expect(200);
    return agentOf(served.url, (body as { token: string }).token);
  };
  const secretOf = ({ printed }: Started) => /as admin with (\S+)/.exec(printed[0] ?? '')?.[1] ?? '';

  it('is at first only the admin, whose secret is printed once and not logged', async () => {
    const served = await start({ demo: false });
    const secret = secretOf(served);
    expect(served.printed).toHaveLength(1);
    expect(secret).toMatch(/^[\w-]{24}$/);
    expect(served.logged()).not.toContain(secret);
    const { body } = await (await admin(served, secret)).get('/users').expect(200);
    expect(body).toMatchObject({ rows: [{ name: 'admin', roles: ['admin'], participant: null, source: null }] });
  });

  it('is the admin with the secret of the settings, which is not printed', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: 'a secret of our own' } });
    expect(served.printed).toEqual([]);
    await admin(served, 'a secret of our own');
  });

  it('comes, signs in, changes the password and goes', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: 'a secret of our own' } });
    const by = await admin(served, 'a secret of our own');
    await by
      .put('/users/ann')
      .send({ roles: ['rep'], participant: 'ann', password: 'correct horse battery' })
      .expect(200);
    const signIn = (password: string) =>
      agentOf(served.url).post('/session').send({ name: 'ann', password, give: 'token' });
    const { body } = await signIn('correct horse battery').expect(200);
    expect(body).toMatchObject({ actor: 'user:ann', roles: ['rep'], participant: 'ann', passwordDue: true });
    const ann = agentOf(served.url, (body as { token: string }).token);
    await ann.get('/users').expect(403);
    await ann.post('/session/password').send({ now: 'wrong', next: 'another long password' }).expect(422);
    await ann
      .post('/session/password')
      .send({ now: 'correct horse battery', next: 'another long password' })
      .expect(204);
    await ann.get('/session').expect(401);
    await signIn('correct horse battery').expect(401);
    await signIn('another long password').expect(200);
    await by.delete('/users/ann').expect(204);
    await signIn('another long password').expect(401);
  });

  it('loses a role at once, not with the next sign-in', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: 'a secret of our own' } });
    const by = await admin(served, 'a secret of our own');
    await by
      .put('/users/fred')
      .send({ roles: ['finance'], password: 'correct horse battery' })
      .expect(200);
    const { token } = await served.app
      .get(Sessions, { strict: false })
      .begin({ actor: 'user:fred', name: 'fred', roles: ['finance'] });
    const fred = agentOf(served.url, token);
    await fred.get('/deals?on=2025-01-01').expect(200);
    await by
      .put('/users/fred')
      .send({ roles: ['rep'] })
      .expect(200);
    await fred.get('/deals?on=2025-01-01').expect(401);
  });

  it('isn’t shown which of name and password is wrong', async () => {
    const served = await start({ demo: false });
    const unknown = await served.anonymous.post('/session').send({ name: 'nobody', password: 'x' }).expect(401);
    const wrong = await served.anonymous.post('/session').send({ name: 'admin', password: 'x' }).expect(401);
    expect((unknown.body as { detail: string }).detail).toBe((wrong.body as { detail: string }).detail);
  });

  it('returns to the page after a failed attempt in the form', async () => {
    const served = await start({ demo: false });
    await served.anonymous
      .post('/session')
      .type('form')
      .send({ name: 'admin', password: 'x' })
      .expect(303)
      .expect('Location', '/?failed');
  });

  it('is new only with a password, and never without an admin', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: 'a secret of our own' } });
    const by = await admin(served, 'a secret of our own');
    await by
      .put('/users/ann')
      .send({ roles: ['rep'] })
      .expect(409);
    await by
      .put('/users/ann')
      .send({ roles: ['emperor'], password: 'correct horse battery' })
      .expect(422);
    await by
      .put('/users/admin')
      .send({ roles: ['rep'] })
      .expect(409);
    await by.delete('/users/admin').expect(409);
  });
});
