import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serve, type Served } from '@attain/service';
import { scratch } from '../journeys/booted.fixture.js';
import { runCli } from './program.js';

const secret = 'a secret of sixteen';
let served: Served;
let place: Awaited<ReturnType<typeof scratch>>;
let second: string;
const tokens = new Map<string, string>();
const signIn = async (name: string, password: string) => {
  const answer = await fetch(`${served.url}/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password, give: 'token' }),
  });
  return { status: answer.status, ...((await answer.json()) as { token: string }) };
};
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}
/** `attain user` as an admin of the server. */
const user = (as: string, ...args: string[]) =>
  run('user', ...args, '--server', served.url, '--token', tokens.get(as)!);
const wordAfter = (text: string, name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(text)![1]!;
/** Signs in with a password that an admin gave, and replaces it. */
async function begun(name: string, given: string): Promise<void> {
  const { token } = await signIn(name, given);
  const next = `nine windows of ${name} at dusk`;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  expect(
    (
      await fetch(`${served.url}/v1/session/password`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ now: given, next }),
      })
    ).status,
  ).toBe(204);
  tokens.set(name, (await signIn(name, next)).token);
}

beforeAll(async () => {
  place = await scratch();
  served = await serve([], {
    name: 'test',
    topology: 'together',
    settings: {
      EVENTS_URL: 'memory:',
      BUS_URL: 'memory:',
      MODELS_URL: 'memory:',
      PORT: '0',
      LOG_LEVEL: 'silent',
      ADMIN_SECRET: secret,
    },
    environment: {},
    signals: false,
    print: () => undefined,
  });
  tokens.set('admin', (await signIn('admin', secret)).token);
});
afterAll(async () => {
  await served.close();
  await place.gone();
});

describe('attain user', () => {
  it('adds a user with a random password, by one admin while there is no other', async () => {
    const added = await user('admin', 'add', 'anna', 'rep', '--participant', 'anna-snelling', '--reason', 'hired');
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining('anna is added') });
    expect((await signIn('anna', wordAfter(added.out, 'password'))).status).toBe(200);
    expect((await user('admin', 'add', 'anna', 'finance')).err).toContain('USER_EXISTS');
    expect((await user('admin')).out).toMatch(/^anna +rep +anna-snelling$/m);
    expect(JSON.parse((await user('admin', 'list', '--json')).out)).toContainEqual({
      name: 'anna',
      roles: ['rep'],
      participant: 'anna-snelling',
      source: null,
    });
  });

  it('keeps the participant and the source of a user whose roles change, and names errors', async () => {
    expect(await user('admin', 'roles', 'anna', 'rep,manager')).toMatchObject({
      code: 0,
      out: 'anna has the roles rep, manager; its sessions ended\n',
    });
    expect((await user('admin', 'list')).out).toMatch(/^anna +rep, manager +anna-snelling$/m);
    expect(await user('admin', 'roles', 'bob', 'rep')).toMatchObject({
      code: 1,
      err: 'USER_UNKNOWN: the user "bob" does not exist\n',
    });
    expect(await user('admin', 'roles', 'anna', 'boss')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no role "boss"'),
    });
    expect(await user('admin', 'roles', 'admin', 'admin,finance')).toMatchObject({
      code: 1,
      err: expect.stringContaining('OWN_ROLES'),
    });
    second = wordAfter(
      (await user('admin', 'add', 'x', 'rep,admin', '--participant', 'anna-snelling')).out,
      'password',
    );
    expect((await user('admin', 'deactivate', 'x', '--reason', 'a mistake')).out).toContain('waits for another admin');
  });

  it('needs two admins for access to pay, and one to remove it', async () => {
    const waiting = await user('admin', 'pending', '--json');
    const [removal] = JSON.parse(waiting.out) as { change: string }[];
    expect(await user('admin', 'approve', removal!.change)).toMatchObject({
      code: 1,
      err: expect.stringContaining('SECOND_ADMIN'),
    });
    expect((await user('admin', 'reject', removal!.change, '--reason', 'stays')).out).toBe(
      `${removal!.change} is rejected\n`,
    );

    const proposed = await user('admin', 'add', 'zoe', 'admin');
    const change = /attain user approve (\S+)/.exec(proposed.out)![1]!;
    expect((await user('admin', 'list')).out).not.toContain('zoe');
    expect((await user('admin', 'pending')).out).toContain(change);
    expect((await user('admin', 'reject', change)).code).toBe(0);

    expect((await user('admin', 'roles', 'anna', 'rep')).out).toContain('has the roles rep');
    const more = await user('admin', 'roles', 'anna', 'rep,finance');
    expect(more.out).toContain('waits for another admin');
    expect((await user('admin', 'deactivate', 'anna', '--reason', 'left')).out).toBe(
      'anna is deactivated; its sessions ended\n',
    );
    const log = await user('admin', 'changes', 'anna');
    expect(log.out).toMatch(/UserChanged +rep +none +left/);
  });

  it('approves as a second admin, whose code follows the password', async () => {
    await begun('x', second);
    const eve = await user('admin', 'add', 'eve', 'finance', '--json');
    const { change, password } = JSON.parse(eve.out) as { change: string; password: string };
    expect(await user('admin', 'approve', change)).toMatchObject({
      code: 1,
      err: expect.stringContaining('SECOND_ADMIN'),
    });
    const approved = await user('x', 'approve', change, '--reason', 'agreed');
    expect((await signIn('eve', password)).status).toBe(401);
    expect((await signIn('eve', `${password}${wordAfter(approved.out, 'code')}`)).status).toBe(200);
    expect((await user('x', 'changes', 'eve')).out).toMatch(/user:x +UserChanged +none +finance +agreed/);
  });

  it('proposes from a data directory, where only signed-in users are admins', async () => {
    const folder = join(place.path, 'folder');
    const data = ['--data', join(place.path, 'data')];
    expect(await run('user', 'add', 'root', 'admin', ...data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('data does not exist: check the name after --data'),
    });
    await run('init', folder);
    expect((await run('import', folder, ...data)).code).toBe(0);
    const first = await run('user', 'add', 'root', 'admin', ...data);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('root is added') });
    expect((await run('user', 'add', 'max', 'finance', ...data)).out).toContain('waits for another admin');
    expect((await run('user', 'pending', ...data)).out).toMatch(/ max +none +finance +command line$/m);
  });
});

describe('attain key', () => {
  const key = (...args: string[]) => run('key', ...args, '--server', served.url, '--token', tokens.get('admin')!);

  it('creates a key for a dashboard, shows its secret once, rotates and revokes it', async () => {
    const created = await key('create', 'dashboard', '--roles', 'reports', '--days', '30');
    expect(created).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^dashboard \([0-9a-f]{16}\) may .*sales:read.* until /),
    });
    const secret = wordAfter(created.out, 'secret');
    const listed = await key('list', '--json');
    expect(listed.out).not.toContain(secret.replace(/^atn_[^_]+_/, ''));
    const [{ key: id }] = JSON.parse(listed.out) as [{ key: string }];
    expect((await key()).out).toMatch(new RegExp(`^${id} +dashboard +user:admin +reports +\\d+ .*never +active$`, 'm'));
    expect((await run('user', '--server', served.url, '--token', secret)).code).toBe(4);
    expect(wordAfter((await key('rotate', id, '--reason', 'the secret was in a mail')).out, 'secret')).not.toBe(secret);
    expect((await key('revoke', id)).out).toBe(`${id} is revoked\n`);
    expect((await key()).out).toMatch(/ revoked$/m);
  });

  it('names errors before anything is sent', async () => {
    expect(await key('create', 'k', '--roles', 'boss')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no role "boss"'),
    });
    expect(await key('create', 'k', '--permissions', 'pay:see')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no permission "pay:see"'),
    });
    expect(await key('create', 'k', '--days', '400')).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected 1 to 365 days'),
    });
    expect(await key('create', 'k', '--roles', 'finance')).toMatchObject({
      code: 1,
      err: expect.stringContaining('roles: you do not have the role finance'),
    });
  });
});
