import type { Projection } from '@attain/eventsourcing';
import type { ScoreEvent } from './score.decider.js';
import type { ScoreDocument } from './scores.answers.js';

export type { ScoreDocument } from './scores.answers.js';

export const scoresProjection: Projection<ScoreDocument, ScoreEvent> = {
  name: 'scores',
  version: 1,
  categories: ['score'],
  indexes: [['participant', 'period']],
  keys: ({ data }) => [JSON.stringify([data.participant, data.period, data.objective])],
  evolve(_, { type, data, meta }) {
    if (type === 'ScoreRetracted') return undefined;
    return { ...data, since: meta.recorded, reason: meta.reason ?? null, actor: meta.actor };
  },
};
