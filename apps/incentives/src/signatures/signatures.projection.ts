import type { Projection } from '@attain/eventsourcing';
import type { SignatureEvent } from './signature.decider.js';
import type { SignatureDocument } from './signatures.answers.js';

export type { SignatureDocument } from './signatures.answers.js';

export const signaturesProjection: Projection<SignatureDocument, SignatureEvent> = {
  name: 'signatures',
  version: 1,
  categories: ['signature'],
  indexes: [
    ['participant', 'plan'],
    ['plan', 'version'],
  ],
  keys: ({ data }) => [JSON.stringify([data.participant, data.plan, data.hash])],
  evolve: (_, { data, meta }) => ({ ...data, signed: meta.recorded, by: meta.actor }),
};
