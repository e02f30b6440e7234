import { terms, WarningAnswer } from '@attain/service';
import { z } from 'zod';
import { ExampleResult, PlanProblem } from '../engine.answers.js';

export const PublishedWithWarnings = z
  .object({
    plan: terms.plan,
    version: terms.version,
    hash: terms.hash.describe('Of the document and all that it uses.'),
    stream: z.string().meta({ description: 'The stream of the event log.', examples: ['deal-crm:D1'] }),
    revision: z.union([z.int(), z.literal('none')]),
    position: terms.position.describe('Text of the position; a query with `Attain-Position` waits for it.'),
    warnings: z.array(WarningAnswer).readonly().nullable(),
  })
  .meta({
    id: 'PublishedPlan',
    description:
      '`warnings`: valid parts of the version that are probably mistakes; null if the server could not find them in time.',
  });
export type PublishedWithWarnings = z.infer<typeof PublishedWithWarnings>;

const line = z
  .int()
  .nullable()
  .meta({ description: 'The line, from 1; null without a text.', examples: [12] });

export const PlacedProblem = PlanProblem.extend({
  line,
  column: z
    .int()
    .nullable()
    .meta({ description: 'The column, from 1; null without a text.', examples: [7] }),
  proposal: z
    .string()
    .nullable()
    .meta({ description: 'The name that was probably meant, in place of the one found.', examples: ['rate'] }),
}).meta({ id: 'PlacedProblem', description: 'An error of a plan document with its place in the text.' });
export type PlacedProblem = z.infer<typeof PlacedProblem>;

export const PlacedExample = ExampleResult.extend({
  line,
  failures: z
    .array(ExampleResult.shape.failures.element.extend({ line }))
    .describe('The expected and the actual value of each failing number, with its line.'),
}).meta({ id: 'PlacedExample', description: 'The result of an example with its place in the text.' });
export type PlacedExample = z.infer<typeof PlacedExample>;

export const PlanCheck = z
  .object({
    problems: z.array(PlacedProblem),
    examples: z.array(PlacedExample).describe('Empty while there are problems.'),
    hash: terms.hash.describe('What the version would be published with; null while there are problems.').nullable(),
  })
  .meta({ id: 'PlanCheck', description: 'The problems of a plan, and the result of each example.' });
export type PlanCheck = z.infer<typeof PlanCheck>;

export const PlanSummary = z
  .object({
    plan: terms.plan,
    from: terms.moment,
    to: terms.moment.nullable(),
    currency: terms.currency.nullable(),
    version: terms.version,
    hash: terms.hash,
    components: z.array(terms.component).readonly(),
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
    pays: z.string().meta({ description: 'The pay period.', examples: ['monthly'] }),
    assignedTo: z.unknown(),
    published: terms.moment,
  })
  .meta({ id: 'PlanSummary', description: 'A version of a plan, without its document.' });
export type PlanSummary = z.infer<typeof PlanSummary>;

const StoredVersion = z.object({
  plan: terms.plan,
  version: terms.version,
  hash: terms.hash,
  from: terms.moment,
  to: terms.moment.nullable(),
  pays: z.string().meta({ description: 'The pay period.', examples: ['monthly'] }),
  currency: terms.currency.nullable(),
  assignedTo: z.unknown(),
  components: z.array(terms.component).readonly(),
  published: terms.moment,
  by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
  document: z.record(z.string(), z.unknown()),
  uses: z.record(z.string(), z.unknown()),
});
export type StoredVersion = z.infer<typeof StoredVersion>;

export const PlanVersion = StoredVersion.extend({
  text: z.string().describe('The document as YAML, to be edited.'),
}).meta({ id: 'PlanVersion', description: 'One valid version; `document` and `uses` as they were published.' });
export type PlanVersion = z.infer<typeof PlanVersion>;

export const Change = z
  .object({
    path: z
      .array(z.union([z.string(), z.number()]))
      .meta({ description: 'Keys and indices that lead to the place.', examples: [['components', 0, 'rate']] })
      .describe('Keys; for lists the index, or the `name` of a named member.'),
    from: z.unknown().optional(),
    to: z.unknown().optional(),
  })
  .meta({
    id: 'PlanChange',
    description: 'One place at which two documents differ; a side that has nothing there is absent.',
  });
export type Change = z.infer<typeof Change>;

export const PlanDiff = z
  .object({
    changes: z.array(Change),
    sentences: z
      .array(
        z
          .string()
          .meta({ description: 'A sentence for people.', examples: ['From 2025-04-01 the rate of tier 2 is 9%.'] }),
      )
      .describe('The same for people: each sentence begins with the day from which it holds.'),
  })
  .meta({ id: 'PlanDiff', description: 'What differs between two versions of a plan.' });
export type PlanDiff = z.infer<typeof PlanDiff>;

export const DraftDiff = PlanDiff.extend({
  follows: terms.version.nullable().describe('The version that the draft follows; null for a new plan.'),
}).meta({ id: 'DraftDiff', description: 'What a draft changes in the version that it follows.' });
export type DraftDiff = z.infer<typeof DraftDiff>;
