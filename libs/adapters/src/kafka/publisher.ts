import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Publisher, StoredEvent } from '@attain/eventsourcing';
import { asAdmin, createClient, ensureTopics, type Log, patiently, topicsOf } from './client.js';
import { encodeEvent, encodeProgress } from './message.rules.js';
import { parseKafkaUrl } from './url.js';

/** Characters of messages in one request; a larger event goes alone. */
const REQUEST = 2 ** 20;

/** Creates missing topics. Rejects if no broker answers within half a minute, or one rejects the login. */
export async function openKafkaPublisher({ url, log }: { url: string; log?: Log }): Promise<Publisher> {
  const parsed = parseKafkaUrl(url);
  const topics = topicsOf(parsed);
  const compression = parsed.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
  const kafka = createClient(parsed, log);
  await ensureTopics(kafka, parsed);
  const partitionOf = await createPartitioner(kafka, topics.events);
  let producer: Producer | undefined = await patiently(() => connected(kafka));

  /** Returns the offset of the last message in each partition. */
  async function send(to: Producer, topic: string, messages: Message[]): Promise<Map<number, bigint>> {
    const counts = new Map<number, number>();
    for (const { partition = 0 } of messages) counts.set(partition, (counts.get(partition) ?? 0) + 1);
    const written = await to.sendBatch({ acks: -1, compression, topicMessages: [{ topic, messages }] });
    return new Map(
      written.map(({ partition, baseOffset }) => [
        partition,
        BigInt(baseOffset as string) + BigInt(counts.get(partition) ?? 0) - 1n,
      ]),
    );
  }

  return {
    async publish(events, { after, through }) {
      const to = (producer ??= await connected(kafka));
      try {
        const ends = new Map<number, bigint>();
        for (const messages of requests(events, partitionOf))
          for (const [partition, offset] of await send(to, topics.events, messages)) ends.set(partition, offset);
        await send(to, topics.progress, [
          { partition: 0, value: encodeProgress({ after, through, count: events.length, ends }) },
        ]);
      } catch (error) {
        // Its sequence numbers may differ from the broker's.
        producer = undefined;
        await to.disconnect().catch(() => undefined);
        throw error;
      }
    },
    async close() {
      await producer?.disconnect();
      producer = undefined;
    },
  };
}

async function connected(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    await producer.disconnect().catch(() => undefined);
    throw error;
  }
}

/** Stream → partition, as every Kafka client computes it, by the topic's current partitions. */
async function createPartitioner(kafka: Kafka, topic: string): Promise<(stream: string) => number> {
  const [metadata] = await patiently(() =>
    asAdmin(kafka, async (admin) => (await admin.fetchTopicMetadata({ topics: [topic] })).topics),
  );
  const choose = Partitioners.DefaultPartitioner();
  return (stream) =>
    choose({ topic, partitionMetadata: metadata?.partitions ?? [], message: { key: stream, value: null } });
}

function* requests(events: readonly StoredEvent[], partitionOf: (stream: string) => number): Generator<Message[]> {
  let messages: Message[] = [];
  let size = 0;
  for (const event of events) {
    const message = encodeEvent(event);
    const length = message.value.length + (message.headers.ce_meta?.length ?? 0);
    if (messages.length > 0 && size + length > REQUEST) {
      yield messages;
      messages = [];
      size = 0;
    }
    messages.push({ ...message, partition: partitionOf(event.stream) });
    size += length;
  }
  if (messages.length > 0) yield messages;
}
