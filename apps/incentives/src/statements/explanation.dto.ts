import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class StatedInputShown {
  @ApiProperty({ example: 'quota revenue 2025' })
  what!: string;
  @ApiProperty({ example: '300000' })
  value!: string;
  @ApiProperty({ description: 'The event that stated it.' })
  event!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it became known.' })
  recorded!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'user:fay' })
  actor!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why, as far as somebody stated it and the caller may see it.' })
  reason!: string | null;
}
class ChangedShown {
  @ApiProperty({ example: 'quota revenue 2025' })
  what!: string;
  @ApiProperty({ type: String, nullable: true, example: '363000' })
  before!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '300000' })
  after!: string | null;
}
class RankedPlaceShown {
  @ApiProperty({ type: 'integer', description: 'The first place that they take.' })
  place!: number;
  @ApiProperty({ type: 'integer', description: 'The last one; another than the first where they are tied.' })
  last!: number;
  @ApiProperty({ type: [String], example: ['ann'] })
  participants!: string[];
}
export class ExplanationShown {
  @ApiProperty({ description: 'The kind of the line, or what the part is.', example: 'slice' })
  kind!: string;
  @ApiProperty({ example: '4564 × 9% of tier 2, from 100%' })
  sentence!: string;
  @ApiProperty({ description: 'Exact: a decimal, or a fraction where decimals would not end. The parts sum to it.', example: '410.76' })
  amount!: string;
  @ApiProperty({ description: 'The currency, or the unit that is not money.', example: 'USD' })
  currency!: string;
  @ApiPropertyOptional({ description: 'The earliest day that this node itself stands on.', example: '2025-01-19' })
  date?: string;
  @ApiPropertyOptional({ description: 'What the plan says.' })
  rule?: string;
  @ApiPropertyOptional({ type: [StatedInputShown], description: 'What it stands on, with who stated it, when and why.' })
  inputs?: StatedInputShown[];
  @ApiPropertyOptional({ type: [ChangedShown], description: 'Of a difference: what the two sides differ in.' })
  changed?: ChangedShown[];
  @ApiPropertyOptional({ type: [RankedPlaceShown], description: 'Of a contest: who takes which place.' })
  ranking?: RankedPlaceShown[];
  @ApiPropertyOptional({ type: () => [ExplanationShown], description: 'What the amount is computed from: no parts of it, perhaps in another currency.' })
  from?: ExplanationShown[];
  @ApiProperty({ type: () => [ExplanationShown] })
  parts!: ExplanationShown[];
}

class FactShown {
  @ApiProperty()
  event!: string;
  @ApiProperty({ example: 'deal-crm:D1' })
  stream!: string;
  @ApiProperty({ example: '17' })
  position!: string;
  @ApiProperty({ example: 'QuotaChanged' })
  type!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'Null, as is the reason, where it is of days that the caller may not see.' })
  data!: unknown;
  @ApiProperty({ format: 'date-time' })
  recorded!: string;
  @ApiProperty({ example: 'user:fay' })
  actor!: string;
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  @ApiProperty({ type: String, nullable: true })
  effective!: string | null;
}
class TraceInputShown {
  @ApiProperty({ example: 'amount' })
  what!: string;
  @ApiProperty({ example: '1250.50' })
  value!: string;
  @ApiProperty()
  event!: string;
  @ApiProperty({ type: FactShown, nullable: true, description: 'What the event said; null where the log does not have it.' })
  said!: FactShown | null;
}
class ComputedShown {
  @ApiProperty({ type: String, nullable: true, example: '2', description: 'The engine that computed the trace; null: it was stored with the line by an engine that did not name itself.' })
  engine!: string | null;
  @ApiProperty({ format: 'date-time', description: 'What was known by then.' })
  known!: string;
}
class DiffersShown {
  @ApiProperty({ type: [String], example: ['payable'] })
  keys!: string[];
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'The line that today’s engine computes in its place.' })
  computed!: object | null;
}
export class LineExplained {
  @ApiProperty({ example: 'ann' })
  participant!: string;
  @ApiProperty({ example: '2025-01' })
  period!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The line as the statement shows it, with its trace.' })
  line!: object;
  @ApiProperty({ type: ExplanationShown, nullable: true, description: 'Null where it goes back to days that the caller may not see, or where another engine issued another amount.' })
  explanation!: ExplanationShown | null;
  @ApiProperty({ type: ComputedShown, nullable: true, description: 'Null: no trace is shown.' })
  explained!: ComputedShown | null;
  @ApiProperty({ type: DiffersShown, nullable: true, description: 'Why an issued line has no trace.' })
  differs!: DiffersShown | null;
  @ApiProperty({ type: [TraceInputShown] })
  inputs!: TraceInputShown[];
  @ApiProperty({ type: FactShown, nullable: true, description: 'The fact that moved a closed period, where the line is a difference.' })
  cause!: FactShown | null;
  @ApiProperty({ type: String, nullable: true, description: 'When the statement was issued; null: a preview.' })
  issued!: string | null;
}
