import type { EventOf, sourceMapped } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';

export type SourceEvent = EventOf<typeof sourceMapped>;
export type SourceState = Readonly<Record<string, unknown>> | null;

/** One stream for each source and kind of record, because a source may have deals and accounts. */
export const sourceDecider: Decider<
  SourceState,
  { readonly source: string; readonly document: Readonly<Record<string, unknown>> },
  SourceEvent
> = {
  category: 'source',
  initial: null,
  decide: ({ source, document }, state) =>
    state !== null && canonicalJson(state) === canonicalJson(document)
      ? []
      : [{ type: 'SourceMapped', data: { source, document: { ...document } } }],
  evolve: (_, { data }) => data.document,
};
