import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;
const VERSION = 0;
const NAME = 'AttainSingleWorker';

/** Gives all partitions of all topics to one member, the one that works already where there is one; the others stand by. */
export function singleWorker(atWork: () => boolean): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({ name: NAME, metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(atWork() ? 'at work' : '') }) }),
    async assign({ members, topics }) {
      const works = ({ memberMetadata }: { memberMetadata: Buffer }): number => Number((MemberMetadata.decode(memberMetadata)?.userData.length ?? 0) > 0);
      const [worker] = [...members].sort((a, b) => works(b) - works(a) || (a.memberId < b.memberId ? -1 : 1));
      if (!worker) return [];
      const assignment = Object.fromEntries(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]));
      return [{ memberId: worker.memberId, memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }) }];
    },
  });
}
