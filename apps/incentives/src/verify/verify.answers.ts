import { ModelComparison, ProcessComparison, terms } from '@attain/service';
import { z } from 'zod';

export const Discrepancy = z
  .object({
    code: z
      .enum(['HASH', 'DIFFERS', 'MISSING', 'EXTRA', 'RUN_HASH', 'NOT_CLOSED'])
      .describe(
        'HASH: it does not state what its hash covers. DIFFERS: the facts at its cut give another. MISSING: the facts give one that was never issued. EXTRA: it was issued, and the facts give none. RUN_HASH: of the whole period. NOT_CLOSED: its period never was.',
      ),
    period: terms.period,
    participant: terms.participant.nullable(),
    issued: terms.moment.nullable(),
    recomputed: z
      .string()
      .meta({
        description: 'The hash that follows from the log.',
        examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
      })
      .nullable(),
    engine: z
      .string()
      .describe('The engine that issued the statement; null: none did, or it did not name itself.')
      .nullable(),
  })
  .meta({ id: 'Discrepancy', description: 'A statement that does not follow from the log.' });
export type Discrepancy = z.infer<typeof Discrepancy>;

export const Unasked = z
  .object({
    process: z.string().meta({ description: 'A process.', examples: ['reporting'] }),
    problem: terms.detail,
  })
  .meta({ id: 'Unasked', description: 'A service that did not compare its read models, and why.' });
export type Unasked = z.infer<typeof Unasked>;

export const CheckedAnchor = z
  .object({
    found: z
      .enum(['agrees', 'cut', 'differs', 'count'])
      .describe(
        'agrees; the log ends before it; another event is at its position; another number of events is before it.',
      ),
    attain: z.literal(1),
    company: z.string().meta({ description: 'The company.', examples: ['Maven Hardware'] }),
    position: terms.position.describe(
      'The position of the last event, its seal, and the number of events up to there.',
    ),
    seal: z.string().meta({
      description: 'The seal of the last event.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
    events: z.int(),
    at: terms.moment.describe('When it was written.'),
    reason: terms.reason.describe('Why: `close 2017-06`, or `asked for`.'),
  })
  .meta({ id: 'CheckedAnchor', description: 'An anchor, and what the log has at its place.' });
export type CheckedAnchor = z.infer<typeof CheckedAnchor>;

export const LastVerification = z
  .object({
    ended: terms.moment,
    position: terms.position.describe('Everything up to here was read.'),
    events: z.int(),
    periods: z.int(),
    statements: z.int(),
    discrepancies: z.array(Discrepancy),
    process: z.string().describe('The process whose read models were compared.'),
    elsewhere: z.boolean().describe('Other processes keep read models of this company.'),
    others: z
      .array(z.union([ProcessComparison, Unasked]))
      .describe('What each of them found in its own, or why it could not be asked.'),
    models: z
      .array(ModelComparison)
      .describe('Read models of this process, each compared with the log field by field.'),
    anchors: z
      .array(CheckedAnchor)
      .describe('Anchors that were given or are kept, each with what the log has at its place.'),
    unchecked: z
      .array(z.string().meta({ description: 'What nobody has checked.', examples: ['read models of other processes'] }))
      .describe('What nobody has checked, in words.'),
    agrees: z.boolean().describe('No discrepancy, no model that differs here or elsewhere, no anchor that does.'),
  })
  .meta({ id: 'LastVerification', description: 'The report of the last verification.' });
export type LastVerification = z.infer<typeof LastVerification>;

export const Anchor = z
  .object({
    attain: z.literal(1),
    company: z.string().meta({ description: 'The company.', examples: ['Maven Hardware'] }),
    position: terms.position.describe(
      'The position of the last event, its seal, and the number of events up to there.',
    ),
    seal: z.string().meta({
      description: 'The seal of the last event.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
    events: z.int(),
    at: terms.moment.describe('When it was written.'),
    reason: terms.reason.describe('Why: `close 2017-06`, or `asked for`.'),
  })
  .meta({
    id: 'Anchor',
    description:
      'A position of the log with its seal, kept outside the database. It reveals events that were cut off behind it or replaced before it.',
  });
export type Anchor = z.infer<typeof Anchor>;
