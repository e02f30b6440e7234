import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { type Score, scoreDecider, type ScoreEvent } from './score.decider.js';

const { given } = behaviour(scoreDecider);
const partners: Score = { participant: 'ann', period: '2025-Q1', objective: 'Onboard two partners', score: '85%' };
const recorded = (score: Score): ScoreEvent => ({ type: 'ScoreRecorded', data: score });
const retracted = ({ participant, period, objective }: Score): ScoreEvent => ({
  type: 'ScoreRetracted',
  data: { participant, period, objective },
});

describe('A score', () => {
  it('is recorded, replaced, and not recorded twice', () => {
    given([])
      .when({ do: 'record', score: partners })
      .then([recorded(partners)]);
    given([recorded(partners)])
      .when({ do: 'record', score: { ...partners, score: '85.0%' } })
      .then([]);
    given([recorded(partners)])
      .when({ do: 'record', score: { ...partners, score: '100%' } })
      .then([recorded({ ...partners, score: '100%' })]);
  });
  it('is retracted once', () => {
    given([recorded(partners)])
      .when({ do: 'retract', score: partners })
      .then([retracted(partners)]);
    given([]).when({ do: 'retract', score: partners }).then([]);
  });
  it('is a share from 0% on', () => {
    given([])
      .when({ do: 'record', score: { ...partners, score: '0.85' } })
      .then(refused('INVALID_FIELD'));
    given([])
      .when({ do: 'record', score: { ...partners, score: '-5%' } })
      .then(refused('INVALID_FIELD'));
    given([])
      .when({ do: 'record', score: { ...partners, score: '1/0' } })
      .then(refused('INVALID_FIELD'));
  });
  it('of an export replaces all scores of its participant', () => {
    const playbook = { ...partners, objective: 'Playbook', score: '1/3' };
    given([recorded(partners)])
      .when({ do: 'sync', scores: [playbook] })
      .then([retracted(partners), recorded(playbook)]);
    given([])
      .when({ do: 'sync', scores: [partners, partners] })
      .then(refused('DUPLICATE_ROW'));
  });
  it('concerns the pay of its participant', () => {
    expect(scoreDecider.concerned?.({ before: [], after: [partners] } as never)).toEqual(['ann']);
  });
});
