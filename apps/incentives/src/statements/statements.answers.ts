import { exceptionCodes, lineKinds } from '@attain/contracts';
import { RecordRef, terms } from '@attain/service';
import { z } from 'zod';
import { Cause, ChangedInput, RankedPlace, WaitingChange } from '../engine.answers.js';

export const StatedFact = z
  .object({
    event: terms.event,
    stream: z.string().meta({ description: 'The stream of the event log.', examples: ['deal-crm:D1'] }),
    position: terms.position,
    type: z.string().meta({ description: 'The type of the event.', examples: ['QuotaChanged'] }),
    data: z.unknown().describe('Null, like the reason, for days that the caller may not see.'),
    recorded: terms.moment,
    actor: terms.actor,
    reason: terms.reason.nullable(),
    effective: terms.moment.nullable(),
  })
  .meta({
    id: 'Fact',
    description: 'An input of the explanation, with the actor, the reason and the instant of its event.',
  });
export type StatedFact = z.infer<typeof StatedFact>;

export const Withheld = z
  .object({
    lines: z.int().describe('Lines, and late changes that wait for a review.'),
    traces: z.int().describe('The number of lines shown without their reasons.'),
  })
  .meta({
    id: 'Withheld',
    description: 'What is not shown, because it is of days on which the caller was not above the participant.',
  });
export type Withheld = z.infer<typeof Withheld>;

export const StatementSummary = z
  .object({
    hash: terms.hash
      .describe('Null if lines are withheld, because the hash would let the caller guess them.')
      .nullable(),
    withheld: z.int().describe('Lines that are of days which the caller may not see; the sums are of the others.'),
    issued: terms.moment
      .describe('When it was issued; null: a preview, of an open period or as it would have been at the cut asked for.')
      .nullable(),
    participant: terms.participant,
    period: terms.period,
    currency: terms.currency,
    earned: terms.amount,
    payable: terms.amount,
    lines: z.int(),
    exceptions: z.int(),
    waiting: z.int().describe('Late changes that wait for a review, and are in no sum.'),
    engine: z.string().describe('The engine that computed it; null: one that did not name itself.').nullable(),
  })
  .meta({ id: 'StatementSummary', description: 'The totals of a statement.' });
export type StatementSummary = z.infer<typeof StatementSummary>;

/** The identity and the pay of a line, wherever lines are listed. */
export const LineFields = z
  .object({
    date: terms.moment,
    record: RecordRef.nullable(),
    period: terms.period,
    plan: terms.plan,
    for: terms.holder.nullable(),
    rate: z
      .string()
      .meta({ description: 'A share, or an amount for a unit.', examples: ['9%'] })
      .nullable(),
    credited: terms.amount.nullable(),
    component: terms.component.describe(
      'Empty on a line of the plan as a whole: a draw, a recovery, a carried negative.',
    ),
    kind: z.enum(lineKinds),
    version: terms.version,
    earned: terms.amount,
    payable: terms.amount,
    causedBy: RecordRef.nullable(),
    earnedCurrency: terms.currency,
    payableCurrency: terms.currency,
    cause: Cause.nullable(),
  })
  .meta({ id: 'Line', description: 'A line without its trace.' });

export const LineTrace = z
  .object({
    planHash: terms.hash,
    rule: z.string().meta({ description: 'The rule of the plan.', examples: ['9% from 100%'] }),
    inputs: z.array(
      z.object({
        event: terms.event,
        what: z.string().meta({ description: 'What the value is.', examples: ['quota revenue 2025'] }),
        value: z.string().meta({ description: 'The value.', examples: ['300000'] }),
      }),
    ),
    slices: z.array(
      z.object({
        tier: z.number().nullable(),
        from: terms.moment.nullable(),
        to: terms.moment.nullable(),
        credited: terms.amount,
        rate: z.string().meta({ description: 'A share, or an amount for a unit.', examples: ['9%'] }),
        amount: terms.amount,
        adds: z
          .string()
          .meta({ description: 'The part of the blended rate.', examples: ['0.045'] })
          .nullable(),
      }),
    ),
    arithmetic: z.string().meta({ description: 'How the amount is computed.', examples: ['4564 × 9%'] }),
    unrounded: z.string().meta({ description: 'The exact amount before it is rounded.', examples: ['410.76'] }),
    rounding: z.string().meta({ description: 'How the amount is rounded.', examples: ['half away from zero'] }),
  })
  .meta({ id: 'LineTrace', description: 'How a line was computed.' });

export const ShownLine = LineFields.extend({
  trace: LineTrace.nullable(),
  id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
}).meta({ id: 'StatementLine', description: 'A line of a statement.' });
export type ShownLine = z.infer<typeof ShownLine>;

export const StatementAnswer = z
  .object({
    lines: z.array(ShownLine),
    units: z
      .array(
        z.object({
          unit: z.string().meta({ description: 'A unit that is not money.', examples: ['day off'] }),
          amount: terms.amount,
        }),
      )
      .describe('What the shown lines sum to in each unit that is not money.'),
    hash: terms.hash
      .describe('Null if something is withheld, because the hash would let the caller guess it.')
      .nullable(),
    issued: terms.moment.nullable(),
    engine: z.string().describe('The engine that computed it; null: one that did not name itself.').nullable(),
    unexplained: z
      .int()
      .describe('Lines without a trace, because the engine of today computes other lines in their place.'),
    participant: terms.participant,
    period: terms.period,
    currency: terms.currency,
    cut: z.object({
      effective: terms.moment,
      known: terms.moment,
    }),
    earned: terms.amount,
    payable: terms.amount,
    components: z
      .array(
        z.object({
          plan: terms.plan,
          component: terms.component,
          earned: terms.amount,
          payable: terms.amount,
          lines: z.int(),
        }),
      )
      .describe('Points and days off are payable 0 here: their lines state the unit.'),
    exceptions: z.array(
      z.object({
        code: z.enum(exceptionCodes),
        plan: terms.plan,
        component: terms.component,
        participant: terms.participant,
        record: RecordRef.nullable(),
        detail: terms.detail,
      }),
    ),
    balances: z
      .array(
        z.object({
          plan: terms.plan,
          currency: terms.currency,
          draw: z.string().meta({ description: 'What the participant owes of a draw.', examples: ['0.00'] }),
          carried: z.string().meta({ description: 'What is carried to the next statement.', examples: ['0.00'] }),
        }),
      )
      .describe(
        'What each plan with draws or carried negatives leaves for the next statement; what the participant owes is above 0 under `draw`, below 0 under `carried`.',
      )
      .optional(),
    held: z
      .array(
        z.object({
          plan: terms.plan,
          currency: terms.currency,
          amount: terms.amount,
        }),
      )
      .describe(
        'What each plan has earned of records and does not release yet, in the plan’s currencies and in units that are not money.',
      )
      .optional(),
    waiting: z
      .array(WaitingChange)
      .describe('Late changes of closed periods that wait for a review: they are in no line and in no sum.')
      .optional(),
    withheld: Withheld,
  })
  .meta({ id: 'Statement', description: 'A statement: totals, components and lines.' });
export type StatementAnswer = z.infer<typeof StatementAnswer>;

const StatedInput = z
  .object({
    what: z.string().meta({ description: 'What the value is.', examples: ['quota revenue 2025'] }),
    value: z.string().meta({ description: 'The value.', examples: ['300000'] }),
    event: terms.event,
    recorded: terms.moment.nullable(),
    actor: terms.actor.nullable(),
    reason: terms.reason.nullable(),
  })
  .meta({
    id: 'StatedInput',
    description:
      'An input of a node with the actor, instant and reason of its event; null if the log does not have the event, or the caller may not see it.',
  });
type StatedInput = z.infer<typeof StatedInput>;

export const StatedExplanation = z
  .object({
    kind: z.string().meta({ description: 'The kind of the line, or what the part is.', examples: ['slice'] }),
    sentence: z
      .string()
      .meta({ description: 'A sentence for people.', examples: ['From 2025-04-01 the rate of tier 2 is 9%.'] }),
    amount: terms.amount,
    currency: terms.currency,
    date: terms.day.optional(),
    rule: z
      .string()
      .meta({ description: 'The rule of the plan.', examples: ['9% from 100%'] })
      .optional(),
    inputs: z.array(StatedInput).optional(),
    changed: z.array(ChangedInput).readonly().optional(),
    ranking: z.array(RankedPlace).readonly().optional(),
    get from(): z.ZodOptional<z.ZodArray<typeof StatedExplanation>> {
      return z.array(StatedExplanation).optional();
    },
    get parts(): z.ZodArray<typeof StatedExplanation> {
      return z.array(StatedExplanation);
    },
  })
  .meta({
    id: 'Explanation',
    description:
      'The explanation of an amount as a tree: the parts of each node sum to it, so the leaves sum to the line.',
  });
export type StatedExplanation = z.infer<typeof StatedExplanation>;

export const LineDifference = z
  .object({
    keys: z
      .array(z.string().meta({ description: 'What the row is of.', examples: ['ann'] }))
      .describe('The keys of the line whose values differ; empty if no such line is computed.'),
    computed: LineFields.describe('The line as it is computed now; null: no such line.').nullable(),
  })
  .meta({
    id: 'LineDifference',
    description: 'How the line that today’s engine computes differs from the issued one.',
  });
export type LineDifference = z.infer<typeof LineDifference>;

export const LineExplanation = z
  .object({
    participant: terms.participant,
    period: terms.period,
    line: ShownLine,
    explanation: StatedExplanation.describe(
      'The same as a tree; null if it depends on days that the caller may not see, or if today’s engine computes another line.',
    ).nullable(),
    explained: z
      .object({
        engine: z
          .string()
          .meta({ description: 'The engine that computed it.', examples: ['2'] })
          .nullable(),
        tree: z
          .string()
          .meta({ description: 'The engine that computed the tree.', examples: ['2'] })
          .nullable(),
        known: terms.moment,
      })
      .describe(
        'The engines that computed the trace and the tree, and the instant up to which facts were known. `engine` is null if the trace was stored by an engine without a version; `tree` is null without a tree. Null if no trace is shown.',
      )
      .nullable(),
    differs: LineDifference.describe(
      'Why an issued line has no tree, and no trace unless it was issued with one: how the line of today’s engine differs.',
    ).nullable(),
    inputs: z
      .array(
        z.object({
          event: terms.event,
          what: z.string().meta({ description: 'What the value is.', examples: ['quota revenue 2025'] }),
          value: z.string().meta({ description: 'The value.', examples: ['300000'] }),
          fact: StatedFact.nullable(),
        }),
      )
      .describe('Each input of the trace with its event.'),
    cause: StatedFact.describe('For a difference, the fact that changed the closed period.').nullable(),
    issued: terms.moment.nullable(),
  })
  .meta({
    id: 'LineExplanation',
    description:
      'The reason for the amount of a line. The amounts of the slices sum to `trace.unrounded`, which rounds to the line.',
  });
export type LineExplanation = z.infer<typeof LineExplanation>;
