import { terms } from '@attain/service';
import { z } from 'zod';

export const BoardRow = z
  .object({
    key: z
      .string()
      .meta({ description: 'What the row is of.', examples: ['ann'] })
      .nullable(),
    currency: terms.currency,
    deals: z.int(),
    amount: terms.amount,
    assumed: z
      .string()
      .meta({ description: 'What deals without an amount are taken to be worth.', examples: ['3163.50'] }),
    weighted: z.string().meta({ description: 'Amounts × probability, with assumed amounts.', examples: ['8400.00'] }),
  })
  .meta({
    id: 'BoardRow',
    description:
      'Amounts are decimal text in `currency`. `deals` and `amount` are those of `/v1/pipeline`; `assumed` is the amount assumed for deals without one, and `weighted` is the probability of the stage times both.',
  });
export type BoardRow = z.infer<typeof BoardRow>;

export const Board = z
  .object({
    rows: z.array(BoardRow),
    rollUps: z
      .array(
        z.object({
          currency: terms.currency,
          name: terms.name,
          amount: terms.amount,
        }),
      )
      .describe(
        'By currency: the sums of categories, with assumed amounts, not weighted; `closed` is the amount won in the period.',
      ),
    assumptions: z
      .array(
        z.object({
          product: z
            .string()
            .meta({ description: 'The product.', examples: ['GTX Basic'] })
            .nullable(),
          currency: terms.currency,
          deals: z.int(),
          each: z.string().meta({ description: 'What such a deal is taken to be worth.', examples: ['1054.50'] }),
          basis: z.string().meta({ description: 'What the assumption follows from.', examples: ['won'] }),
          won: z.int(),
        }),
      )
      .describe(
        'What a deal without an amount is taken to be worth: the average of the won deals that the caller sees.',
      ),
    left: z
      .array(
        z.object({
          deals: z.int(),
          currency: terms.currency,
          amount: terms.amount,
          why: z.string().meta({ description: 'Why they are left out.', examples: ['no probability'] }),
        }),
      )
      .describe('Deals of the rows that could not be weighted and, for a period, open deals without an expected date.'),
    source: z.object({
      report: z.literal('board'),
      parameters: z.record(z.string(), z.string()),
      position: terms.position,
      rows: z.int(),
      totalOf: z.literal('weighted'),
      controlTotal: z.record(z.string(), z.string()),
    }),
  })
  .meta({ id: 'Board', description: 'The forecast board: open deals × probability.' });
export type Board = z.infer<typeof Board>;
