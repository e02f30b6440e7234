import { terms } from '@attain/service';
import { z } from 'zod';
import { CauseKind } from '../engine.answers.js';
import { StatedFact } from '../statements/statements.answers.js';

export const DifferenceAnswer = z
  .object({
    participant: terms.participant,
    period: terms.period,
    total: terms.amount,
    currency: terms.currency,
    causes: z.array(
      z.object({
        kind: CauseKind,
        amount: terms.amount,
        recorded: terms.moment,
        fact: StatedFact.nullable(),
      }),
    ),
    position: terms.position,
  })
  .meta({
    id: 'Difference',
    description: 'Amounts are decimal text in `currency`; those of the causes sum to the total.',
  });
export type DifferenceAnswer = z.infer<typeof DifferenceAnswer>;
