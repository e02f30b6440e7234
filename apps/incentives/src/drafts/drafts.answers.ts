import { terms } from '@attain/service';
import { z } from 'zod';
import { ListedException } from '../engine.answers.js';

const PayCurve = z
  .object({
    component: terms.component,
    measure: terms.measure,
    currency: terms.currency.describe('Of the pay.'),
    quota: terms.amount,
    target: terms.amount.nullable().describe('The assigned target pay; null if no component pays a share of it.'),
    fields: z.record(z.string(), z.string()).describe('The fields of each supposed deal, beside its amount.'),
    points: z
      .array(
        z.object({
          attained: z.string().meta({ description: 'Credited ÷ quota, as a decimal.', examples: ['1.05'] }),
          credited: terms.amount,
          pay: terms.amount,
        }),
      )
      .describe('By attainment, the lowest first.'),
  })
  .meta({ id: 'PayCurve', description: 'The pay of one window at each attainment; the engine computes each point.' });

export const CurveAnswer = z
  .object({ curve: PayCurve.nullable().describe('Null if no component counts deals against a measure.') })
  .meta({ id: 'PayCurveAnswer', description: 'The pay curve of a plan document.' });
export type CurveAnswer = z.infer<typeof CurveAnswer>;

export const DocumentSchema = z
  .object({
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema, draft 2020-12, with a text for each key.'),
  })
  .meta({ id: 'DocumentSchema', description: 'The schema that plan documents are validated with.' });
export type DocumentSchema = z.infer<typeof DocumentSchema>;

const amounts = {
  paid: terms.amount.nullable().describe('The payable of the issued statements; null while no period of it is closed.'),
  now: terms.amount.describe('What the published plans give on the facts known now.'),
  then: terms.amount.describe('What the plans with the draft give on the same facts.'),
  difference: terms.amount.describe('`then` − `now`.'),
};

export const PlanCostRow = z
  .object({ period: terms.period, participant: terms.participant, currency: terms.currency, ...amounts })
  .meta({
    id: 'PlanCostRow',
    description: 'The payable of one participant in one pay period, with and without a draft.',
  });
export type PlanCostRow = z.infer<typeof PlanCostRow>;

export const PlanCostTotal = z
  .object({
    currency: terms.currency,
    participants: z.int().meta({ description: 'The number of participants.', examples: [30] }),
    ...amounts,
    more: z
      .int()
      .nullable()
      .describe('Participants who would be paid more; null where few people would be told apart.'),
    less: z
      .int()
      .nullable()
      .describe('Participants who would be paid less; null where few people would be told apart.'),
  })
  .meta({ id: 'PlanCostTotal', description: 'The sums of one currency over all participants and periods.' });
export type PlanCostTotal = z.infer<typeof PlanCostTotal>;

/** The `result` of the job. */
export const PlanCost = z
  .object({
    plan: terms.plan,
    version: terms.version,
    from: terms.day.describe('The first day on which the draft was supposed to hold.'),
    periods: z.array(terms.period),
    rows: z.array(PlanCostRow).describe('Empty for a caller who may not see the pay of each participant.'),
    totals: z.array(PlanCostTotal),
    withheld: z
      .array(terms.currency)
      .describe('Currencies whose sums would reveal the pay of a person, and are left out for this caller.'),
    isRounded: z.boolean().describe('True if sums are rounded to three digits, for a caller who may not see pay.'),
    exceptions: z.array(ListedException).describe('What could not be computed with the draft; at most 100.'),
    position: terms.position,
  })
  .meta({ id: 'PlanCost', description: 'What a draft would have paid on past periods, beside what was paid.' });
export type PlanCost = z.infer<typeof PlanCost>;
