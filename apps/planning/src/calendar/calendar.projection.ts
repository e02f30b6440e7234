import type { EventOf, periodClosed } from '@attain/contracts';
import type { Projection } from '@attain/eventsourcing';

type PeriodClosed = EventOf<typeof periodClosed>;
/** A period that incentives has closed, with the instant up to which its statements know. */
export type ClosedPeriodDocument = { readonly period: string; readonly known: string; readonly closed: string };

export const closedPeriodsProjection: Projection<ClosedPeriodDocument, PeriodClosed> = {
  name: 'calendar-periods',
  version: 1,
  categories: ['period'],
  indexes: [],
  keys: ({ data }) => [data.period],
  evolve: (_, { data, meta }) => ({ period: data.period, known: data.known, closed: meta.recorded }),
};
