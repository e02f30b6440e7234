import { terms } from '@attain/service';
import { z } from 'zod';

export const ObjectiveDocument = z
  .object({
    for: terms.holder.describe('A person, a team, a region or `company`.'),
    component: terms.component,
    period: terms.period,
    name: terms.name,
    weight: terms.percent.describe('A share of the target as it was written, such as 50% or 1/3.'),
    since: terms.moment,
    reason: terms.reason.nullable(),
    actor: terms.actor,
  })
  .meta({ id: 'Objective', description: 'An objective that is assigned, and what last changed it.' });
export type ObjectiveDocument = z.infer<typeof ObjectiveDocument>;
