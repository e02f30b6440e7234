import type { Projection } from '@attain/eventsourcing';
import type { ExceptionAccepted, PeriodEvent } from '../periods/period.decider.js';

/** An exception that a period was closed with, and who took it over. */
export type AcceptedException = ExceptionAccepted['data'] & { accepted: string; by: string };

export const acceptedExceptions: Projection<AcceptedException, PeriodEvent> = {
  name: 'accepted-exceptions',
  version: 1,
  indexes: [['period', 'participant']],
  categories: ['period'],
  keys: ({ type, stream, revision }) => (type === 'ExceptionAccepted' ? [`${stream}@${revision}`] : []),
  evolve: (document, event) => (event.type === 'ExceptionAccepted' ? { ...event.data, accepted: event.meta.recorded, by: event.meta.actor } : document),
};
