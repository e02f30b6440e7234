import type { Projection } from '@attain/eventsourcing';
import type { Score, ScoreEvent } from './score.decider.js';

/** A score that stands, and what last moved it. */
export type ScoreDocument = Score & { readonly since: string; readonly reason: string | null; readonly actor: string };

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
