import { terms } from '@attain/service';
import { z } from 'zod';

export const Reversal = z
  .object({
    kind: z.enum(['cancelled', 'refunded', 'churned', 'credited']),
    date: terms.moment,
    amount: terms.amount.nullable(),
  })
  .meta({ id: 'Reversal', description: 'What was taken back after winning; `amount` null takes all that is left.' });
export type Reversal = z.infer<typeof Reversal>;

export const DealView = z
  .object({
    type: z
      .string()
      .meta({ description: 'The type.', examples: ['DealWon'] })
      .nullable(),
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    amount: terms.amount.nullable(),
    source: terms.source,
    account: z
      .string()
      .meta({ description: 'The account.', examples: ['Acme Corporation'] })
      .nullable(),
    name: terms.name.nullable(),
    region: terms.region.nullable(),
    currency: terms.currency.nullable(),
    stage: terms.stage.nullable(),
    opened: z
      .string()
      .meta({ description: 'The day on which it was opened.', examples: ['2025-01-02'] })
      .nullable(),
    closed: terms.moment.nullable(),
    owner: terms.participant.nullable(),
    revenue: z.record(z.string(), z.string()),
    overlay: z.record(z.string(), z.string()),
    status: z.enum(['won', 'lost', 'open']),
    product: z
      .string()
      .meta({ description: 'The product.', examples: ['GTX Basic'] })
      .nullable(),
    quantity: z
      .string()
      .meta({ description: 'How many.', examples: ['3'] })
      .nullable(),
    territory: z
      .string()
      .meta({ description: 'The territory.', examples: ['Central'] })
      .nullable(),
    time: z
      .string()
      .meta({ description: 'The time of the day.', examples: ['09:30'] })
      .nullable(),
    own: z.record(z.string(), z.string()),
    reversals: z.record(z.string(), Reversal),
    withheld: z
      .int()
      .describe(
        'How many reversals are left out, because they are of days on which the caller may not see the owner’s rows.',
      ),
  })
  .meta({ id: 'Deal', description: 'A deal; `currency` is the company’s if the deal names none.' });
export type DealView = z.infer<typeof DealView>;

export const TimelineChange = z
  .object({
    field: z.string().meta({ description: 'A field.', examples: ['amount'] }),
    before: z
      .string()
      .meta({ description: 'The value before.', examples: ['300000'] })
      .nullable(),
    after: z
      .string()
      .meta({ description: 'The value after.', examples: ['363000'] })
      .nullable(),
  })
  .meta({ id: 'TimelineChange', description: 'A field that an event changes.' });
export type TimelineChange = z.infer<typeof TimelineChange>;

export const TimelineEntry = z
  .object({
    event: terms.event,
    type: z.string().meta({ description: 'The type.', examples: ['DealWon'] }),
    at: terms.moment,
    actor: terms.actor,
    reason: terms.reason.nullable(),
    effective: terms.moment.describe('The date on which it takes effect, if it has one.').nullable(),
    changes: z.array(TimelineChange),
  })
  .meta({ id: 'TimelineEntry', description: 'One event of a deal: who, when, why, and the changed fields.' });
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Timeline = z
  .object({
    rows: z.array(TimelineEntry),
    withheld: z
      .int()
      .describe(
        'How many events are left out, because the deal was then somebody’s, or of a date, that the caller may not see.',
      ),
  })
  .meta({ id: 'Timeline', description: 'Every change of a deal.' });
export type Timeline = z.infer<typeof Timeline>;

export const StageTotal = z
  .object({
    stage: terms.stage.nullable(),
    currency: terms.currency,
    deals: z.int(),
    amount: terms.amount.describe('Decimal text in `currency`.'),
  })
  .meta({ id: 'StageTotal', description: 'Open deals of a stage in a currency.' });
export type StageTotal = z.infer<typeof StageTotal>;
