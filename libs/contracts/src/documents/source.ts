import { z } from 'zod';
import { expected, formatVersion, keys, list, literalName, name, named, oneOrMore, text, word } from './scalars.js';

export const importKinds = [
  'deals',
  'items',
  'people',
  'accounts',
  'invoices',
  'payments',
  'activities',
  'splits',
  'reversals',
  'leaves',
  'scores',
  'quotas',
] as const;

const column = z.union([
  literalName,
  list('columns', literalName).min(1, 'expected at least one column'),
  keys('a column', {
    from: oneOrMore(literalName).describe('The column, or several columns joined by -.'),
    find: z
      .string(expected('a column of people.csv, such as people.name'))
      .regex(/^people\.\S.*$/, expected('a column of people.csv, such as people.name'))
      .optional()
      .describe('The column of people.csv by which a person is found, such as people.name.'),
    replace: z
      .union([name, named('texts', text)])
      .optional()
      .describe('Texts that are replaced, or the name of a table of two columns that replaces them.'),
    else: word(['error']).optional().describe('error keeps a row in quarantine when `replace` does not name its text.'),
    of: name.optional().describe('The source of the record to which the column refers.'),
  }),
]);

/** How each export is read (sources/*.yaml). */
export const sourceSchema = keys('a source', {
  attain: formatVersion.describe('The version of the format: 1, also when the key is absent.'),
  source: name.describe('The name of the source; with the id of a record, it identifies the record.'),
  files: oneOrMore(literalName).describe('The files of the export, inside the company folder; * matches any text.'),
  delimiter: z
    .string(expected('one character, or tab'))
    .regex(/^(.|tab)$/su, expected('one character, or tab'))
    .optional()
    .describe('The character between two columns, or tab.'),
  encoding: word(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'iso-8859-15'])
    .optional()
    .describe('The encoding of the files; UTF-8, unless stated.'),
  numbers: z
    .string(expected('a number such as 1.234,56 that shows how numbers are written'))
    .regex(/^1[., '’]?234[.,]56$/, expected('a number such as 1.234,56 that shows how numbers are written'))
    .refine(
      (sample) => sample.length === 7 || sample[1] !== sample[5],
      'the marks of thousands and decimals are the same',
    )
    .optional()
    .describe('How numbers are written, shown by an example such as 1.234,56.'),
  strip: oneOrMore(literalName).optional().describe('Texts that are removed from numbers, such as $.'),
  as: word(importKinds).describe('What the rows are.'),
  dates: oneOrMore(
    literalName.refine(
      (pattern) => /y/.test(pattern) && /M/.test(pattern) && /d/.test(pattern),
      expected('a form of dates with yyyy, MM and dd, such as yyyy-MM-dd'),
    ),
  )
    .optional()
    .describe('How dates are written, such as yyyy-MM-dd; or a list of forms.'),
  columns: named('columns', column).describe(
    'Where each field comes from: a column, several columns joined by -, or a mapping.',
  ),
  deal: keys('a reference', {
    from: oneOrMore(literalName).describe('The column that holds the id of the deal.'),
    of: name.optional().describe('The source of the deal; the own source, unless stated.'),
  })
    .optional()
    .describe('The deal to which a row belongs.'),
  group: literalName.optional().describe('The column that names the deal, when several rows are lines of one deal.'),
  status: keys('a status', {
    from: literalName.describe('The column that holds the status.'),
    won: oneOrMore(literalName).optional().describe('The texts that mean won.'),
    lost: oneOrMore(literalName).optional().describe('The texts that mean lost.'),
  })
    .optional()
    .describe('Which rows are won or lost; anything else is open. Without it, every row is won.'),
});
export type SourceDocument = z.output<typeof sourceSchema>;
