import { RecordRef, terms } from '@attain/service';
import { z } from 'zod';
import { LineFields, LineTrace, Withheld } from '../statements/statements.answers.js';

const EarnedLine = LineFields.extend({ trace: LineTrace.nullable() }).meta({
  id: 'EarnedLine',
  description: 'A line with how it was computed.',
});

export const EarnedAnswer = z
  .object({
    amount: terms.amount,
    currency: terms.currency,
    lines: z.array(EarnedLine),
    withheld: Withheld.describe(
      'Lines of days on which the caller was not above the participant; the sums are of the others.',
    ),
    byRecord: z
      .array(
        z.object({
          record: RecordRef,
          amount: terms.amount,
        }),
      )
      .describe('What each record came to earn in the end, true-ups and cuts included.'),
    position: terms.position,
    participant: terms.participant,
    period: terms.period,
    plan: terms.plan.optional(),
    component: terms.component.optional(),
  })
  .meta({ id: 'Earned', description: 'Amounts are decimal text in `currency`, the plan’s.' });
export type EarnedAnswer = z.infer<typeof EarnedAnswer>;
