import type { Projection } from '@attain/eventsourcing';
import type { QuarantineEvent } from './quarantine.decider.js';
import type { QuarantineDocument } from './quarantine.answers.js';

export type { QuarantineDocument } from './quarantine.answers.js';

export const quarantineProjection: Projection<QuarantineDocument, QuarantineEvent> = {
  name: 'quarantine',
  version: 2,
  categories: ['quarantine'],
  indexes: [['source', 'as', 'quarantine'], ['since']],
  keys: ({ data }) => [data.quarantine],
  evolve(document, event) {
    if (event.type === 'RowReleased') return undefined;
    if (event.type === 'RowCorrected')
      return document && { ...document, corrected: { ...document.corrected, ...event.data.cells } };
    // `quarantine-<source>~<as>~<id>`: neither kind nor id holds the mark.
    const [as = ''] = event.stream.split('~').slice(-2);
    return { ...event.data, as, corrected: document?.corrected ?? {}, since: event.meta.recorded };
  },
};
