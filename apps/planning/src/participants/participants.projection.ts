import type { Decoded, Projection } from '@attain/eventsourcing';
import type { AssignmentRows } from './assignment.rules.js';
import { type ParticipantEvent, withRow } from './participant.decider.js';

/** A participant with all rows, so that each day can be read. */
export type ParticipantDocument = {
  readonly id: string;
  readonly name: string | null;
  readonly rows: AssignmentRows;
};

export const participantsProjection: Projection<ParticipantDocument, ParticipantEvent> = {
  name: 'participants',
  version: 1,
  categories: ['participant'],
  indexes: [['name']],
  keys: (event) => [event.data.participant],
  evolve(document, event: Decoded<ParticipantEvent>, id) {
    const known = document ?? { id, name: null, rows: [] };
    switch (event.type) {
      case 'ParticipantNamed':
        return { ...known, name: event.data.name };
      case 'ParticipantAssigned': {
        const { participant: _, ...row } = event.data;
        return { ...known, rows: withRow(known.rows, row) };
      }
      case 'ParticipantAssignmentRetracted':
        return { ...known, rows: known.rows.filter((row) => row.from !== event.data.from) };
    }
  },
};
