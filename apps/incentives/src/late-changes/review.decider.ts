import type { EventOf, lateChangeApproved, lateChangeDismissed } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

export type ReviewEvent = EventOf<typeof lateChangeApproved> | EventOf<typeof lateChangeDismissed>;
/** The change by one late fact in one closed period of a participant. */
export type ReviewedChange = ReviewEvent['data'];
export interface ReviewCommand {
  readonly do: 'approve' | 'dismiss';
  readonly change: ReviewedChange;
  readonly by: string;
  /** Whether it waits for a review, and who recorded the fact; null where no controls are asked for. */
  readonly waits: boolean;
  readonly recordedBy: string | null;
}
export interface ReviewState {
  readonly change: ReviewedChange | null;
  readonly state: 'none' | 'approved' | 'dismissed';
}

export const reviewId = ({ event, participant, period }: ReviewedChange): string => `${event}~${participant}~${period}`;

/** A late change is decided once, by somebody who neither recorded its fact nor is paid by it. */
export const reviewDecider: Decider<ReviewState, ReviewCommand, ReviewEvent> = {
  category: 'review',
  initial: { change: null, state: 'none' },
  decide({ do: wanted, change, by, waits, recordedBy }, { state }) {
    const done = wanted === 'approve' ? 'approved' : 'dismissed';
    if (state === done) return [];
    const what = `the change of ${change.period} of ${change.participant} by the event ${change.event}`;
    if (state !== 'none')
      throw new Refused('LATE_CHANGE_DECIDED', `${what} is ${state} already; adjust an open period by hand instead`, {
        ...change,
        state,
      });
    if (!waits)
      throw new Refused(
        'LATE_CHANGE_UNKNOWN',
        `${what} does not wait for a review; GET /v1/late-changes lists those that do`,
        { ...change },
      );
    if (recordedBy === by)
      throw new Refused('SAME_PERSON', `${by} recorded the fact of ${what}; somebody else must decide`, { ...change });
    return [{ type: wanted === 'approve' ? 'LateChangeApproved' : 'LateChangeDismissed', data: { ...change } }];
  },
  evolve: (_, { type, data }) => ({ change: data, state: type === 'LateChangeApproved' ? 'approved' : 'dismissed' }),
  concerned: ({ after: { change } }) => (change === null ? [] : [change.participant]),
};
