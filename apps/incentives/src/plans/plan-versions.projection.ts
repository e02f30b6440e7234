import type { Projection } from '@attain/eventsourcing';
import type { PlanEvent } from './plan.decider.js';
import type { StoredVersion } from './plans.answers.js';

export type { StoredVersion as PlanVersion } from './plans.answers.js';

export const planVersionKey = (plan: string, version: string): string => `${plan}~${version}`;

export const planVersionsProjection: Projection<StoredVersion, PlanEvent> = {
  name: 'plan-versions',
  version: 1,
  indexes: [['plan', 'from']],
  categories: ['plan'],
  keys: ({ data }) => [planVersionKey(data.plan, data.version)],
  evolve(_, event) {
    if (event.type === 'PlanRetracted') return undefined;
    const { plan, version, hash, document, uses } = event.data;
    const { effective, pays, currency, assignedTo, components } = document as {
      effective: { from: string; to?: string };
      pays: string;
      currency?: string;
      assignedTo: unknown;
      components: { name: string }[];
    };
    return {
      plan,
      version,
      hash,
      from: effective.from,
      to: effective.to ?? null,
      pays,
      currency: currency ?? (uses['currency'] as string | undefined) ?? null,
      assignedTo,
      components: components.map(({ name }) => name),
      published: event.meta.recorded,
      by: event.meta.actor,
      document,
      uses,
    };
  },
};
