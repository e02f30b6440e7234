import type { Projection } from '@attain/eventsourcing';
import type { SourceEvent } from './source.decider.js';

export type SourceView = { readonly source: string; readonly as: string; readonly document: Readonly<Record<string, unknown>>; readonly since: string; readonly actor: string };

export const sourcesProjection: Projection<SourceView, SourceEvent> = {
  name: 'sources',
  version: 1,
  categories: ['source'],
  indexes: [['source']],
  keys: ({ stream }) => [stream.slice('source-'.length)],
  evolve: (_, { data, meta }) => ({ source: data.source, as: String(data.document['as']), document: data.document, since: meta.recorded, actor: meta.actor }),
};
