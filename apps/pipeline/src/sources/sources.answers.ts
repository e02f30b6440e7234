import { terms } from '@attain/service';
import { z } from 'zod';

export const SourceView = z
  .object({
    source: terms.source,
    as: z.string().meta({ description: 'The kind of record.', examples: ['deals'] }),
    document: z.record(z.string(), z.unknown()),
    since: terms.moment,
    actor: terms.actor,
  })
  .meta({ id: 'Source', description: 'How an export is read.' });
export type SourceView = z.infer<typeof SourceView>;
