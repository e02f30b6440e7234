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
    from: oneOrMore(literalName),
    find: z
      .string(expected('a column of people.csv, such as people.name'))
      .regex(/^people\.\S.*$/, expected('a column of people.csv, such as people.name'))
      .optional(),
    replace: z.union([name, named('texts', text)]).optional(),
    else: word(['error']).optional(),
    of: name.optional(),
  }),
]);

/** How each export is read (sources/*.yaml). */
export const sourceSchema = keys('a source', {
  attain: formatVersion,
  source: name,
  files: oneOrMore(literalName),
  delimiter: z
    .string(expected('one character, or tab'))
    .regex(/^(.|tab)$/su, expected('one character, or tab'))
    .optional(),
  encoding: word(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'iso-8859-15']).optional(),
  numbers: z
    .string(expected('a number such as 1.234,56 that shows how numbers are written'))
    .regex(/^1[., '’]?234[.,]56$/, expected('a number such as 1.234,56 that shows how numbers are written'))
    .refine(
      (sample) => sample.length === 7 || sample[1] !== sample[5],
      'the marks of thousands and decimals are the same',
    )
    .optional(),
  strip: oneOrMore(literalName).optional(),
  as: word(importKinds),
  dates: oneOrMore(
    literalName.refine(
      (pattern) => /y/.test(pattern) && /M/.test(pattern) && /d/.test(pattern),
      expected('a form of dates with yyyy, MM and dd, such as yyyy-MM-dd'),
    ),
  ).optional(),
  columns: named('columns', column),
  deal: keys('a reference', { from: oneOrMore(literalName), of: name.optional() }).optional(),
  group: literalName.optional(),
  status: keys('a status', {
    from: literalName,
    won: oneOrMore(literalName).optional(),
    lost: oneOrMore(literalName).optional(),
  }).optional(),
});
export type SourceDocument = z.output<typeof sourceSchema>;
