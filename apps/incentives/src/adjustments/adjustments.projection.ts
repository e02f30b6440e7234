import type { Projection } from '@attain/eventsourcing';
import type { AdjustmentEvent } from './adjustment.decider.js';
import type { AdjustmentDocument } from './adjustments.answers.js';

export type { AdjustmentDocument } from './adjustments.answers.js';

export const adjustmentsProjection: Projection<AdjustmentDocument, AdjustmentEvent> = {
  name: 'adjustments',
  version: 1,
  categories: ['adjustment'],
  indexes: [
    ['participant', 'period'],
    ['state', 'proposed'],
  ],
  keys: ({ data }) => [data.adjustment],
  evolve(document, event) {
    const { recorded, actor } = event.meta;
    if (event.type === 'AdjustmentProposed')
      return {
        ...event.data,
        state: 'proposed',
        proposed: recorded,
        by: actor,
        decided: null,
        decidedBy: null,
        rejection: null,
      };
    const decision = { decided: recorded, decidedBy: actor };
    if (event.type === 'AdjustmentApproved') return document && { ...document, ...decision, state: 'approved' };
    return document && { ...document, ...decision, state: 'rejected', rejection: event.data.reason };
  },
};
