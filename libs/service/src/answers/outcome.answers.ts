import { z } from 'zod';
import { terms } from './terms.js';

/** The answer of a command without an answer of its own. */
export const Effect = z
  .object({
    stream: z
      .string()
      .meta({ description: 'The stream of the event log that the command concerns.', examples: ['deal-crm:D1'] }),
    revision: z.union([z.int(), z.literal('none')]).meta({
      description: 'The revision of the stream after the command; `none` of a stream without events.',
      examples: [3],
    }),
    position: terms.position
      .regex(/^[0-9]+$/)
      .describe('The position of the effect; a query that sends it in `Attain-Position` sees the effect.'),
  })
  .meta({ id: 'Effect', description: 'The position in the event log of a command’s effect.' });
export type Effect = z.infer<typeof Effect>;
