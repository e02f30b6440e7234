import { terms } from '@attain/service';
import { z } from 'zod';
import { LateChange } from '../engine.answers.js';

export const LateChanges = z
  .object({
    waiting: z.array(LateChange).describe('What nobody has decided about: it is in no statement.'),
    decided: z.array(
      z.union([
        z.object({
          event: terms.event,
          participant: terms.participant,
          period: terms.period,
          state: z.enum(['approved', 'dismissed']),
          decided: terms.moment,
          by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
          reason: terms.reason.nullable(),
        }),
        z.object({
          event: terms.event,
          participant: terms.participant,
          period: terms.period,
          state: z.enum(['approved', 'dismissed']),
          decided: terms.moment,
          by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
          reason: terms.reason.nullable(),
        }),
      ]),
    ),
  })
  .meta({ id: 'LateChanges', description: 'Late changes of closed periods.' });
export type LateChanges = z.infer<typeof LateChanges>;
