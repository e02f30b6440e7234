import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;
const VERSION = 0;
const NAME = 'AttainSingleWorker';

/**
 * Gives all partitions of all topics to one member, if possible the one that already works; the others wait. `silence` is the
 * number of milliseconds since the group last confirmed this member at work, undefined if it waits: a process that was frozen
 * still believes that it works, so of two such members the one confirmed last is right.
 */
export function singleWorker(silence: () => number | undefined): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(claim(silence())) }),
    }),
    async assign({ members, topics }) {
      const [worker] = members
        .map(({ memberId, memberMetadata }) => ({ memberId, silent: silenceIn(memberMetadata) }))
        .sort((a, b) => (a.silent === b.silent ? (a.memberId < b.memberId ? -1 : 1) : a.silent - b.silent));
      if (!worker) return [];
      const assignment = Object.fromEntries(
        topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
      );
      return [
        {
          memberId: worker.memberId,
          memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
        },
      ];
    },
  });
}

function claim(silence: number | undefined): string {
  return silence === undefined ? '' : `at work, confirmed ${Math.round(silence)} ms ago`;
}

/** Infinite for a waiting member. */
function silenceIn(metadata: Buffer): number {
  const text = MemberMetadata.decode(metadata)?.userData.toString() ?? '';
  return text === '' ? Infinity : Number(/\d+/.exec(text)?.[0] ?? 0);
}
