import type { Projection } from '@attain/eventsourcing';
import type { PeriodEvent } from '../periods/period.decider.js';
import type { AcceptedException } from './exceptions.answers.js';

export type { AcceptedException } from './exceptions.answers.js';

export const acceptedExceptionsProjection: Projection<AcceptedException, PeriodEvent> = {
  name: 'accepted-exceptions',
  version: 1,
  indexes: [['period', 'participant']],
  categories: ['period'],
  keys: ({ type, stream, revision }) => (type === 'ExceptionAccepted' ? [`${stream}@${revision}`] : []),
  evolve: (document, event) =>
    event.type === 'ExceptionAccepted'
      ? { ...event.data, accepted: event.meta.recorded, by: event.meta.actor }
      : document,
};
