import { terms } from '@attain/service';
import { z } from 'zod';
import { LineFields, StatedExplanation } from '../statements/statements.answers.js';
import { TierLadder } from '../tiers/tiers.answers.js';

export const EstimatedLine = z
  .object({
    id: z.string().meta({ description: 'The id of the line in the statement.', examples: ['9f86d081884c7d65'] }),
    line: LineFields.describe('The line as the statement would have it; if the line would be gone, as it is now.'),
    now: terms.amount.describe('Payable now; null: no such line.').nullable(),
    then: terms.amount.describe('Payable then; null: no such line.').nullable(),
    difference: terms.amount,
    currency: terms.currency,
    explanation: StatedExplanation.describe(
      'The reason for `then`; null if the line would be gone, or if the reason depends on days that the caller may not see.',
    ).nullable(),
  })
  .meta({ id: 'EstimatedLine', description: 'A line that the deals would add, change or remove.' });
export type EstimatedLine = z.infer<typeof EstimatedLine>;

export const Estimate = z
  .object({
    participant: terms.participant,
    period: terms.period,
    currency: terms.currency,
    now: terms.amount.describe('What the statement pays now.'),
    then: terms.amount.describe('What it would pay after the deals were won.'),
    difference: terms.amount,
    components: z.array(
      z.object({
        plan: terms.plan,
        component: terms.component,
        now: terms.amount,
        then: terms.amount,
        difference: terms.amount,
      }),
    ),
    lines: z.array(EstimatedLine).describe('The lines that differ.'),
    tiers: z
      .array(z.object({ now: TierLadder, then: TierLadder }))
      .describe(
        'Each ladder that is climbed or descended, before and after; the tier is crossed where `reached` differs.',
      ),
    notEstimated: z
      .array(z.object({ plan: terms.plan, component: terms.component }))
      .describe(
        'Contests and amounts that depend on them: they count as now, because their outcome would reveal the sales of others.',
      ),
    exceptions: z
      .array(z.object({ code: terms.code, detail: terms.detail }))
      .describe('What could not be computed of the deals.'),
    position: terms.position,
  })
  .meta({
    id: 'Estimate',
    description: 'What a participant would be paid for an open period if deals were won. Nothing is recorded.',
  });
export type Estimate = z.infer<typeof Estimate>;
