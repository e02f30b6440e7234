import type { Projection } from '@attain/eventsourcing';
import type { AccountEvent } from './account.decider.js';
import type { AccountDocument } from './accounts.answers.js';

export type { AccountDocument } from './accounts.answers.js';

export const accountsProjection: Projection<AccountDocument, AccountEvent> = {
  name: 'accounts',
  version: 1,
  categories: ['account'],
  indexes: [['source', 'id'], ['name']],
  keys: ({ data }) => [`${data.source}:${data.id}`],
  evolve(_, event) {
    if (event.type === 'AccountRetracted') return undefined;
    const { source, id, fields } = event.data;
    return { source, id, name: fields['name'] ?? null, fields };
  },
};
