import 'reflect-metadata';
import { describe, expect, it, jest } from '@jest/globals';
import { Module } from '@nestjs/common';
import { type EventBus, Gap, type NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import type { Consumer } from './consumer.js';
import { eventHandler } from './feature.js';
import { createInstance } from './instance.js';
import { type Started, starting } from './testing/started.fixture.js';
import { dealDecider, DealsModule, type OpenDeal, openDeals } from './testing/deals.fixture.js';
import { EVENT_STORE, EXECUTOR, READ_MODELS } from './tokens.js';

type Take = Parameters<EventBus['subscribe']>[0]['handle'];

/** A consumer group whose handling of batches the test chooses. */
function listening(take: Take, failure?: Gap) {
  const provided: Consumer = {
    async start(bus, onError) {
      const subscription = await bus.subscribe({
        group: 'listener@1',
        categories: ['deal'],
        after: 0n,
        handle: take,
        onError: (error) => onError(error, 'listener@1'),
      });
      return {
        position: () => 0n,
        stored: async () => 0n,
        failure: () => failure,
        redrive: async () => ({ redriven: 0, parked: 0 }),
        stop: () => subscription.stop(),
      };
    },
  };
  const { controller, provider } = eventHandler({
    group: 'listener@1',
    name: 'listener',
    categories: ['deal'],
    provide: (token) => ({ provide: token, useValue: provided }),
  });
  @Module({ controllers: [controller], providers: [provider] })
  class ListeningModule {}
  return ListeningModule;
}

const opened = (id: string): NewEvent => ({
  id: newUuid(),
  type: 'DealOpened',
  version: 1,
  data: { source: 'crm', id, fields: { owner: 'ann', amount: '1.00' } },
  meta: { actor: 'test', correlation: 'test', recorded: '2025-01-01T00:00:00.000Z' },
});
const append = (served: Pick<Started, 'get'>, ...ids: string[]) =>
  served
    .get(EVENT_STORE)
    .appendMany(ids.map((id) => ({ stream: `deal-crm:${id}`, expected: 'any' as const, events: [opened(id)] })));

describe('the transport of event handlers', () => {
  const start = starting();

  it('delivers one batch at a time, in the order of the store', async () => {
    const batches: string[][] = [];
    const listener = listening(async (events) => void batches.push(events.map(({ stream }) => stream)));
    const served = await start({ modules: [DealsModule, listener] });
    await append(served, 'D1', 'D2', 'D3');
    await served.caughtUp();
    expect(batches.flat()).toEqual(['deal-crm:D1', 'deal-crm:D2', 'deal-crm:D3']);
    expect(batches.length).toBeLessThan(3);
  });

  it('delivers a batch again after its handler failed, and logs the reason', async () => {
    const delivered: string[] = [];
    let failures = 2;
    const listener = listening(async (events) => {
      delivered.push(...events.map(({ stream }) => stream));
      if (events.length > 0 && failures-- > 0) throw new Error('the engine is away');
    });
    const served = await start({ modules: [listener] });
    await append(served, 'D1');
    await served.caughtUp();
    expect(delivered).toEqual(['deal-crm:D1', 'deal-crm:D1', 'deal-crm:D1']);
    expect(served.logged()).toContain('the engine is away');
  });

  it('doesn’t count a batch as done that its handler refused', async () => {
    let healthy = false;
    const listener = listening(async (events) => {
      if (events.length > 0 && !healthy) throw new Error('not yet');
    });
    const served = await start({ modules: [listener] });
    await append(served, 'D1');
    const behind = await served.anonymous.get('/health/ready').expect(503);
    expect(behind.body).toEqual({
      status: 'behind',
      groups: [expect.objectContaining({ group: 'listener@1', behind: '1' })],
    });
    expect((await served.anonymous.get('/metrics')).text).toContain(
      'attain_consumer_behind_positions{group="listener@1"} 1',
    );
    healthy = true;
    await served.caughtUp();
    await served.anonymous.get('/health/ready').expect(200);
    expect((await served.anonymous.get('/metrics')).text).toContain(
      'attain_consumer_behind_positions{group="listener@1"} 0',
    );
  });

  it('names the group that is stopped for good, because events are missing', async () => {
    const served = await start({ modules: [listening(async () => undefined, new Gap('3 came after 1'))] });
    const { body } = await served.anonymous.get('/health/ready').expect(503);
    expect(body).toEqual({
      status: 'behind',
      groups: [expect.objectContaining({ group: 'listener@1', stopped: true })],
    });
  });

  it('changes nothing when it delivers events again that a model contains', async () => {
    const instance = await createInstance([DealsModule]);
    await append(instance, 'D1', 'D2');
    await instance.caughtUp();
    const before = await instance.get(READ_MODELS).model<OpenDeal>(openDeals.name).find();
    await append(instance, 'D3');
    await instance.caughtUp();
    const after = await instance.get(READ_MODELS).model<OpenDeal>(openDeals.name).find();
    expect(after).toEqual([...before, { id: 'D3', owner: 'ann' }]);
    await instance.close();
  });

  it('finishes the current batch before the engines close, and starts no other', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let taken = 0;
    const listener = listening(async (events) => {
      if (events.length === 0) return;
      await held;
      taken += events.length;
    });
    const served = await start({ modules: [listener] });
    const close = jest.spyOn(served.get(EVENT_STORE), 'close');
    await append(served, 'D1');
    const stopped = served.close();
    await append(served, 'D2').catch(() => undefined);
    expect(close).not.toHaveBeenCalled();
    release();
    await stopped;
    expect(taken).toBe(1);
    await expect(append(served, 'D3')).rejects.toThrow('closed');
  });

  it('doesn’t wait for ever for the current batch', async () => {
    const listener = listening((events) => (events.length === 0 ? Promise.resolve() : new Promise(() => undefined)));
    const served = await start({ modules: [listener], settings: { STOP_SECONDS: '0' } });
    await append(served, 'D1');
    await served.close();
    expect(served.logged()).toContain('did not end in time');
  });

  it('parks an event that a projection cannot apply, without its content, and retries it on request', async () => {
    const served = await start({ demo: false, settings: { ADMIN_SECRET: 'a secret of our own' } });
    await append(served, 'poison', 'D2');
    await served.caughtUp();
    const { body: session } = await served.anonymous
      .post('/session')
      .send({ name: 'admin', password: 'a secret of our own', give: 'token' });
    const bearer = `Bearer ${(session as { token: string }).token}`;
    const { body } = await served.anonymous.get('/parked').set('Authorization', bearer).expect(200);
    expect(body).toMatchObject({
      rows: [
        expect.objectContaining({
          group: 'open-deals@1',
          stream: 'deal-crm:poison',
          reason: 'the fixture cannot hold it',
        }),
      ],
    });
    expect((await served.anonymous.get('/metrics')).text).toContain('attain_parked_events{group="open-deals@1"} 1');
    const redriven = await served.anonymous
      .post('/parked/open-deals@1/redrive')
      .set('Authorization', bearer)
      .expect(200);
    expect(redriven.body).toEqual({ redriven: 0, parked: 1 });
    await served.anonymous.post('/parked/nobody@1/redrive').set('Authorization', bearer).expect(404);
  });
});

describe('an instance without HTTP', () => {
  it('runs the same commands, projections and history, and ends', async () => {
    const instance = await createInstance([DealsModule], { clock: () => '2025-02-03T04:05:06.000Z' });
    const context = { actor: 'test', correlation: 'test' };
    const outcome = await instance
      .get(EXECUTOR)
      .execute(dealDecider, 'crm:D1', { source: 'crm', id: 'D1', owner: 'ann', amount: '1.00' }, context);
    await instance.caughtUp();
    expect(outcome).toMatchObject({ stream: 'deal-crm:D1', revision: 0, position: '1' });
    expect(
      await instance
        .get(READ_MODELS)
        .model<OpenDeal>(openDeals.name)
        .find({ filter: instance.scope.filter('owner', { on: instance.scope.today }) }),
    ).toEqual([{ id: 'D1', owner: 'ann' }]);
    await instance.close();
  });
});
