import type { Projection } from '@attain/eventsourcing';
import type { QuotaEvent } from './quota.decider.js';
import type { QuotaDocument } from './quotas.answers.js';

export type { QuotaDocument } from './quotas.answers.js';

export const quotasProjection: Projection<QuotaDocument, QuotaEvent> = {
  name: 'quotas',
  version: 1,
  categories: ['quota'],
  indexes: [
    ['for', 'measure', 'period'],
    ['period', 'for'],
  ],
  keys: ({ data }) => [`${data.for}~${data.measure}~${data.period}`],
  evolve(_, { type, data, meta }) {
    if (type === 'QuotaWithdrawn') return undefined;
    return {
      ...data,
      since: meta.recorded,
      effective: meta.effective ?? null,
      reason: meta.reason ?? null,
      actor: meta.actor,
    };
  },
};
