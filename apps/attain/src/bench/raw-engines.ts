import { createRequire } from 'node:module';
import type { StoredEvent } from '@attain/eventsourcing';
import { perSecond } from './report.js';

// The drivers belong to @attain/adapters; a bench beside it may use them bare.
const require = createRequire(import.meta.resolve('@attain/adapters'));
const [KAFKA, MONGOOSE] = ['kafkajs', 'mongoose'];

interface RawConsumer {
  connect(): Promise<void>;
  subscribe(asked: { topic: string; fromBeginning: boolean }): Promise<void>;
  run(parts: { eachBatch(payload: { batch: { messages: unknown[] } }): Promise<void> }): Promise<void>;
  disconnect(): Promise<void>;
}
interface RawProducer {
  connect(): Promise<void>;
  send(parts: { topic: string; acks: number; messages: { key: string; value: string }[] }): Promise<unknown>;
  disconnect(): Promise<void>;
}
interface RawKafka {
  Kafka: new (parts: { brokers: string[]; logLevel: number }) => {
    producer(parts: object): RawProducer;
    consumer(parts: { groupId: string }): RawConsumer;
    admin(): {
      connect(): Promise<void>;
      createTopics(parts: { topics: { topic: string; numPartitions: number }[] }): Promise<unknown>;
      disconnect(): Promise<void>;
    };
  };
}

/** The same events through kafkajs alone, 500 a request, in a topic of one partition: what the bus could reach at most. */
export async function rawKafka(
  url: string,
  events: readonly StoredEvent[],
): Promise<{ produced: string; consumed: string }> {
  const { Kafka } = require(KAFKA!) as RawKafka;
  const { host, pathname } = new URL(url);
  const kafka = new Kafka({ brokers: [host], logLevel: 0 });
  const topic = `${pathname.slice(1)}.raw`;
  const [admin, producer] = [kafka.admin(), kafka.producer({ idempotent: true, maxInFlightRequests: 1 })];
  const consumer = kafka.consumer({ groupId: topic });
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  await producer.connect();
  const start = performance.now();
  for (let at = 0; at < events.length; at += 500)
    await producer.send({
      topic,
      acks: -1,
      messages: events
        .slice(at, at + 500)
        .map((event) => ({ key: event.stream, value: JSON.stringify({ ...event, position: String(event.position) }) })),
    });
  const produced = performance.now() - start;
  await producer.disconnect();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  const began = performance.now();
  let count = 0;
  await consumer.run({
    eachBatch: async ({ batch }) => {
      count += batch.messages.length;
      if (count >= events.length) resolve();
    },
  });
  await promise;
  const consumed = performance.now() - began;
  await consumer.disconnect();
  return { produced: perSecond(events.length, produced), consumed: perSecond(events.length, consumed) };
}

interface RawCollection {
  createIndex(keys: Record<string, 1>): Promise<unknown>;
  bulkWrite(operations: unknown[], options: { ordered: false }): Promise<unknown>;
}
interface RawMongo {
  mongo: {
    MongoClient: new (url: string) => {
      db(): { collection(name: string): RawCollection };
      close(): Promise<void>;
    };
  };
}

/** Bulk writes of the driver alone: documents with the same index inserted, and replaced by their ids. */
export async function rawWrites(url: string, count: number): Promise<Record<'inserted' | 'replaced', string>> {
  const { mongo } = require(MONGOOSE!) as RawMongo;
  const client = new mongo.MongoClient(url);
  const rows = client.db().collection('raw');
  const documents = (round: number) =>
    Array.from({ length: count }, (_, n) => ({
      _id: `key-${n}`,
      document: JSON.stringify({ owner: 'rep0001', opened: '2025-01-02', amount: 105400, round }),
      fields: { owner: 'rep0001', opened: '2025-01-02', amount: 105400, round },
    }));
  try {
    await rows.createIndex({ 'fields.owner': 1, 'fields.opened': 1, _id: 1 });
    const timed = async (operations: unknown[]): Promise<string> => {
      const start = performance.now();
      await rows.bulkWrite(operations, { ordered: false });
      return perSecond(count, performance.now() - start);
    };
    const inserted = await timed(documents(1).map((document) => ({ insertOne: { document } })));
    const replaced = await timed(
      documents(2).map(({ _id, ...replacement }) => ({ replaceOne: { filter: { _id }, replacement, upsert: true } })),
    );
    return { inserted, replaced };
  } finally {
    await client.close();
  }
}
