import { terms } from '@attain/service';
import { z } from 'zod';

/** The place of a participant in the hierarchy. */
const placement = {
  role: z
    .string()
    .meta({ description: 'A role.', examples: ['Account Executive'] })
    .nullable(),
  manager: terms.participant.nullable(),
  team: terms.team.nullable(),
  region: terms.region.nullable(),
  currency: terms.currency.nullable(),
  fields: z.record(z.string(), z.string()).describe('The company’s own text columns.'),
};

export const ParticipantOn = z
  .object({
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    name: terms.name.nullable(),
    from: terms.day,
    to: terms.moment.nullable(),
    ...placement,
  })
  .meta({ id: 'ParticipantOn', description: 'A person on a day.' });
export type ParticipantOn = z.infer<typeof ParticipantOn>;

export const Branch = z
  .object({
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    name: terms.name.nullable(),
    role: placement.role,
    team: placement.team,
    region: placement.region,
    get reports() {
      return z.array(Branch);
    },
  })
  .meta({ id: 'Branch', description: 'A participant with everybody below.' });
export type Branch = z.infer<typeof Branch>;

export const AssignmentRow = z
  .object({
    from: terms.day,
    to: terms.day.nullable(),
    ...placement,
  })
  .meta({
    id: 'AssignmentRow',
    description:
      'The role, manager, team and region of a person from a day on; `to` null is open. Identified by its `from`.',
  });
export type AssignmentRow = z.infer<typeof AssignmentRow>;

export const ParticipantRows = z
  .object({
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    name: terms.name.nullable(),
    rows: z.array(AssignmentRow),
    withheld: z
      .int()
      .describe('How many rows have days that the caller may not see, and are cut to the others or left out.'),
  })
  .meta({ id: 'ParticipantRows', description: 'Every row that a participant had.' });
export type ParticipantRows = z.infer<typeof ParticipantRows>;
