import 'reflect-metadata';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createMemoryReadModels } from '@attain/eventsourcing';
import { type Started, starting } from '../testing/started.fixture.js';
import { SignInBrake } from './sign-in-brake.js';
import { agentOf } from '../testing/agent.js';

const secret = 'a secret of our own';
/** The answer to each attempt: true if its password would be checked. */
const tried = (brake: SignInBrake, attempts: readonly (readonly [name: string, address: string])[]) =>
  Promise.all(
    attempts.map(([name, address]) =>
      brake.attempt(name, address).then(
        () => true as const,
        (error: { retryAfter: number }) => error.retryAfter,
      ),
    ),
  );
const times = (n: number, name: string, address: string) => Array.from({ length: n }, () => [name, address] as const);
const passed = (answers: readonly (number | true)[]) => answers.filter((answer) => answer === true).length;

describe('The brake on signing in', () => {
  afterEach(() => void jest.useRealTimers());
  const at = (now: number) =>
    jest.useFakeTimers({
      now,
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'],
    });

  it('admits ten of sixty guesses at once, and states when to try again', async () => {
    at(0);
    const answers = await tried(new SignInBrake(createMemoryReadModels()), times(60, 'ann', '192.0.2.1'));
    expect(passed(answers)).toBe(10);
    expect(answers.filter((answer) => answer !== true)).toEqual(Array(50).fill(300));
  });

  it('counts together in all processes of a company, and after a restart', async () => {
    const models = createMemoryReadModels();
    const [here, there] = [new SignInBrake(models), new SignInBrake(models)];
    const answers = await Promise.all([
      tried(here, times(30, 'ann', '192.0.2.1')),
      tried(there, times(30, 'ann', '192.0.2.1')),
    ]);
    expect(passed(answers.flat())).toBe(10);
    expect(passed(await tried(new SignInBrake(models), times(1, 'ann', '192.0.2.1')))).toBe(0);
  });

  it('holds an address that tries many names, and a name that is tried from many addresses', async () => {
    const brake = new SignInBrake(createMemoryReadModels());
    const names = Array.from({ length: 80 }, (_, n) => [`user${n}`, '192.0.2.1'] as const);
    expect(passed(await tried(brake, names))).toBe(50);
    const addresses = Array.from({ length: 80 }, (_, n) => ['zoe', `198.51.100.${n}`] as const);
    expect(passed(await tried(brake, addresses))).toBe(20);
    expect(passed(await tried(brake, [['kim', '203.0.113.5']]))).toBe(1);
  });

  it('takes a network of IPv6 for one address, and IPv4 in IPv6 for IPv4', async () => {
    const brake = new SignInBrake(createMemoryReadModels());
    expect(
      passed(
        await tried(
          brake,
          Array.from({ length: 60 }, (_, n) => ['ann', `2001:db8:1:2::${n.toString(16)}`] as const),
        ),
      ),
    ).toBe(10);
    expect(passed(await tried(brake, [['ann', '2001:db8:1:3::1']]))).toBe(1);
    expect(passed(await tried(brake, [...times(6, 'bob', '192.0.2.9'), ...times(6, 'bob', '::ffff:192.0.2.9')]))).toBe(
      10,
    );
  });

  it('never keeps the right person out for long: a place that is known does not wait for guesses from elsewhere', async () => {
    const brake = new SignInBrake(createMemoryReadModels());
    await brake.attempt('ann', '192.0.2.1');
    await brake.succeeded('ann', '192.0.2.1');
    await tried(
      brake,
      Array.from({ length: 100 }, (_, n) => ['ann', `198.51.100.${n}`] as const),
    );
    await tried(
      brake,
      Array.from({ length: 60 }, (_, n) => [`user${n}`, '192.0.2.1'] as const),
    );
    expect(passed(await tried(brake, [['ann', '203.0.113.7']]))).toBe(0);
    expect(passed(await tried(brake, times(3, 'ann', '192.0.2.1')))).toBe(3);
  });

  it('is over after five minutes, for a name from elsewhere after one', async () => {
    at(0);
    const brake = new SignInBrake(createMemoryReadModels());
    await tried(brake, times(60, 'ann', '192.0.2.1'));
    await tried(
      brake,
      Array.from({ length: 30 }, (_, n) => ['bob', `198.51.100.${n}`] as const),
    );
    at(61_000);
    expect(
      passed(
        await tried(brake, [
          ['ann', '192.0.2.1'],
          ['bob', '203.0.113.1'],
        ]),
      ),
    ).toBe(1);
    at(301_000);
    expect(passed(await tried(brake, [['ann', '192.0.2.1']]))).toBe(1);
  });

  it('gives back what a success took', async () => {
    const brake = new SignInBrake(createMemoryReadModels());
    for (let n = 0; n < 70; n += 1) {
      await brake.attempt('ann', '192.0.2.1');
      await brake.succeeded('ann', '192.0.2.1');
    }
    expect(passed(await tried(brake, times(20, 'ann', '192.0.2.1')))).toBe(10);
  });
});

describe('Guesses over HTTP', () => {
  const start = starting();
  const guess = ({ url }: Started, password: string, headers: Record<string, string> = {}) =>
    agentOf(url).post('/session').set(headers).send({ name: 'admin', password, give: 'token' });
  const statuses = async (guesses: readonly PromiseLike<{ status: number }>[]) => {
    const count: Record<number, number> = {};
    for (const { status } of await Promise.all(guesses)) count[status] = (count[status] ?? 0) + 1;
    return count;
  };

  it('count only ten of sixty at once, with a time to retry, even if they claim other addresses', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: secret } });
    const guesses = Array.from({ length: 60 }, (_, n) =>
      guess(served, `guess ${n}`, { 'X-Forwarded-For': `198.51.100.${n}`, Forwarded: `for=198.51.100.${n}` }),
    );
    expect(await statuses(guesses)).toEqual({ 401: 10, 429: 50 });
    const late = await guess(served, secret).expect(429);
    expect(late.body).toMatchObject({ code: 'TOO_MANY', status: 429 });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(200);
    expect(served.logged()).not.toContain('guess 1');
  });

  it('are distinguished only by the address that a trusted proxy names', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: secret, TRUSTED_PROXIES: 'loopback' } });
    expect(
      await statuses(Array.from({ length: 20 }, () => guess(served, 'x', { 'X-Forwarded-For': '198.51.100.1' }))),
    ).toEqual({ 401: 10, 429: 10 });
    // The client itself wrote everything left of the proxy's own entry.
    await guess(served, 'x', { 'X-Forwarded-For': '203.0.113.9, 198.51.100.1' }).expect(429);
    await guess(served, secret, { 'X-Forwarded-For': '198.51.100.2' }).expect(200);
  });

  it('keep nobody out who is signed in already', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: secret } });
    const { body } = await guess(served, secret).expect(200);
    await Promise.all(Array.from({ length: 30 }, () => guess(served, 'x')));
    await guess(served, secret).expect(429);
    const Authorization = `Bearer ${(body as { token: string }).token}`;
    await guess(served, secret, { Authorization }).expect(200);
    expect(
      await statuses(Array.from({ length: 30 }, (_, n) => guess(served, `guess ${n}`, { Authorization }))),
    ).toEqual({ 401: 10, 429: 20 });
  });

  it('of the old password count as well', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: secret } });
    const { body } = await guess(served, secret).expect(200);
    const change = (now: string) =>
      agentOf(served.url)
        .post('/session/password')
        .set('Authorization', `Bearer ${(body as { token: string }).token}`)
        .send({ now, next: 'another long password' });
    expect(await statuses(Array.from({ length: 30 }, (_, n) => change(`guess ${n}`)))).toEqual({ 422: 10, 429: 20 });
  });
});
