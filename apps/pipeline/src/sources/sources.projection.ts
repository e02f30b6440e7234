import type { Projection } from '@attain/eventsourcing';
import type { SourceEvent } from './source.decider.js';
import type { SourceView } from './sources.answers.js';

export type { SourceView } from './sources.answers.js';

export const sourcesProjection: Projection<SourceView, SourceEvent> = {
  name: 'sources',
  version: 1,
  categories: ['source'],
  indexes: [['source']],
  keys: ({ stream }) => [stream.slice('source-'.length)],
  evolve: (_, { data, meta }) => ({
    source: data.source,
    as: String(data.document['as']),
    document: data.document,
    since: meta.recorded,
    actor: meta.actor,
  }),
};
