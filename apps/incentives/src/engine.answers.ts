import { causeKinds } from '@attain/contracts';
import { RecordRef, terms } from '@attain/service';
import { z } from 'zod';

export const CauseKind = z
  .enum(causeKinds)
  .meta({ id: 'CauseKind', description: 'The kind of the fact that moved an amount.' });

export const Cause = z
  .object({ kind: CauseKind, event: terms.event })
  .meta({ id: 'Cause', description: 'The fact that moved an amount.' });

export const ListedException = z
  .object({
    code: z.enum(['RATE_MISSING', 'NO_QUOTA', 'NO_RATE', 'UNDEFINED', 'LATE_CHANGE_REVIEW']),
    for: terms.holder.optional(),
    record: RecordRef.nullable(),
    participant: terms.participant,
    plan: terms.plan,
    component: terms.component,
    detail: terms.detail,
  })
  .meta({
    id: 'ListedException',
    description: 'What keeps something from being paid; of a late change also the closed period that it concerns.',
  });
export type ListedException = z.infer<typeof ListedException>;

/** A late change of the participant of the answer. */
export const WaitingChange = z.object({
  plan: terms.plan,
  component: terms.component,
  for: terms.holder,
  record: RecordRef.nullable(),
  known: terms.moment,
  cause: Cause,
  earned: terms.amount,
  earnedCurrency: terms.currency,
  payable: terms.amount,
  payableCurrency: terms.currency,
});

export const LateChange = WaitingChange.extend({ participant: terms.participant }).meta({
  id: 'LateChange',
  description: 'A late change of a closed period that waits for a review.',
});
export type LateChange = z.infer<typeof LateChange>;

export const PlanProblem = z
  .object({
    path: z
      .array(z.union([z.string(), z.number()]))
      .meta({ description: 'Keys and indices that lead to the place.', examples: [['components', 0, 'rate']] }),
    code: terms.code.describe('`not-supported` | `unknown-name` | `type` | `syntax` | `missing` | `example` | …'),
    message: terms.detail,
  })
  .meta({ id: 'PlanProblem', description: 'Place of an error inside a document: keys and indexes.' });
export type PlanProblem = z.infer<typeof PlanProblem>;

export const ExampleResult = z
  .object({
    name: terms.name,
    passed: z.boolean(),
    failures: z
      .array(
        z.object({
          path: z
            .array(z.union([z.string(), z.number()]))
            .meta({ description: 'Keys and indices that lead to the place.', examples: [['components', 0, 'rate']] }),
          expected: z.string().meta({ description: 'What was expected.', examples: ['a day as 2025-01-31'] }),
          actual: z.string().meta({ description: 'What came out.', examples: ['410.76'] }),
        }),
      )
      .describe('What was expected and what came out, for each failing number.'),
  })
  .meta({ id: 'ExampleResult', description: 'How an example of a plan comes out.' });
export type ExampleResult = z.infer<typeof ExampleResult>;

export const ChangedInput = z
  .object({
    what: z.string().meta({ description: 'What the value is.', examples: ['quota revenue 2025'] }),
    before: z
      .string()
      .meta({ description: 'The value before.', examples: ['300000'] })
      .nullable(),
    after: z
      .string()
      .meta({ description: 'The value after.', examples: ['363000'] })
      .nullable(),
  })
  .meta({
    id: 'ChangedInput',
    description: 'What differs between the two sides of a difference; null: one side does not have it.',
  });
export type ChangedInput = z.infer<typeof ChangedInput>;

export const RankedPlace = z
  .object({
    place: z.int(),
    last: z.int(),
    participants: z.array(terms.participant).readonly(),
  })
  .meta({
    id: 'RankedPlace',
    description: 'Who takes a place of a contest, and the last of the places that they take together.',
  });
export type RankedPlace = z.infer<typeof RankedPlace>;
