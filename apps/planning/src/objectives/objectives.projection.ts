import type { Projection } from '@attain/eventsourcing';
import type { ObjectiveEvent } from './objective.decider.js';
import type { ObjectiveDocument } from './objectives.answers.js';

export type { ObjectiveDocument } from './objectives.answers.js';

export const objectivesProjection: Projection<ObjectiveDocument, ObjectiveEvent> = {
  name: 'objectives',
  version: 1,
  categories: ['objective'],
  indexes: [['for', 'period']],
  keys: ({ data }) => [JSON.stringify([data.for, data.component, data.period, data.name])],
  evolve(_, { type, data, meta }) {
    if (type === 'ObjectiveWithdrawn') return undefined;
    return { ...data, since: meta.recorded, reason: meta.reason ?? null, actor: meta.actor };
  },
};
