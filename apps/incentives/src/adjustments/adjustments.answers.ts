import { Effect, RecordRef, terms } from '@attain/service';
import { z } from 'zod';

const id = z.string().meta({ description: 'The id of the adjustment.', examples: ['adj-7'] });

export const AdjustmentDocument = z
  .object({
    adjustment: id,
    participant: terms.participant,
    period: terms.period,
    amount: terms.amount,
    plan: terms.plan.nullable(),
    record: RecordRef.nullable(),
    for: terms.holder.nullable(),
    reason: terms.reason,
    state: z.enum(['proposed', 'approved', 'rejected']),
    proposed: terms.moment,
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
    decided: terms.moment.nullable(),
    decidedBy: z
      .string()
      .meta({ description: 'Who decided.', examples: ['user:max'] })
      .nullable(),
    rejection: z
      .string()
      .meta({ description: 'Why it was rejected.', examples: ['paid already'] })
      .nullable(),
  })
  .meta({ id: 'Adjustment', description: 'An adjustment with who proposed and who decided it.' });
export type AdjustmentDocument = z.infer<typeof AdjustmentDocument>;

export const Proposed = Effect.extend({ adjustment: id }).meta({
  id: 'ProposedAdjustment',
  description: 'The position of the proposal in the event log, and the id of its adjustment.',
});
