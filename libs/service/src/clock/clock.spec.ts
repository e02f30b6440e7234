import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '@attain/adapters';
import { newUuid } from '@attain/values';
import { starting, type Started } from '../testing/started.fixture.js';
import { EVENT_STORE } from '../tokens.js';
import { createSecondClock } from './second-clock.js';

let directory: string;
let now: number;
let true_: number;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attain-clock-'));
  now = true_ = Date.parse('2026-02-01T08:00:00.000Z');
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
    clock: () => new Date(now).toISOString(),
    secondClock: { now: () => true_, accept: (accepted) => (true_ = accepted) },
  });
/** Records events under a wrong clock, as a program without a guard would. */
async function planted(...instants: string[]): Promise<void> {
  const store = openSqliteEventStore({ file: join(directory, 'events.db') });
  for (const recorded of instants) {
    const id = newUuid();
    await store.append({
      stream: `deal-crm:${id}`,
      expected: 'none',
      events: [
        {
          id,
          type: 'DealOpened',
          version: 1,
          data: { source: 'crm', id, fields: { owner: 'ann', amount: '1.00' } },
          meta: { actor: 'test', correlation: 'test', recorded },
        },
      ],
    });
  }
  await store.close();
}
async function signedIn(served: Started, name: string, password: string) {
  const { body } = await served.anonymous.post('/session').send({ name, password, give: 'token' }).expect(200);
  return { Authorization: `Bearer ${(body as { token: string }).token}` };
}
const opens = (served: Started, id: string) =>
  served.get(EVENT_STORE).append({
    stream: `deal-crm:${id}`,
    expected: 'none',
    events: [
      {
        id: newUuid(),
        type: 'DealOpened',
        version: 1,
        data: { source: 'crm', id, fields: { owner: 'ann', amount: '1.00' } },
        meta: { actor: 'test', correlation: 'test', recorded: new Date(now).toISOString() },
      },
    ],
  });
const alarms = async (served: Started) => {
  await served.caughtUp();
  const { body } = await served.anonymous.get('/health/ready').expect(200);
  return (body as { alarms?: { code: string; message: string }[] }).alarms ?? [];
};
const lastRecorded = async (served: Started) =>
  (await served.get(EVENT_STORE).readAt(await served.get(EVENT_STORE).head()))?.meta.recorded;

describe('A clock that is ahead', () => {
  it('records nothing while another clock disagrees, answers questions, and records again once it is right', async () => {
    const served = await serveIt();
    await opens(served, 'D1');
    const head = await served.get(EVENT_STORE).head();
    now += 10 * 365 * 86_400_000;
    const error = await opens(served, 'D2').catch((caught: Error) => caught);
    expect(error).toMatchObject({
      name: 'ClockUntrusted',
      message: expect.stringContaining('the clock is ahead, or was set'),
    });
    expect(await served.get(EVENT_STORE).head()).toBe(head);
    expect(await alarms(served)).toEqual([{ code: 'CLOCK', message: expect.stringContaining('attain clock accept') }]);
    now = true_ + 59 * 60_000;
    await opens(served, 'D2');
    expect(await alarms(served)).toEqual([]);
  });

  it('is reported to HTTP callers, and the same request succeeds later', async () => {
    const served = await serveIt();
    const admin = await signedIn(served, 'admin', secret);
    now += 2 * 3_600_000;
    const state = await served.anonymous.get('/clock').set(admin).expect(200);
    expect(state.body).toMatchObject({
      now: '2026-02-01T10:00:00.000Z',
      second: '2026-02-01T08:00:00.000Z',
      distrusted: expect.stringContaining('ahead'),
    });
    await served.anonymous.post('/clock/accept').set(admin).send({}).expect(422);
    const accepted = await served.anonymous
      .post('/clock/accept')
      .set(admin)
      .send({ reason: 'the machine was moved' })
      .expect(200);
    expect(accepted.body).toMatchObject({ stream: 'clock-main' });
    await opens(served, 'D1');
    expect(await alarms(served)).toEqual([]);
  });

  it('is found at the start by its recorded events; once the clock is accepted, new facts get its time', async () => {
    // The first user is an event too, recorded while the clock is right.
    await (await serveIt()).close();
    await planted('2026-02-01T08:00:00.001Z', '2036-02-01T08:30:00.000Z');
    now = true_ = Date.parse('2026-02-03T08:00:00.000Z');
    const served = await serveIt();
    await served.caughtUp();
    expect(served.logged()).toContain('the clock was ahead once, or is behind now');
    await expect(opens(served, 'D1')).rejects.toMatchObject({ name: 'ClockUntrusted' });
    const store = served.get(EVENT_STORE);
    const asked = '2026-02-01T08:00:00.001Z';
    const before = await store.positionAt(asked);
    const admin = await signedIn(served, 'admin', secret);
    const accepted = await served.anonymous
      .post('/clock/accept')
      .set(admin)
      .set('Idempotency-Key', 'once')
      .send({ reason: 'the battery was empty' })
      .expect(200);
    const event = await store.readAt(BigInt((accepted.body as { position: string }).position));
    expect(event).toMatchObject({
      type: 'ClockAccepted',
      data: { before: '2036-02-01T08:30:00.000Z', after: '2026-02-03T08:00:00.000Z' },
      meta: { actor: 'user:admin', reason: 'the battery was empty', recorded: '2026-02-03T08:00:00.000Z' },
    });
    now = true_ = now + 60_000;
    await opens(served, 'D1');
    expect(await lastRecorded(served)).toBe('2026-02-03T08:01:00.000Z');
    expect([await store.positionAt(asked), await store.positionAt('2026-02-03T08:01:00.000Z')]).toEqual([
      before,
      await store.head(),
    ]);
    expect(await alarms(served)).toEqual([]);
    await served.close();
    const again = await serveIt();
    expect(await alarms(again)).toEqual([]);
    await opens(again, 'D2');
  });

  it('is found by an event from before a long silence', async () => {
    await planted('2024-06-01T00:00:00.000Z');
    const served = await serveIt().catch((error: Error) => error);
    expect(served).toMatchObject({
      name: 'ClockUntrusted',
      message: expect.stringContaining('more than 366 days before'),
    });
  });
});

describe('The second clock', () => {
  it('follows the machine, even if the clock of a process is wrong', () => {
    const second = createSecondClock(directory);
    expect(Math.abs(second.now() - Date.now())).toBeLessThan(60_000);
    second.accept(5_000_000);
    expect(createSecondClock(directory).now()).toBeLessThan(5_000_000 + 3_600_000);
  });

  it('works without a file where none can be written or read', () => {
    writeFileSync(join(directory, 'clock.json'), 'torn');
    for (const place of [directory, join(directory, 'nowhere')])
      expect(Math.abs(createSecondClock(place).now() - Date.now())).toBeLessThan(60_000);
  });
});
