import { terms } from '@attain/service';
import { z } from 'zod';
import { Reversal } from '../deals/deals.answers.js';

export const RelatedDocument = z
  .object({
    of: z.enum(['items', 'invoices', 'payments', 'activities']),
    source: terms.source,
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    deal: z.string().describe('`source:id`; null if there is none.').nullable(),
    invoice: z
      .string()
      .meta({ description: '`source:id` of the invoice that it pays.', examples: ['erp:I7'] })
      .nullable(),
    date: terms.moment.nullable(),
    fields: z.record(z.string(), z.string()),
    reversals: z.record(z.string(), Reversal),
  })
  .meta({ id: 'RelatedRecord', description: 'An item, an invoice, a payment or an activity in its present state.' });
export type RelatedDocument = z.infer<typeof RelatedDocument>;
