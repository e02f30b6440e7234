import { z } from 'zod';
import { terms } from './terms.js';

export const Alarm = z
  .object({
    code: z.enum(['CLOCK', 'ANCHOR', 'STORE_FULL']),
    message: terms.detail,
  })
  .meta({ id: 'Alarm', description: 'What a person must act on while reads go on.' });
export type Alarm = z.infer<typeof Alarm>;
