import { decodeEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { participantDecider, type ParticipantEvent } from './participant.decider.js';

/** Participants, and the teams and regions of all their rows, as the log records them now. */
export async function namesOf(store: EventStore, participants: readonly string[]): Promise<string[]> {
  const streams = await store.readStreams(
    participants.map((participant) => `${participantDecider.category}-${participant}`),
  );
  const rows = [...streams.values()].flatMap((events) => {
    const decoded = events.map(({ type, version, data }) => decodeEvent(type, version, data) as ParticipantEvent);
    return decoded.reduce(participantDecider.evolve, participantDecider.initial).rows;
  });
  return [...participants, ...rows.flatMap(({ team, region }) => [team, region].filter((name) => name !== null))];
}
