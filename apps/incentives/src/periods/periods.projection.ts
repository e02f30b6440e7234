import type { Projection } from '@attain/eventsourcing';
import type { PeriodClosed } from './period.decider.js';

/** A closed period with the cut that its statements follow from. */
export type ClosedPeriod = {
  period: string;
  effective: string;
  known: string;
  position: string;
  participants: number;
  runHash: string;
  closed: string;
  by: string;
};

export const closedPeriods: Projection<ClosedPeriod, PeriodClosed> = {
  name: 'closed-periods',
  version: 1,
  indexes: [['effective']],
  categories: ['period'],
  keys: ({ data }) => [data.period],
  evolve: (_, { data, meta }) => ({ ...data, closed: meta.recorded, by: meta.actor }),
};
