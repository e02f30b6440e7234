import { z } from 'zod';
import { FieldError } from '../answers/problem.answers.js';
import { terms } from '../answers/terms.js';

export const JobView = z
  .object({
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    kind: z.string().meta({ description: 'The kind.', examples: ['import'] }),
    title: z.string().meta({ description: 'A title for people.', examples: ['Import deals.csv'] }),
    actor: terms.actor,
    state: z.enum(['running', 'finished', 'failed', 'cancelled']),
    done: z.int(),
    total: z.int(),
    percent: z.int().describe('0 to 100; null before the total is known.').nullable(),
    secondsLeft: z.number().describe('At the speed so far; null while it cannot be estimated.').nullable(),
    doing: z.string().describe('The running part of the work, if it has parts.').nullable(),
    started: terms.moment,
    ended: terms.moment.nullable(),
    result: z.unknown(),
    problem: z
      .object({
        code: terms.code,
        detail: terms.detail,
        errors: z.array(FieldError).readonly().optional(),
      })
      .nullable(),
  })
  .meta({ id: 'Job', description: 'A job: long work that is followed in percent.' });
export type JobView = z.infer<typeof JobView>;

/** The body of a stream is no object that a method returns. */
export const JobEvents = z.any().meta({
  type: 'string',
  description: 'Server-sent events: the event is the state of the job, its data the job as JSON.',
  examples: ['event: running\ndata: {}\n\n'],
});
