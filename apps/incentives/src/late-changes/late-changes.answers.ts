import { terms } from '@attain/service';
import { z } from 'zod';
import { LateChange } from '../engine.answers.js';

const DecidedLateChange = z
  .object({
    event: terms.event,
    participant: terms.participant,
    period: terms.period,
    state: z.enum(['approved', 'dismissed']),
    decided: terms.moment,
    by: terms.actor,
    reason: terms.reason.nullable(),
  })
  .meta({ id: 'DecidedLateChange', description: 'A late change that somebody has decided about.' });

export const LateChanges = z
  .object({
    waiting: z.array(LateChange).describe('What nobody has decided about: it is in no statement.'),
    decided: z.array(DecidedLateChange),
  })
  .meta({ id: 'LateChanges', description: 'Late changes of closed periods.' });
export type LateChanges = z.infer<typeof LateChanges>;
