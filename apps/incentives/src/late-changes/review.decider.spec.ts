import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { reviewDecider, type ReviewEvent, type ReviewedChange } from './review.decider.js';

const { given } = behaviour(reviewDecider);
const change: ReviewedChange = { event: 'e7', participant: 'ann', period: '2025-01' };
const approved: ReviewEvent = { type: 'LateChangeApproved', data: change };
const dismissed: ReviewEvent = { type: 'LateChangeDismissed', data: change };
const approve = { do: 'approve', change, by: 'user:boss', waits: true, recordedBy: 'user:fin' } as const;
const dismiss = { ...approve, do: 'dismiss' } as const;

describe('A late change', () => {
  it('is approved or dismissed once, however often it is asked for', () => {
    given([]).when(approve).then([approved]);
    given([approved])
      .when({ ...approve, waits: false })
      .then([]);
    given([]).when(dismiss).then([dismissed]);
    given([dismissed])
      .when({ ...dismiss, waits: false })
      .then([]);
  });
  it('keeps its decision', () => {
    given([approved]).when(dismiss).then(refused('LATE_CHANGE_DECIDED'));
    given([dismissed]).when(approve).then(refused('LATE_CHANGE_DECIDED'));
  });
  it('is decided only while it waits', () => {
    given([])
      .when({ ...approve, waits: false })
      .then(refused('LATE_CHANGE_UNKNOWN'));
  });
  it('is not decided by the recorder of its fact, with controls', () => {
    given([])
      .when({ ...approve, by: 'user:fin' })
      .then(refused('SAME_PERSON'));
    given([])
      .when({ ...approve, by: 'user:fin', recordedBy: null })
      .then([approved]);
  });
  it('concerns the pay of its participant', () => {
    expect(
      reviewDecider.concerned?.({
        id: 'e7~ann~2025-01',
        before: reviewDecider.initial,
        after: { change, state: 'approved' },
      }),
    ).toEqual(['ann']);
  });
});
