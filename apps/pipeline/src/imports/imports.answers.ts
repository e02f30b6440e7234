import { terms, WarningAnswer } from '@attain/service';
import { z } from 'zod';

export const ImportDocument = z
  .object({
    import: z
      .string()
      .meta({ description: 'The id of the import.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
    source: terms.source,
    files: z.array(terms.file).readonly(),
    complete: z.boolean(),
    actor: terms.actor,
    started: terms.moment,
    finished: z.boolean(),
    rows: z.int().optional(),
    opened: z.int().optional(),
    changed: z.int().optional(),
    unchanged: z.int().optional(),
    retracted: z.int().optional(),
    quarantined: z.int().optional(),
  })
  .meta({ id: 'Import', description: 'An import and its effects.' });
export type ImportDocument = z.infer<typeof ImportDocument>;

export const KeptRecord = z
  .object({
    id: z.string().describe('`source:id`.'),
    instead: z
      .array(z.string().meta({ description: 'An event.', examples: ['DealRepriced'] }))
      .describe('The events that the export would have caused.')
      .readonly(),
    file: terms.file.describe('The place in the export; absent if the export no longer has it.').optional(),
    row: z.int().optional(),
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
    since: terms.moment,
    reason: terms.reason.nullable(),
  })
  .meta({
    id: 'KeptRecord',
    description: 'Of a record that an import would change although somebody entered it otherwise.',
  });
export type KeptRecord = z.infer<typeof KeptRecord>;

export const ImportResult = z
  .object({
    import: z
      .string()
      .meta({ description: 'The id of the import.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
    source: terms.source,
    as: z.enum([
      'deals',
      'items',
      'invoices',
      'payments',
      'activities',
      'reversals',
      'people',
      'accounts',
      'splits',
      'leaves',
      'scores',
      'quotas',
    ]),
    position: terms.position.describe('Of the last event written; ’0’ when there was nothing to write.'),
    notRetracted: z
      .string()
      .describe('The reason that nothing was retracted although the export was declared complete.')
      .nullable(),
    warnings: z.array(WarningAnswer).describe('What is legal in the files and probably a mistake.').readonly(),
    kept: z
      .array(KeptRecord)
      .describe('At most 1,000 records that somebody entered by hand and that differ from the export.')
      .readonly(),
    keptInAll: z.int(),
    rows: z.int(),
    opened: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    retracted: z.int(),
    quarantined: z.int(),
  })
  .meta({ id: 'ImportResult', description: 'What an import did.' });
export type ImportResult = z.infer<typeof ImportResult>;
