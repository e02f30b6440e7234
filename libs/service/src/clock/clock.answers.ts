import { z } from 'zod';
import { terms } from '../answers/terms.js';

export const ClockState = z
  .object({
    now: z.string().meta({ description: 'The time of the server’s clock.', examples: ['2025-01-31T09:30:00.000Z'] }),
    second: z.string().describe('By the file system and the time since the machine was started.').nullable(),
    recorded: terms.moment
      .describe('The latest instant that the log has since the clock was last accepted; null in an empty log.')
      .nullable(),
    distrusted: z.string().describe('The reason that nothing is recorded; null while the clock is trusted.').nullable(),
  })
  .meta({ id: 'Clock', description: 'The times of the clock and of the log.' });
export type ClockState = z.infer<typeof ClockState>;
