import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import type { AssignmentRow } from './assignment.rules.js';
import { type ParticipantCommand, participantDecider, type ParticipantEvent } from './participant.decider.js';

const { given } = behaviour(participantDecider);
const blank: Omit<AssignmentRow, 'from'> = {
  to: null,
  role: null,
  manager: null,
  team: null,
  region: null,
  currency: null,
  fields: {},
};
const assigned = (row: Partial<AssignmentRow> & { from: string }): ParticipantEvent => ({
  type: 'ParticipantAssigned',
  data: { participant: 'ann', ...blank, ...row, fields: { ...row.fields } },
});
const retracted = (from: string): ParticipantEvent => ({
  type: 'ParticipantAssignmentRetracted',
  data: { participant: 'ann', from },
});
const assign = (row: Partial<AssignmentRow> & { from: string }): ParticipantCommand => ({
  do: 'assign',
  participant: 'ann',
  row,
});
const sync = (...rows: (Partial<AssignmentRow> & { from: string })[]): ParticipantCommand => ({
  do: 'sync',
  participant: 'ann',
  name: undefined,
  rows,
});

describe('The place of a participant in the hierarchy', () => {
  it('begins on a day and stays until another row begins', () => {
    given([])
      .when(assign({ from: '2025-01-01', role: 'AE', manager: 'mo' }))
      .then([assigned({ from: '2025-01-01', role: 'AE', manager: 'mo' })]);
  });
  it('changes on a day: the new row ends the row before', () => {
    given([assigned({ from: '2025-01-01', role: 'AE' })])
      .when(assign({ from: '2025-03-01', role: 'Senior AE' }))
      .then([
        assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE' }),
        assigned({ from: '2025-03-01', role: 'Senior AE' }),
      ]);
  });
  it('recorded again for the same day replaces the earlier one', () => {
    given([assigned({ from: '2025-01-01', role: 'AE' })])
      .when(assign({ from: '2025-01-01', role: 'SDR' }))
      .then([assigned({ from: '2025-01-01', role: 'SDR' })]);
    given([assigned({ from: '2025-01-01', role: 'AE' })])
      .when(assign({ from: '2025-01-01', role: 'AE' }))
      .then([]);
  });
  it('for a time in between takes its days from the row that ran on', () => {
    given([
      assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE' }),
      assigned({ from: '2025-03-01', role: 'Senior AE' }),
    ])
      .when(assign({ from: '2025-02-01', role: 'AE', team: 'West' }))
      .then([
        assigned({ from: '2025-01-01', to: '2025-01-31', role: 'AE' }),
        assigned({ from: '2025-02-01', to: '2025-02-28', role: 'AE', team: 'West' }),
      ]);
  });
  it('that would overlap an ended row is refused', () => {
    given([assigned({ from: '2025-01-01', to: '2025-12-31' })])
      .when(assign({ from: '2025-06-01', to: '2025-07-31' }))
      .then(refused('OVERLAP'));
    given([assigned({ from: '2025-06-01' })])
      .when(assign({ from: '2025-01-01', to: '2025-06-01' }))
      .then(refused('OVERLAP'));
  });
  it('cannot end before it begins, on a day that does not exist, or under oneself', () => {
    given([])
      .when(assign({ from: '2025-03-01', to: '2025-02-01' }))
      .then(refused('INVALID_FIELD'));
    given([])
      .when(assign({ from: '2025-02-30' }))
      .then(refused('INVALID_FIELD'));
    given([])
      .when(assign({ from: '2025-01-01', currency: 'XXX' }))
      .then(refused('INVALID_FIELD'));
    given([])
      .when(assign({ from: '2025-01-01', manager: 'ann' }))
      .then(refused('HIERARCHY_CYCLE'));
  });
  it('changes in some fields only, and keeps the others as of that day', () => {
    given([assigned({ from: '2025-01-01', role: 'AE', manager: 'mo', fields: { badge: '7' } })])
      .when({
        do: 'change',
        participant: 'ann',
        change: { from: '2025-03-01', manager: 'zoe', fields: { badge: null, desk: '3' } },
      })
      .then([
        assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE', manager: 'mo', fields: { badge: '7' } }),
        assigned({ from: '2025-03-01', role: 'AE', manager: 'zoe', fields: { desk: '3' } }),
      ]);
  });
  it('of the last row holds again after a pause', () => {
    given([assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE' })])
      .when({ do: 'change', participant: 'ann', change: { from: '2025-05-01', team: 'East' } })
      .then([assigned({ from: '2025-05-01', role: 'AE', team: 'East' })]);
  });
  it('can be taken back', () => {
    given([assigned({ from: '2025-01-01' })])
      .when({ do: 'retract', participant: 'ann', from: '2025-01-01' })
      .then([retracted('2025-01-01')]);
    given([]).when({ do: 'retract', participant: 'ann', from: '2025-01-01' }).then(refused('ROW_UNKNOWN'));
  });
});

describe('A name', () => {
  it('is recorded in an event of its own, and only if it differs', () => {
    given([])
      .when({ do: 'name', participant: 'ann', name: 'Ann Miller' })
      .then([{ type: 'ParticipantNamed', data: { participant: 'ann', name: 'Ann Miller' } }]);
    given([{ type: 'ParticipantNamed', data: { participant: 'ann', name: 'Ann Miller' } }])
      .when({ do: 'name', participant: 'ann', name: 'Ann Miller' })
      .then([]);
  });
});

describe('The rows of a file', () => {
  it('are the only ones, each open one ended by the next', () => {
    given([assigned({ from: '2024-01-01', role: 'SDR' })])
      .when(sync({ from: '2025-03-01', role: 'Senior AE' }, { from: '2025-01-01', role: 'AE' }))
      .then([
        retracted('2024-01-01'),
        assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE' }),
        assigned({ from: '2025-03-01', role: 'Senior AE' }),
      ]);
  });
  it('recorded again change nothing', () => {
    given([
      assigned({ from: '2025-01-01', to: '2025-02-28', role: 'AE' }),
      assigned({ from: '2025-03-01', role: 'Senior AE' }),
    ])
      .when(sync({ from: '2025-01-01', role: 'AE' }, { from: '2025-03-01', role: 'Senior AE' }))
      .then([]);
  });
  it('that overlap are refused', () => {
    given([])
      .when(sync({ from: '2025-01-01', to: '2025-06-30' }, { from: '2025-06-01' }))
      .then(refused('OVERLAP'));
    given([])
      .when(sync({ from: '2025-01-01' }, { from: '2025-01-01' }))
      .then(refused('DUPLICATE_ROW'));
  });
});
