import type { Projection } from '@attain/eventsourcing';
import type { LeaveEvent } from './leave.decider.js';
import type { LeaveDocument } from './leaves.answers.js';

export type { LeaveDocument } from './leaves.answers.js';

export const leavesProjection: Projection<LeaveDocument, LeaveEvent> = {
  name: 'leaves',
  version: 1,
  categories: ['leave'],
  indexes: [['participant', 'from']],
  keys: ({ data }) => [JSON.stringify([data.participant, data.source, data.from])],
  evolve(_, { type, data, meta }) {
    if (type === 'LeaveRetracted') return undefined;
    return { ...data, since: meta.recorded, reason: meta.reason ?? null, actor: meta.actor };
  },
};
