import { terms } from '@attain/service';
import { z } from 'zod';

export const QuotaDocument = z
  .object({
    for: terms.holder.describe('A person, a team, a region or `company`.'),
    measure: terms.measure,
    period: terms.period,
    amount: terms.amount,
    target: z.string().describe('The incentive at 100 %.').nullable(),
    credit: z.array(terms.text.describe('A kind of credit.')).describe('What attains it.').readonly(),
    currency: terms.currency.nullable(),
    since: terms.moment,
    effective: terms.moment.nullable(),
    reason: terms.reason.nullable(),
    actor: terms.actor,
  })
  .meta({ id: 'Quota', description: 'A quota in force, with its last change.' });
export type QuotaDocument = z.infer<typeof QuotaDocument>;
