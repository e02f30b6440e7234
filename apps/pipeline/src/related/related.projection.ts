import type { RelatedEvent } from '@attain/contracts';
import type { Projection } from '@attain/eventsourcing';
import type { DealRef } from '../deals/deal.decider.js';
import type { RelatedDocument } from './related.answers.js';

export type { RelatedDocument } from './related.answers.js';

const KINDS = {
  ItemRecorded: 'items',
  InvoiceRecorded: 'invoices',
  PaymentRecorded: 'payments',
  ActivityRecorded: 'activities',
} as const;

export const relatedProjection: Projection<RelatedDocument, RelatedEvent> = {
  name: 'related-records',
  version: 1,
  categories: ['item', 'invoice', 'payment', 'activity'],
  indexes: [['of', 'source', 'id'], ['deal'], ['invoice']],
  keys: ({ stream }) => [stream],
  evolve(document, event) {
    switch (event.type) {
      case 'ItemRecorded':
      case 'InvoiceRecorded':
      case 'PaymentRecorded':
      case 'ActivityRecorded': {
        const { source, id, deal, fields } = event.data;
        const invoice = event.type === 'PaymentRecorded' ? event.data.invoice : null;
        const date = fields[event.type === 'PaymentRecorded' ? 'paid' : 'date'] ?? null;
        return {
          of: KINDS[event.type],
          source,
          id,
          deal: named(deal),
          invoice: named(invoice),
          date,
          fields,
          reversals: document?.reversals ?? {},
        };
      }
      case 'InvoiceReversed': {
        const { reversal, ...details } = event.data;
        return document && { ...document, reversals: { ...document.reversals, [reversal]: details } };
      }
      case 'InvoiceReversalRetracted': {
        if (document === undefined) return undefined;
        const { [event.data.reversal]: _, ...reversals } = document.reversals;
        return { ...document, reversals };
      }
      case 'ItemRetracted':
      case 'InvoiceRetracted':
      case 'PaymentRetracted':
      case 'ActivityRetracted':
        return undefined;
    }
  },
};

function named(ref: DealRef | null): string | null {
  return ref === null ? null : `${ref.source}:${ref.id}`;
}
