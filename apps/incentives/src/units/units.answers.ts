import { terms } from '@attain/service';
import { z } from 'zod';

export const UnitRow = z
  .object({
    date: terms.moment.describe('The last day of the period.'),
    participant: terms.participant,
    period: terms.period,
    amount: terms.amount,
    unit: z.string().meta({ description: 'A unit that is not money.', examples: ['day off'] }),
    balance: terms.amount.nullable(),
  })
  .meta({
    id: 'UnitRow',
    description:
      'The amount of a unit such as points in a statement; `balance` is null if the caller may not see all earlier statements.',
  });
export type UnitRow = z.infer<typeof UnitRow>;
