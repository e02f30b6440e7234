import { terms } from '@attain/service';
import { z } from 'zod';

export const changeKinds = [
  'quotas',
  'objectives',
  'scores',
  'leaves',
  'people',
  'plans',
  'signatures',
  'adjustments',
  'approvals',
  'periods',
  'company',
  'rates',
  'imports',
  'quarantine',
  'deals',
  'users',
] as const;

export const ChangeRow = z
  .object({
    event: terms.event,
    at: terms.moment,
    by: terms.actor,
    kind: z.enum(changeKinds).meta({ description: 'The kind of what changed.', examples: ['quotas'] }),
    type: z.string().meta({ description: 'The type of the event.', examples: ['QuotaChanged'] }),
    object: z.string().meta({ description: 'What changed, in words.', examples: ['ann, revenue, 2025-Q1'] }),
    before: z
      .string()
      .nullable()
      .meta({ description: 'The value of the object before; null if there was none.', examples: ['100000 USD'] }),
    after: z
      .string()
      .nullable()
      .meta({ description: 'The value since; null if the object has none any more.', examples: ['120000 USD'] }),
    reason: terms.reason.nullable(),
    effective: terms.moment.nullable().describe('The date that the change speaks of, if one was stated.'),
  })
  .meta({ id: 'Change', description: 'One recorded change: who changed what, when and why.' });
export type ChangeRow = z.infer<typeof ChangeRow>;
