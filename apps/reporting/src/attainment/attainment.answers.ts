import { terms } from '@attain/service';
import { z } from 'zod';
import { Source } from '../source.answers.js';

export const AttainmentRow = z
  .object({
    for: terms.holder,
    people: z.int(),
    measure: terms.measure,
    period: terms.period,
    currency: terms.currency.nullable(),
    quota: terms.amount.nullable(),
    credited: terms.amount,
    attained: z
      .string()
      .meta({ description: 'Credit ÷ quota, an exact decimal.', examples: ['0.85'] })
      .nullable(),
    pace: z.object({
      elapsed: z.int(),
      days: z.int(),
      due: z
        .string()
        .meta({ description: 'What is due by now.', examples: ['0.75'] })
        .nullable(),
      attained: z
        .string()
        .meta({ description: 'Credit ÷ quota, an exact decimal.', examples: ['0.85'] })
        .nullable(),
    }),
  })
  .meta({
    id: 'AttainmentRow',
    description:
      'Amounts are decimal text in `currency`, or plain numbers if that is null; ratios are decimal fractions of six places, null if undefined.',
  });
export type AttainmentRow = z.infer<typeof AttainmentRow>;

export const AttainmentReport = z
  .object({
    rows: z.array(AttainmentRow),
    hidden: z.int().describe('Groups with somebody in them whom the caller does not see on each of their days.'),
    source: Source,
  })
  .meta({ id: 'AttainmentReport', description: 'Quota, credit, attainment and pace.' });
export type AttainmentReport = z.infer<typeof AttainmentReport>;
