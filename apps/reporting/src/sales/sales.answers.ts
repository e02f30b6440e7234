import { terms } from '@attain/service';
import { z } from 'zod';

export const SalesReportRow = z
  .object({
    key: z
      .string()
      .meta({ description: 'What the row is of.', examples: ['ann'] })
      .nullable(),
    currency: terms.currency,
    won: z.int(),
    lost: z.int(),
    amount: terms.amount,
    reversed: z.string().meta({ description: 'What was taken back.', examples: ['0.00'] }),
    net: z.string().meta({ description: 'What is left of it.', examples: ['1250.50'] }),
    winRate: z.string().describe('A decimal fraction of six places.').nullable(),
  })
  .meta({
    id: 'SalesReportRow',
    description:
      '`key` is null for deals without one (no account, an owner in no region that day). Amounts are decimal text in `currency`.',
  });
export type SalesReportRow = z.infer<typeof SalesReportRow>;

export const SalesReport = z
  .object({
    rows: z.array(SalesReportRow),
    winRate: z.string().describe('won ÷ (won + lost) of all rows.').nullable(),
    withheld: z
      .int()
      .describe(
        'Reversals that are left out of the sums, because they are of days on which the caller may not see the owner’s rows.',
      ),
    source: z.object({
      report: z.string().meta({ description: 'The report.', examples: ['sales'] }),
      parameters: z.record(z.string(), z.string()),
      position: terms.position.describe('Every event up to here is in the answer, none after it.'),
      rows: z.int(),
      totalOf: z.string().describe('The column that `controlTotal` sums, for each currency or measure apart.'),
      controlTotal: z.record(z.string(), z.string()),
      warnings: z
        .int()
        .describe('The number of warnings (`/v1/warnings`) under the cut, for callers who see everybody.')
        .optional(),
      deals: z.int().describe('Deals behind the rows.'),
      settled: z
        .boolean()
        .describe('False when deals were written while this was read, so that rows may be of neighbouring positions.'),
    }),
  })
  .meta({ id: 'SalesReport', description: 'What was won and lost.' });
export type SalesReport = z.infer<typeof SalesReport>;
