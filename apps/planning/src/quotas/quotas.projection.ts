import type { Projection } from '@attain/eventsourcing';
import type { QuotaEvent } from './quota.decider.js';
import type { Quota } from './quota.rules.js';

/** A quota that stands, and what last moved it. */
export type QuotaDocument = Quota & {
  readonly since: string;
  readonly effective: string | null;
  readonly reason: string | null;
  readonly actor: string;
};

export const quotasProjection: Projection<QuotaDocument, QuotaEvent> = {
  name: 'quotas',
  version: 1,
  categories: ['quota'],
  indexes: [['for', 'measure', 'period'], ['period', 'for']],
  keys: ({ data }) => [`${data.for}~${data.measure}~${data.period}`],
  evolve(_, { type, data, meta }) {
    if (type === 'QuotaWithdrawn') return undefined;
    return { ...data, since: meta.recorded, effective: meta.effective ?? null, reason: meta.reason ?? null, actor: meta.actor };
  },
};
