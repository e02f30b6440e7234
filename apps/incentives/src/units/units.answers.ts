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
      'What a statement gives in a unit that is not money; `balance` is null where the caller does not see all statements before it.',
  });
export type UnitRow = z.infer<typeof UnitRow>;
