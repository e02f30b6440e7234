import { terms } from '@attain/service';
import { z } from 'zod';

export const ScoreDocument = z
  .object({
    participant: terms.participant,
    period: terms.period,
    objective: z
      .string()
      .meta({ description: 'The objective as the plan names it.', examples: ['Onboard two partners'] }),
    score: terms.percent.describe('A share as it was written, such as 85% or 1/3.'),
    since: terms.moment,
    reason: terms.reason.nullable(),
    actor: terms.actor,
  })
  .meta({ id: 'Score', description: 'A score in force, with its last change.' });
export type ScoreDocument = z.infer<typeof ScoreDocument>;
