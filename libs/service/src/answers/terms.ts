import { z } from 'zod';

const text = (id: string, description: string, example: string) =>
  z.string().meta({ id, description, examples: [example] });

/**
 * Values that many answers contain, each described once; `.describe` replaces the description for a narrower meaning.
 */
export const terms = {
  participant: text('ParticipantId', 'The id of a participant.', 'ann'),
  person: text('PersonName', 'The name of a person.', 'Ann Ames'),
  holder: text('HolderId', 'A participant, a team, a region or `company`.', 'ann'),
  period: text('PeriodName', 'A period of the company’s calendar.', '2025-01'),
  day: z.iso.date().meta({ id: 'Day', description: 'A day.', examples: ['2025-01-31'] }),
  instant: z.iso
    .datetime({ offset: true })
    .meta({ id: 'Instant', description: 'An instant.', examples: ['2025-01-31T09:30:00.000Z'] }),
  moment: z
    .string()
    .meta({ id: 'DayOrInstant', description: 'A day or an instant.', format: 'moment', examples: ['2025-01-31'] }),
  amount: z
    .string()
    .meta({ id: 'ExactDecimal', description: 'An exact decimal.', format: 'decimal', examples: ['1250.50'] }),
  share: z.string().meta({
    id: 'ShareOfWhole',
    description: 'A share of the whole, an exact decimal.',
    format: 'decimal',
    examples: ['0.85'],
  }),
  percent: text('PercentText', 'A share in percent.', '85%'),
  currency: text('CurrencyCode', 'The currency of the amount, or its unit, such as points.', 'USD'),
  source: text('SourceName', 'The system from which the record comes.', 'crm'),
  record: text('RecordId', 'The id of the record in its source.', 'D1'),
  plan: text('PlanName', 'The name of a plan.', 'Account Executive'),
  version: text('PlanVersionName', 'The version of the plan.', '1'),
  component: text('ComponentName', 'A component of the plan.', 'Commission'),
  measure: text('MeasureName', 'A measure of the company.', 'revenue'),
  team: text('TeamName', 'The name of a team.', 'West'),
  region: text('RegionName', 'The name of a region.', 'Europe'),
  stage: text('StageName', 'The stage of a deal.', 'Engaging'),
  position: text('LogPosition', 'The position of an event in the log.', '1042'),
  event: text('EventId', 'The id of an event.', '01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'),
  actor: text('ActorName', 'Who did it.', 'user:fay'),
  reason: text('ReasonText', 'Why, as the person stated it.', 'moved to the West team'),
  hash: text(
    'Sha256',
    'A SHA-256 in hexadecimal digits.',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ),
  code: text('CodeText', 'The kind, for programs.', 'NO_QUOTA'),
  detail: text('Sentence', 'A sentence for people.', 'There is no quota of revenue for ann in 2025-01.'),
  file: text('FileName', 'A file of the import.', 'exports/deals.csv'),
  name: text('NameText', 'A name.', 'West'),
  text: text('PlainText', 'A text.', 'text'),
};

/** A list as every operation answers it. */
export function rowsOf<Row extends z.ZodType>(row: Row): z.ZodObject<{ rows: z.ZodArray<Row> }> {
  return z.object({ rows: z.array(row).describe('The rows, in the order that the operation states.') });
}

/** A record of a source. */
export const RecordRef = z
  .object({ source: terms.source, id: terms.record })
  .meta({ id: 'RecordRef', description: 'A record of a source.' });
