import type { Projection } from '@attain/eventsourcing';
import type { Objective, ObjectiveEvent } from './objective.decider.js';

/** An objective that is assigned, and what last changed it. */
export type ObjectiveDocument = Objective & { readonly since: string; readonly reason: string | null; readonly actor: string };

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
