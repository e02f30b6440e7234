import { terms } from '@attain/service';
import { z } from 'zod';

export const LeaveDocument = z
  .object({
    participant: terms.participant,
    source: terms.source.describe('The system whose export has it; null if a person recorded it.').nullable(),
    from: terms.moment,
    to: terms.moment.nullable(),
    since: terms.moment,
    reason: terms.reason.nullable(),
    actor: terms.actor,
  })
  .meta({ id: 'Leave', description: 'A leave in force, with its last change.' });
export type LeaveDocument = z.infer<typeof LeaveDocument>;
