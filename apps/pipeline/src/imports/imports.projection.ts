import type { Decoded, Projection } from '@attain/eventsourcing';
import type { ImportEvent } from './import.decider.js';
import type { ImportDocument } from './imports.answers.js';

export type { ImportDocument } from './imports.answers.js';

export const importsProjection: Projection<ImportDocument, ImportEvent> = {
  name: 'imports',
  version: 1,
  categories: ['import'],
  indexes: [['started'], ['source', 'started']],
  keys: ({ data }) => [data.import],
  evolve(document, event: Decoded<ImportEvent>) {
    if (event.type === 'ImportStarted') {
      const { import: id, source, files, complete } = event.data;
      return {
        import: id,
        source,
        files,
        complete,
        actor: event.meta.actor,
        started: event.meta.recorded,
        finished: false,
      };
    }
    const { import: _, source: __, ...counts } = event.data;
    return document && { ...document, ...counts, finished: true };
  },
};
