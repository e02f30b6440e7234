import { causeKinds, lineKinds } from '@attain/contracts';
import { RecordRef, terms } from '@attain/service';
import { z } from 'zod';
import { Withheld } from '../statements/statements.answers.js';

export const EarnedAnswer = z.object({
  amount: terms.amount,
  currency: terms.currency,
  lines: z.array(z.object({
    date: terms.moment,
    record: RecordRef.nullable(),
    period: terms.period,
    plan: terms.plan,
    for: terms.holder.nullable(),
    rate: z.string().meta({ description: 'A share, or an amount for a unit.', examples: ['9%'] }).nullable(),
    credited: terms.amount.nullable(),
    component: terms.component.describe('Empty on a line of the plan as a whole: a draw, a recovery, a carried negative.'),
    kind: z.enum(lineKinds),
    version: terms.version,
    earned: terms.amount,
    payable: terms.amount,
    causedBy: RecordRef.nullable(),
    earnedCurrency: terms.currency,
    payableCurrency: terms.currency,
    cause: z.object({
    kind: z.enum(causeKinds),
    event: terms.event,
  }).nullable(),
    trace: z.object({
    planHash: terms.hash,
    rule: z.string().meta({ description: 'What the plan says.', examples: ['9% from 100%'] }),
    inputs: z.array(z.object({
    event: terms.event,
    what: z.string().meta({ description: 'What the value is.', examples: ['quota revenue 2025'] }),
    value: z.string().meta({ description: 'The value.', examples: ['300000'] }),
  })),
    slices: z.array(z.object({
    tier: z.number().nullable(),
    from: terms.moment.nullable(),
    to: terms.moment.nullable(),
    credited: terms.amount,
    rate: z.string().meta({ description: 'A share, or an amount for a unit.', examples: ['9%'] }),
    amount: terms.amount,
    adds: z.string().meta({ description: 'The part of the blended rate.', examples: ['0.045'] }).nullable(),
  })),
    arithmetic: z.string().meta({ description: 'How the amount is computed.', examples: ['4564 × 9%'] }),
    unrounded: z.string().meta({ description: 'The exact amount before it is rounded.', examples: ['410.76'] }),
    rounding: z.string().meta({ description: 'How the amount is rounded.', examples: ['half away from zero'] }),
  }).nullable(),
  })),
  withheld: Withheld.describe('Lines of days on which the caller was not above the participant; the sums are of the others.'),
  byRecord: z.array(z.object({
    record: RecordRef,
    amount: terms.amount,
  })).describe('What each record came to earn in the end, true-ups and cuts included.'),
  position: terms.position,
  participant: terms.participant,
  period: terms.period,
  plan: terms.plan.optional(),
  component: terms.component.optional(),
}).meta({ id: 'Earned', description: 'Amounts are decimal text in `currency`, the plan’s.' });
export type EarnedAnswer = z.infer<typeof EarnedAnswer>;
