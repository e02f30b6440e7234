import { terms } from '@attain/service';
import { z } from 'zod';

export const Source = z
  .object({
    report: z.string().meta({ description: 'The report.', examples: ['sales'] }),
    parameters: z.record(z.string(), z.string()),
    position: terms.position.describe('Every event up to here is in the answer, none after it.'),
    rows: z.int(),
    totalOf: z.string().describe('The column that `controlTotal` sums, for each currency or measure apart.'),
    controlTotal: z.record(z.string(), z.string()),
    warnings: z
      .int()
      .describe('The number of warnings (`/v1/warnings`) under the cut, for callers who see everybody.')
      .optional(),
  })
  .meta({
    id: 'ReportSource',
    description: 'Where an answer comes from: asked again at this position with these parameters, it is the same.',
  });
export type Source = z.infer<typeof Source>;
