import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createMemoryEventStore,
  createMemoryReadModels,
  type EventBus,
  type FollowedStore,
  Gap,
  type Publisher,
  type Relay,
  runProjection,
  runRelay,
  type Span,
  type StoredEvent,
  type Subscribe,
} from '@attain/eventsourcing';
import { event, eventBusContract, eventually } from '@attain/eventsourcing/testing';
import { newUuid } from '@attain/values';
import { engineFor } from '../testing/engines.js';
import { startKafka } from '../testing/kafka-container.js';
import { openKafkaBus } from './bus.js';
import { asAdmin, createClient, topicsOf } from './client.js';
import { encodeEvent } from './message.rules.js';
import { openKafkaPublisher } from './publisher.js';
import { singleWorker } from './single-worker.js';
import { parseKafkaUrl } from './url.js';

const engine = await engineFor('Kafka', 'TEST_BUS_URL', startKafka);
const tls = await engineFor('Kafka over TLS', 'TEST_BUS_TLS_URL');
const sasl = await engineFor('Kafka with SASL', 'TEST_BUS_SASL_URL');
afterAll(async () => engine?.stop());

/** A prefix of its own, so that tests on one broker do not hear one another. */
function ownUrl(base: string, parameters = ''): string {
  const [address = '', query = ''] = base.split('?');
  return `${address.replace(/\/$/, '')}/test-${newUuid()}?${[query, parameters].filter(Boolean).join('&')}`;
}

interface Carried {
  url: string;
  store: FollowedStore;
  publisher: Publisher;
  relay: Relay;
  bus: EventBus;
}
const opened: { close(): Promise<void> }[] = [];
const closing = <T extends { close(): Promise<void> }>(one: T): T => {
  opened.unshift(one);
  return one;
};
async function carried(url: string, store = createMemoryEventStore()): Promise<Carried> {
  const publisher = closing(await openKafkaPublisher({ url }));
  const relay = await runRelay({ log: store, publisher, models: createMemoryReadModels(), onError: () => undefined });
  closing({ close: () => relay.stop() });
  return { url, store, publisher, relay, bus: closing(await openKafkaBus({ url })) };
}
async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close();
}

interface Heard {
  events: StoredEvent[];
  spans: Span[];
  errors: string[];
}
const nothing = (): Heard => ({ events: [], spans: [], errors: [] });
const through = ({ spans }: Heard): bigint => spans.at(-1)?.through ?? 0n;
const types = ({ events }: Heard): string => events.map(({ type }) => type).join('');
function hearing(heard: Heard, parts: Partial<Subscribe> = {}): Subscribe {
  return {
    group: 'one@1',
    after: 0n,
    async handle(events, span) {
      heard.events.push(...events);
      heard.spans.push(span);
    },
    onError: (error) => heard.errors.push(String(error)),
    ...parts,
  };
}

if (engine) {
  eventBusContract('Kafka behind a relay', async () => {
    const { store, bus } = await carried(ownUrl(engine.url));
    return { store, bus: { subscribe: bus.subscribe, close: closeAll } };
  });

  describe('Kafka', () => {
    let all: Carried;
    const record = (stream: string, ...names: string[]): Promise<unknown> =>
      all.store.append({ stream, expected: 'any', events: names.map((type) => event(type)) });
    beforeEach(async () => {
      all = await carried(ownUrl(engine.url));
    });
    afterEach(closeAll);

    it('keeps the order of the store over eight partitions', async () => {
      const eight = await carried(ownUrl(engine.url, 'partitions=8'));
      const heard = nothing();
      await eight.bus.subscribe(hearing(heard));
      for (let n = 0; n < 300; n += 1)
        await eight.store.append({ stream: `deal-${n % 37}`, expected: 'any', events: [event('A'), event('B')] });
      await eventually(() => through(heard) === 600n);
      expect(heard.events.map(({ position }) => position)).toEqual(
        Array.from({ length: 600 }, (_, n) => BigInt(n + 1)),
      );
      expect(
        await asAdmin(createClient(parseKafkaUrl(eight.url)), (admin) =>
          admin.fetchTopicOffsets(topicsOf(parseKafkaUrl(eight.url)).events),
        ),
      ).toHaveLength(8);
    });

    it('delivers once the events that two relays publish twice', async () => {
      const second = await runRelay({
        log: all.store,
        publisher: closing(await openKafkaPublisher({ url: all.url })),
        models: createMemoryReadModels(),
      });
      closing({ close: () => second.stop() });
      const heard = nothing();
      await all.bus.subscribe(hearing(heard));
      for (let n = 0; n < 100; n += 1) await record(`deal-${n % 7}`, String(n % 10));
      await eventually(() => through(heard) === 100n && second.position() === 100n && all.relay.position() === 100n);
      expect(types(heard)).toBe('0123456789'.repeat(10));
    });

    it('lets one member of a group work, and the other continue where the first stops', async () => {
      const first = nothing();
      const second = nothing();
      const other = closing(await openKafkaBus({ url: all.url }));
      const resume = async (): Promise<bigint> => [through(first), through(second)].reduce((a, b) => (a > b ? a : b));
      const working = await all.bus.subscribe(hearing(first, { resume }));
      await record('deal-1', 'A');
      await eventually(() => through(first) === 1n);
      await other.subscribe(hearing(second, { resume }));
      for (const type of 'BCDEFGHIJ') {
        await record('deal-1', type);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await eventually(() => through(first) === 10n);
      expect([types(first), types(second)]).toEqual(['ABCDEFGHIJ', '']);
      await working.stop();
      await record('deal-1', 'K');
      await eventually(() => through(second) === 11n);
      expect([types(first), types(second), second.spans[0]?.after]).toEqual(['ABCDEFGHIJ', 'K', 10n]);
    });

    it('leaves the work with its new owner when a frozen process resumes', async () => {
      const heard = nothing();
      await all.bus.subscribe(hearing(heard));
      await record('deal-1', 'A');
      await eventually(() => through(heard) === 1n);
      const parsed = parseKafkaUrl(all.url);
      // Kafka orders members by random ids, so that one of them alone could be last by chance.
      for (let n = 0; n < 5; n += 1) {
        const back = createClient(parsed).consumer({
          groupId: `${parsed.prefix}.one@1`,
          partitionAssigners: [singleWorker(() => 15_000)],
        });
        const assigned = new Promise(
          (resolve) => void back.on(back.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment)),
        );
        await back.connect();
        await back.subscribe({ topics: Object.values(topicsOf(parsed)) });
        await back.run({ eachBatch: async () => undefined });
        expect(await assigned).toEqual({});
        await back.disconnect();
      }
      await record('deal-1', 'B');
      await eventually(() => through(heard) === 2n);
      expect(types(heard)).toBe('AB');
    });

    it('lets every process receive everything, and leaves no group behind', async () => {
      const first = nothing();
      const second = nothing();
      const other = closing(await openKafkaBus({ url: all.url }));
      await all.bus.subscribe(hearing(first, { everyProcess: true }));
      await other.subscribe(hearing(second, { everyProcess: true }));
      await record('deal-1', 'A', 'B');
      await eventually(() => through(first) === 2n && through(second) === 2n);
      expect([types(first), types(second)]).toEqual(['AB', 'AB']);
      await Promise.all([all.bus.close(), other.close()]);
      const { prefix } = parseKafkaUrl(all.url);
      const { groups } = await asAdmin(createClient(parseKafkaUrl(all.url)), (admin) => admin.listGroups());
      expect(groups.filter(({ groupId }) => groupId.startsWith(prefix))).toEqual([]);
    });

    it('stays in its group although a batch takes longer than a session and is then rejected', async () => {
      const first = nothing();
      const second = nothing();
      const other = closing(await openKafkaBus({ url: all.url }));
      let attempts = 0;
      await all.bus.subscribe(
        hearing(first, {
          async handle(events, span) {
            attempts += 1;
            if (attempts === 1) await new Promise((resolve) => setTimeout(resolve, 12_000));
            if (attempts < 4) throw new Error('not now');
            first.events.push(...events);
            first.spans.push(span);
          },
        }),
      );
      await record('deal-1', 'A');
      await eventually(() => attempts === 1);
      await other.subscribe(hearing(second));
      await eventually(() => through(first) === 1n);
      expect([attempts, types(first), types(second), first.errors]).toEqual([
        4,
        'A',
        '',
        Array(3).fill('Error: not now'),
      ]);
    });

    it('continues from its position, also if that is behind the group’s committed offsets', async () => {
      const heard = nothing();
      const subscription = await all.bus.subscribe(hearing(heard));
      for (const type of 'ABCDE') await record(`deal-${type}`, type);
      await eventually(() => through(heard) === 5n);
      await subscription.stop();

      const again = nothing();
      const second = await all.bus.subscribe(hearing(again, { after: 2n }));
      await eventually(() => through(again) === 5n);
      expect([types(again), again.spans[0]?.after]).toEqual(['CDE', 2n]);
      await second.stop();

      const ahead = nothing();
      await all.bus.subscribe(hearing(ahead, { after: 5n }));
      await record('deal-1', 'F');
      await eventually(() => through(ahead) === 6n);
      expect(types(ahead)).toBe('F');
    });

    it('raises an alarm, and stops the group, where a span was never published', async () => {
      await all.relay.stop();
      for (const type of 'ABCDE') await record('deal-1', type);
      const [events = []] = await pages(all.store);
      await all.publisher.publish(events.slice(0, 2), { after: 0n, through: 2n });
      await all.publisher.publish(events.slice(3), { after: 3n, through: 5n });
      const running = await counting(all);
      await eventually(() => running.failure() !== undefined);
      expect(running.failure()).toBeInstanceOf(Gap);
      expect([running.failure()?.message, running.position()]).toEqual([
        'counts@1 holds events up to 2, but the next batch begins after 3',
        2n,
      ]);
      await running.stop();
    });

    it('raises an alarm where a message of a span is missing', async () => {
      await all.relay.stop();
      for (const type of 'ABC') await record('deal-1', type);
      const [events = []] = await pages(all.store);
      await all.publisher.publish(events.slice(0, 1), { after: 0n, through: 1n });
      const { progress } = topicsOf(parseKafkaUrl(all.url));
      await raw(all.url, progress, { value: '{"after":"1","through":"3","count":2,"ends":{}}' });
      const running = await counting(all);
      await eventually(() => running.failure() !== undefined);
      expect(running.position()).toBe(1n);
      await running.stop();
    });

    it('skips a foreign message, and reports it', async () => {
      const { events, progress } = topicsOf(parseKafkaUrl(all.url));
      await raw(all.url, events, { key: 'x', value: 'hello' });
      await raw(all.url, progress, { value: 'hello' });
      await record('deal-1', 'A');
      const heard = nothing();
      await all.bus.subscribe(hearing(heard));
      await eventually(() => through(heard) === 1n);
      expect(types(heard)).toBe('A');
      expect(heard.errors.sort()).toEqual([
        expect.stringMatching(/\.events\[\d\] at offset 0 is passed over: header ce_specversion is missing/),
        expect.stringMatching(/\.progress\[0\] at offset 0 is passed over: it is no JSON: hello/),
      ]);
    });

    it('parks an event whose data is broken on the way, and goes on', async () => {
      await all.relay.stop();
      await record('deal-1', 'A');
      await record('deal-2', 'B');
      const [stored = []] = await pages(all.store);
      const { events, progress } = topicsOf(parseKafkaUrl(all.url));
      for (const [n, one] of stored.entries())
        await raw(all.url, events, { ...encodeEvent(one), partition: 0, ...(n === 0 ? { value: '{"n"' } : {}) });
      await raw(all.url, progress, { value: '{"after":"0","through":"2","count":2,"ends":{"0":"1"}}' });
      const models = createMemoryReadModels();
      const running = await counting(all, models);
      await eventually(() => running.position() === 2n);
      expect(await models.parked('counts@1')).toEqual([
        expect.objectContaining({ stream: 'deal-1', type: 'A', reason: 'data is no object' }),
      ]);
      expect(await models.model('counts').get('deal-2')).toEqual({ n: 1 });
      expect(await running.redrive()).toEqual({ redriven: 1, parked: 0 });
      await running.stop();
    });

    it('delivers an event of megabytes', async () => {
      const heard = nothing();
      await all.bus.subscribe(hearing(heard));
      const data = { text: Array.from({ length: 60_000 }, newUuid).join('') };
      await all.store.append({ stream: 'deal-1', expected: 'none', events: [{ ...event('A'), data }, event('B')] });
      await eventually(() => through(heard) === 2n);
      expect(heard.events[0]?.data).toEqual(data);
    });
  });
}

for (const [name, secured] of [
  ['over TLS', tls],
  ['with SASL', sasl],
] as const) {
  if (!secured) continue;
  describe(`Kafka ${name}`, () => {
    afterEach(closeAll);
    it('delivers events', async () => {
      const { store, bus } = await carried(ownUrl(secured.url));
      const heard = nothing();
      await bus.subscribe(hearing(heard));
      await store.append({ stream: 'deal-1', expected: 'none', events: [event('A'), event('B')] });
      await eventually(() => through(heard) === 2n);
      expect([types(heard), parseKafkaUrl(secured.url).encrypted]).toEqual(['AB', true]);
    });
  });
}
if (sasl) {
  it('Kafka refuses a wrong password at once', async () => {
    await expect(openKafkaBus({ url: sasl.url.replace(/:[^:@/]+@/, ':wrong@') })).rejects.toThrow(
      /authentication failed|invalid credentials/i,
    );
  });
}
if (tls) {
  it('Kafka with a certificate of an unknown issuer is rejected', async () => {
    await expect(openKafkaBus({ url: tls.url.replace(/&ca=[^&]*/, '') })).rejects.toThrow(/self-signed|certificate/i);
  });
}

async function pages(store: FollowedStore): Promise<StoredEvent[][]> {
  const read: StoredEvent[][] = [];
  for await (const page of store.readAll()) read.push(page);
  return read;
}

async function raw(
  url: string,
  topic: string,
  message: { key?: string; value: string; headers?: Record<string, string>; partition?: number },
): Promise<void> {
  const producer = createClient(parseKafkaUrl(url)).producer({ createPartitioner: () => () => 0 });
  await producer.connect();
  await producer.send({ topic, messages: [message] });
  await producer.disconnect();
}

/** A projection that counts the events of each stream. */
function counting({ bus, store }: Carried, models = createMemoryReadModels()): ReturnType<typeof runProjection> {
  return runProjection(
    {
      name: 'counts',
      version: 1,
      indexes: [],
      categories: ['deal'],
      keys: ({ stream }) => [stream],
      evolve: (document: { n: number } | undefined) => ({ n: (document?.n ?? 0) + 1 }),
    },
    {
      bus,
      events: store,
      models,
      clock: () => '2026-03-01T10:00:00.000Z',
      decode(type, _, data) {
        if (typeof data !== 'object') throw new Error('data is no object');
        return { type, data };
      },
      onError: () => undefined,
    },
  );
}
