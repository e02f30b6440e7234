import type { Projection } from '@attain/eventsourcing';
import type { AdjustmentEvent, Proposal } from './adjustment.decider.js';

/** An adjustment with who proposed and who decided it. */
export type AdjustmentDocument = Proposal & {
  readonly state: 'proposed' | 'approved' | 'rejected';
  readonly proposed: string;
  readonly by: string;
  readonly decided: string | null;
  readonly decidedBy: string | null;
  readonly rejection: string | null;
};

export const adjustments: Projection<AdjustmentDocument, AdjustmentEvent> = {
  name: 'adjustments',
  version: 1,
  categories: ['adjustment'],
  indexes: [['participant', 'period'], ['state', 'proposed']],
  keys: ({ data }) => [data.adjustment],
  evolve(document, event) {
    const { recorded, actor } = event.meta;
    if (event.type === 'AdjustmentProposed') return { ...event.data, state: 'proposed', proposed: recorded, by: actor, decided: null, decidedBy: null, rejection: null };
    const decision = { decided: recorded, decidedBy: actor };
    if (event.type === 'AdjustmentApproved') return document && { ...document, ...decision, state: 'approved' };
    return document && { ...document, ...decision, state: 'rejected', rejection: event.data.reason };
  },
};
