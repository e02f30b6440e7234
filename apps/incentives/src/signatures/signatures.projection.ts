import type { Projection } from '@attain/eventsourcing';
import type { SignatureEvent } from './signature.decider.js';

/** Who signed which version, when. */
export type SignatureDocument = SignatureEvent['data'] & { readonly signed: string; readonly by: string };

export const signatures: Projection<SignatureDocument, SignatureEvent> = {
  name: 'signatures',
  version: 1,
  categories: ['signature'],
  indexes: [['participant', 'plan'], ['plan', 'version']],
  keys: ({ data }) => [JSON.stringify([data.participant, data.plan, data.hash])],
  evolve: (_, { data, meta }) => ({ ...data, signed: meta.recorded, by: meta.actor }),
};
