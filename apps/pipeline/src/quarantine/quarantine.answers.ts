import { terms } from '@attain/service';
import { z } from 'zod';

export const QuarantineDocument = z
  .object({
    quarantine: z.string().meta({ description: 'The id of the row in quarantine.', examples: ['crm/deals/D1'] }),
    import: z
      .string()
      .meta({ description: 'The id of the import.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
    source: terms.source,
    file: terms.file,
    row: z.int(),
    field: z
      .string()
      .meta({ description: 'A field.', examples: ['amount'] })
      .nullable(),
    expected: z.string().meta({ description: 'What was expected.', examples: ['a day as 2025-01-31'] }),
    found: z
      .string()
      .meta({ description: 'What was found.', examples: ['31.02.2025'] })
      .nullable(),
    raw: z.record(z.string(), z.string()).describe('The cells as the file has them, by column.'),
    corrected: z.record(z.string(), z.string()).describe('The cells that a person wrote anew, by column.'),
    as: z.string().meta({ description: 'The kind of record.', examples: ['deals'] }),
    since: terms.moment,
  })
  .meta({ id: 'QuarantinedRow', description: 'A row that could not be read.' });
export type QuarantineDocument = z.infer<typeof QuarantineDocument>;

export const CorrectedRow = z
  .object({
    quarantine: z.string().meta({ description: 'The id of the row in quarantine.', examples: ['crm/deals/D1'] }),
    recorded: z.boolean().describe('The corrected row was read, its record is stored, and it waits no longer.'),
    problem: QuarantineDocument.pick({ field: true, expected: true, found: true })
      .describe('The reason that the corrected row still waits; null if it was recorded.')
      .nullable(),
    position: terms.position,
  })
  .meta({ id: 'CorrectedRow', description: 'What a correction of a row in quarantine did.' });
export type CorrectedRow = z.infer<typeof CorrectedRow>;
