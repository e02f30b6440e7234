import type { EventOf, exceptionAccepted, periodClosed } from '@attain/contracts';
import type { Projection } from '@attain/eventsourcing';

type PeriodEvent = EventOf<typeof periodClosed | typeof exceptionAccepted>;
/** A closed period, with the instant up to which its statements know facts. */
export type ClosedPeriodDocument = { readonly period: string; readonly known: string; readonly closed: string };

export const closedPeriodsProjection: Projection<ClosedPeriodDocument, PeriodEvent> = {
  name: 'calendar-periods',
  version: 1,
  categories: ['period'],
  indexes: [],
  keys: ({ type, data }) => (type === 'PeriodClosed' ? [data.period] : []),
  evolve: (document, { type, data, meta }) =>
    type === 'PeriodClosed' ? { period: data.period, known: data.known, closed: meta.recorded } : document,
};
