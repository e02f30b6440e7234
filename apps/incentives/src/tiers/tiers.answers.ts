import { terms } from '@attain/service';
import { z } from 'zod';

const step = z.string().meta({ description: 'A bound or a rate as the plan writes it.', examples: ['100%'] });

export const TierLadder = z
  .object({
    plan: terms.plan,
    version: terms.version,
    component: terms.component,
    measure: terms.measure,
    kind: z.enum(['tiers', 'target', 'curve']),
    window: z.object({ name: terms.period, from: terms.day, to: terms.day }),
    currency: terms.currency.describe('Of the attained amount and the bounds; null: plain numbers.').nullable(),
    attained: terms.amount.describe('What is credited in the window by the last day of the period.'),
    quota: terms.amount.nullable(),
    share: z
      .string()
      .meta({ description: 'The attained amount over the quota.', examples: ['0.985306'] })
      .nullable(),
    rungs: z
      .array(
        z.object({
          from: terms.amount.describe('Where the tier begins, in units of the measure.'),
          written: step,
          pays: step,
          retroactive: z.boolean().describe('Whether it also pays what lies below it.'),
        }),
      )
      .describe('The tiers, the lowest first; empty if they need a quota and there is none.'),
    reached: z.int().describe('The index of the rung that holds now; null: below the first.').nullable(),
    left: terms.amount.describe('What is left to the next rung; null: there is none.').nullable(),
  })
  .meta({
    id: 'TierLadder',
    description:
      'The tiers, levels or curve of a component, the participant’s place on them, and the amount left to the next.',
  });
export type TierLadder = z.infer<typeof TierLadder>;
