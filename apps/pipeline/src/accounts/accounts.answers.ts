import { terms } from '@attain/service';
import { z } from 'zod';

export const AccountDocument = z
  .object({
    source: terms.source,
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    name: terms.name.nullable(),
    fields: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Account', description: 'An account.' });
export type AccountDocument = z.infer<typeof AccountDocument>;
