import { z } from 'zod';
import { terms } from './terms.js';

/** One error in a request, with its place: a path such as `components.0.tiers.1.from`. */
export const FieldError = z
  .object({
    field: z
      .string()
      .meta({ description: 'The parameter or the path in the body.', examples: ['components.0.tiers.1.from'] }),
    message: z.string().meta({ description: 'What is wrong there.', examples: ['expected a day as 2025-01-31'] }),
    code: terms.code.optional(),
  })
  .meta({ id: 'FieldError', description: 'One thing that is wrong with a request.' });
export type FieldError = z.infer<typeof FieldError>;

/**
 * RFC 9457. `code` names the kind of problem for programs; `type` stays about:blank, so `title` is the title of the
 * status.
 */
export const Problem = z
  .object({
    type: z.literal('about:blank').describe('`code` names the kind.'),
    title: z.string().meta({ description: 'The name of the status.', examples: ['Unprocessable Entity'] }),
    status: z.int().meta({ description: 'The status of the answer.', examples: [422] }),
    code: z.string().meta({ description: 'The kind of the problem, for programs.', examples: ['MALFORMED'] }),
    detail: z.string().meta({ description: 'A sentence for people.', examples: ['The request is malformed.'] }),
    correlation: z.string().meta({
      description: 'Finds the request in the log of the server.',
      examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'],
    }),
    errors: z.array(FieldError).optional().describe('What is wrong with which part of the request.'),
    about: z.record(z.string(), z.unknown()).optional().describe('What the refusal is about, by name.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was not answered, as RFC 9457 describes it.' });
export type Problem = z.infer<typeof Problem>;
