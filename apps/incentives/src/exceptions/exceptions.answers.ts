import { exceptionCodes } from '@attain/contracts';
import { RecordRef, terms } from '@attain/service';
import { z } from 'zod';
import { ListedException } from '../engine.answers.js';

export const Exceptions = z
  .object({
    rows: z.array(ListedException),
    withheld: z.int().describe('How many of people whom the caller sees at other times are left out.'),
  })
  .meta({ id: 'Exceptions', description: 'What keeps lines from being paid.' });
export type Exceptions = z.infer<typeof Exceptions>;

export const AcceptedException = z
  .object({
    reason: terms.reason,
    code: z.enum(exceptionCodes),
    plan: terms.plan,
    component: terms.component,
    participant: terms.participant,
    record: RecordRef.nullable(),
    detail: terms.detail,
    period: terms.period,
    accepted: z.string().meta({ description: 'When it was accepted.', examples: ['2025-02-03T09:30:00.000Z'] }),
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
  })
  .meta({ id: 'AcceptedException', description: 'An exception that a period was closed with, and who took it over.' });
export type AcceptedException = z.infer<typeof AcceptedException>;
