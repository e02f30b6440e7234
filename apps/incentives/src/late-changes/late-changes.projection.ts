import type { Projection } from '@attain/eventsourcing';
import { reviewId, type ReviewedChange, type ReviewEvent } from './review.decider.js';

/** A late change that somebody decided about. */
export type DecidedChange = ReviewedChange & {
  readonly state: 'approved' | 'dismissed';
  readonly decided: string;
  readonly by: string;
  readonly reason: string | null;
};

export const lateChangesProjection: Projection<DecidedChange, ReviewEvent> = {
  name: 'late-changes',
  version: 1,
  categories: ['review'],
  indexes: [['participant', 'period']],
  keys: ({ data }) => [reviewId(data)],
  evolve: (_, { type, data, meta: { recorded, actor, reason = null } }) => ({
    ...data,
    state: type === 'LateChangeApproved' ? 'approved' : 'dismissed',
    decided: recorded,
    by: actor,
    reason,
  }),
};
