import type { Projection } from '@attain/eventsourcing';
import type { Leave, LeaveEvent } from './leave.decider.js';

/** A leave that stands, and what last moved it. */
export type LeaveDocument = Leave & { readonly since: string; readonly reason: string | null; readonly actor: string };

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
