import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { type Relation, relationDecider, type RelationEvent } from './relation.decider.js';

const { given } = behaviour(relationDecider);
const mentor: Relation = { person: 'ann', relation: 'mentor', other: 'zoe', from: '2025-01-01', to: null };
const recorded = (relation: Relation): RelationEvent => ({ type: 'RelationRecorded', data: relation });
const retracted: RelationEvent = {
  type: 'RelationRetracted',
  data: { person: 'ann', relation: 'mentor', other: 'zoe', from: '2025-01-01' },
};

describe('A named relation', () => {
  it('is recorded, ended, and not recorded twice', () => {
    given([])
      .when({ do: 'record', relation: mentor })
      .then([recorded(mentor)]);
    given([recorded(mentor)])
      .when({ do: 'record', relation: mentor })
      .then([]);
    given([recorded(mentor)])
      .when({ do: 'record', relation: { ...mentor, to: '2025-06-30' } })
      .then([recorded({ ...mentor, to: '2025-06-30' })]);
  });
  it('is retracted once', () => {
    given([recorded(mentor)])
      .when({ do: 'retract', relation: mentor })
      .then([retracted]);
    given([]).when({ do: 'retract', relation: mentor }).then([]);
  });
  it('needs days that exist, in their order', () => {
    given([])
      .when({ do: 'record', relation: { ...mentor, from: '2025-02-30' } })
      .then(refused('INVALID_FIELD'));
    given([])
      .when({ do: 'record', relation: { ...mentor, to: '2024-12-31' } })
      .then(refused('INVALID_FIELD'));
  });
  it('of a file replaces the stored ones', () => {
    given([recorded(mentor)])
      .when({ do: 'sync', person: 'ann', relations: [] })
      .then([retracted]);
    given([])
      .when({ do: 'sync', person: 'ann', relations: [mentor, mentor] })
      .then(refused('DUPLICATE_ROW'));
  });
});
