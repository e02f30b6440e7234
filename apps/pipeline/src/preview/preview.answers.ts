import { importKinds } from '@attain/contracts';
import { terms, WarningAnswer } from '@attain/service';
import { z } from 'zod';

const verdict = z
  .enum(['stated', 'certain', 'likely', 'unused'])
  .describe('How sure it is: the mapping states it, it is certain, a person should look at it, or no field takes it.');
const field = z.string().meta({ description: 'A field.', examples: ['amount'] });
const reason = z
  .string()
  .meta({ description: 'Why.', examples: ['the heading means amount; 38 of 38 texts are numbers'] });

const PreviewColumn = z
  .object({
    header: z.string().meta({ description: 'The heading of the column.', examples: ['Close Date'] }),
    samples: z.array(z.string()).describe('At most three different texts of the column.').readonly(),
    filled: z.int().describe('Cells that are not blank, of the rows that were looked at.'),
    field: field.nullable(),
    verdict,
    reason,
  })
  .meta({ id: 'PreviewColumn', description: 'A column of an export, and the field that it holds.' });

const PreviewForm = z
  .object({
    key: z.enum(['delimiter', 'encoding', 'numbers', 'dates', 'strip', 'status']),
    value: z.string().meta({ description: 'As the mapping has it.', examples: ['M/d/yyyy'] }),
    verdict,
    reason,
  })
  .meta({ id: 'PreviewForm', description: 'How an export is written.' });

const RowProblem = z
  .object({
    row: z.int().describe('The header is row 1.'),
    field: field.nullable(),
    expected: z.string().meta({ description: 'What was expected.', examples: ['a date written as yyyy-MM-dd'] }),
    found: z
      .string()
      .meta({ description: 'What was found.', examples: ['31.02.2025'] })
      .nullable(),
  })
  .meta({ id: 'RowProblem', description: 'Why a row cannot be read.' });

const PreviewRow = z
  .object({
    row: z.int().describe('The header is row 1.'),
    fields: z.record(z.string(), z.string()).nullable().describe('The values of the row; null if it cannot be read.'),
    status: z.enum(['open', 'won', 'lost']).nullable(),
    problem: RowProblem.nullable(),
  })
  .meta({ id: 'PreviewRow', description: 'A row as the mapping reads it.' });

export const ImportPreview = z
  .object({
    source: terms.source,
    as: z.enum(importKinds).describe('The kind of record.'),
    file: terms.file,
    columns: z.array(PreviewColumn).readonly(),
    forms: z.array(PreviewForm).readonly(),
    mapping: z
      .record(z.string(), z.unknown())
      .describe('The mapping, which POST /v1/sources and a file in sources/ take.'),
    yaml: z.string().describe('The same mapping as a file of sources/.'),
    errors: z
      .array(z.object({ field: z.string(), message: terms.detail }))
      .describe('What is wrong with the mapping for this file; no row is read then.')
      .readonly(),
    rows: z.array(PreviewRow).describe('The first 20 rows.').readonly(),
    problems: z.array(RowProblem).describe('At most 100 rows that would wait in quarantine.').readonly(),
    counts: z
      .object({
        rows: z.int(),
        opened: z.int(),
        changed: z.int(),
        unchanged: z.int(),
        quarantined: z.int(),
      })
      .describe('What an import of the whole file would do now.'),
    stopped: z.string().nullable().describe('Why the file was not read to its end.'),
    warnings: z.array(WarningAnswer).readonly(),
  })
  .meta({ id: 'ImportPreview', description: 'What an import would read and do; nothing is stored.' });
export type ImportPreview = z.infer<typeof ImportPreview>;
