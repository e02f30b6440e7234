import type { Projection } from '@attain/eventsourcing';
import type { PeriodEvent } from './period.decider.js';

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

export const closedPeriodsProjection: Projection<ClosedPeriod, PeriodEvent> = {
  name: 'closed-periods',
  version: 1,
  indexes: [['effective']],
  categories: ['period'],
  keys: ({ type, data }) => (type === 'PeriodClosed' ? [data.period] : []),
  evolve: (document, event) =>
    event.type === 'PeriodClosed' ? { ...event.data, closed: event.meta.recorded, by: event.meta.actor } : document,
};
