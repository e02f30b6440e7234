import { terms } from '@attain/service';
import { z } from 'zod';

export const CalendarPeriod = z
  .object({
    state: z.enum(['open', 'closed']),
    known: terms.moment
      .describe('The instant up to which the closed period’s statements know; null while it is open.')
      .nullable(),
    name: terms.name,
    kind: z.enum(['month', 'quarter', 'half', 'year']),
    from: terms.day,
    to: terms.day,
  })
  .meta({ id: 'CalendarPeriod', description: 'A period of the calendar, open or closed.' });
export type CalendarPeriod = z.infer<typeof CalendarPeriod>;
