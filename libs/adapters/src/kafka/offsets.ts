import type { Admin, TopicPartitionOffsetAndMetadata } from 'kafkajs';
import type { Topics } from './client.js';
import type { Offsets } from './merge.rules.js';

/** The offsets to commit, with the position up to which all events below them are delivered. */
export function commitments(
  topics: Topics,
  { events, progress }: Offsets,
  position: bigint,
): TopicPartitionOffsetAndMetadata[] {
  const of = (topic: string, offsets: Map<number, bigint>): TopicPartitionOffsetAndMetadata[] =>
    [...offsets].map(([partition, offset]) => ({
      topic,
      partition,
      offset: String(offset),
      metadata: String(position),
    }));
  return [...of(topics.events, events), ...of(topics.progress, progress)];
}

/** The offsets to read everything behind a position: those of the group unless they are ahead of it; otherwise, or without a position, the beginning. */
export async function offsetsFor(
  admin: Admin,
  { groupId, topics, position }: { groupId: string; topics: Topics; position: bigint | undefined },
): Promise<Offsets> {
  const committed =
    position === undefined ? [] : await admin.fetchOffsets({ groupId, topics: [topics.events, topics.progress] });
  const of = async (topic: string): Promise<Map<number, bigint>> => {
    const kept = new Map(committed.find((one) => one.topic === topic)?.partitions.map((one) => [one.partition, one]));
    const ends = await admin.fetchTopicOffsets(topic);
    return new Map(
      ends.map(({ partition, low, high }) => {
        const at = kept.get(partition);
        const usable =
          position !== undefined && at && /^\d+$/.test(at.metadata ?? '') && BigInt(at.metadata as string) <= position;
        // Offsets beyond the end belong to an earlier topic of this name.
        return [
          partition,
          usable && BigInt(at.offset) >= BigInt(low) && BigInt(at.offset) <= BigInt(high)
            ? BigInt(at.offset)
            : BigInt(low),
        ];
      }),
    );
  };
  return { events: await of(topics.events), progress: await of(topics.progress) };
}
