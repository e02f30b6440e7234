import { exceptionCodes } from '@attain/contracts';
import { RecordRef, terms, WarningAnswer } from '@attain/service';
import { z } from 'zod';
import { Cause, LateChange } from '../engine.answers.js';

export const PeriodState = z
  .object({
    closed: z
      .object({
        closed: terms.moment,
        participants: z.int(),
        effective: terms.moment,
        known: terms.moment,
        position: terms.position,
        by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
        runHash: z
          .string()
          .meta({
            description: 'SHA-256 over the lines of everybody.',
            examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
          })
          .nullable(),
      })
      .describe(
        'Null while it is open. The run hash is null for those who do not see everybody: a guess of others’ pay can be checked with it.',
      )
      .nullable(),
    name: terms.name,
    kind: z.enum(['month', 'quarter', 'half', 'year']),
    from: terms.day,
    to: terms.day,
  })
  .meta({ id: 'PeriodState', description: 'A pay period, open or closed.' });
export type PeriodState = z.infer<typeof PeriodState>;

export const Closed = z
  .object({
    closed: z.array(terms.moment).describe('Every period that this closed, in order, the one asked for last.'),
    statements: z.int().describe('Statements issued for them.'),
    stream: z.string().meta({ description: 'The stream of the event log.', examples: ['deal-crm:D1'] }),
    revision: z.union([z.int(), z.literal('none')]),
    position: terms.position.describe('Text of the position; a query with `Attain-Position` waits for it.'),
  })
  .meta({ id: 'Closing', description: 'What a close has closed.' });
export type Closed = z.infer<typeof Closed>;

export const ClosingStatement = z
  .object({
    period: terms.period,
    lines: z.int().describe('How many of each it has.'),
    exceptions: z.int(),
    participant: terms.participant,
    currency: terms.currency,
    earned: terms.amount,
    payable: terms.amount,
  })
  .meta({ id: 'ClosingStatement', description: 'A statement that a close would issue.' });
export type ClosingStatement = z.infer<typeof ClosingStatement>;

export const ClosingTotal = z
  .object({
    currency: terms.currency,
    payable: terms.amount,
    statements: z.int(),
  })
  .meta({ id: 'ClosingTotal', description: 'What a close would pay in a currency.' });
export type ClosingTotal = z.infer<typeof ClosingTotal>;

export const ClosingDifference = z
  .object({
    participant: terms.participant,
    period: terms.period.describe(
      'The period whose statement has the adjustment, and the closed period that it concerns.',
    ),
    for: terms.holder.nullable(),
    record: RecordRef.nullable(),
    plan: terms.plan,
    component: terms.component.describe(
      'Empty on a line of the plan as a whole: a draw, a recovery, a carried negative.',
    ),
    earned: terms.amount,
    payable: terms.amount,
    earnedCurrency: terms.currency,
    payableCurrency: terms.currency,
    cause: Cause.nullable(),
  })
  .meta({ id: 'ClosingDifference', description: 'A difference of a closed period that a close would pay.' });
export type ClosingDifference = z.infer<typeof ClosingDifference>;

export const OpenException = z
  .object({
    period: terms.period,
    code: z.enum(exceptionCodes),
    plan: terms.plan,
    component: terms.component,
    participant: terms.participant,
    record: RecordRef.nullable(),
    detail: terms.detail,
  })
  .meta({ id: 'OpenException', description: 'What may not be computed fully in a period that closes.' });
export type OpenException = z.infer<typeof OpenException>;

export const WouldClose = z
  .object({
    period: terms.period,
    closes: z
      .array(z.string().meta({ description: 'A period.', examples: ['2025-01'] }))
      .describe('Every period that would close, in order, the one asked for last.'),
    known: terms.moment.describe('What is known up to this instant counts.'),
    statements: z.array(ClosingStatement),
    totals: z.array(ClosingTotal),
    differences: z.array(ClosingDifference),
    waiting: z
      .array(LateChange.extend({ period: terms.period }))
      .describe(
        'Late changes of closed periods that no statement has before somebody approves them; they keep nothing from closing.',
      ),
    exceptions: z.array(OpenException).describe('They keep it from closing unless they are accepted with a reason.'),
    warnings: z
      .array(WarningAnswer)
      .describe('What is legal and probably a mistake; it keeps nothing from closing.')
      .readonly(),
  })
  .meta({ id: 'WouldClose', description: 'What a close would do, as far as it is known now.' });
export type WouldClose = z.infer<typeof WouldClose>;
