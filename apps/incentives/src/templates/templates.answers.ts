import { z } from 'zod';
import { terms } from '@attain/service';

export const PlanTemplate = z
  .object({
    name: z.string().meta({ description: 'The name of the template.', examples: ['saas-account-executive'] }),
    useFor: terms.detail.describe('When to use the plan.'),
    document: z.record(z.string(), z.unknown()).describe('The plan as POST /v1/plans takes it.'),
    text: z.string().describe('The same as YAML, with the comments of the template.'),
    roles: z.array(z.string()).describe('The roles that the plan pays.').readonly(),
    measures: z.record(z.string(), z.unknown()).describe('What the plan needs of `measures` in company.yaml.'),
    fields: z.record(z.string(), z.string()).describe('What the plan needs of `fields` in company.yaml.'),
    tables: z
      .array(
        z.object({ table: terms.name, columns: z.array(z.string()).readonly(), rows: z.array(z.array(z.string())) }),
      )
      .readonly(),
    records: z.array(z.string()).describe('Exports that the plan needs beside the deals.').readonly(),
  })
  .meta({ id: 'PlanTemplate', description: 'A typical plan that comes with the product.' });
export type PlanTemplate = z.infer<typeof PlanTemplate>;
