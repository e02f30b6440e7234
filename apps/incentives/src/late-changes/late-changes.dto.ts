import { IsId, IsPeriodName } from '@attain/service';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class DecideLateChange {
  @ApiProperty({ description: 'Why; it stays with the event.', example: 'the customer cancelled in time, and support forgot to say so' })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  reason!: string;
}
export class LateChangeList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional({ description: 'The closed period that the changes concern.', example: '2025-01' })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

class RecordShown {
  @ApiProperty({ example: 'crm' })
  source!: string;
  @ApiProperty({ example: 'D1' })
  id!: string;
}
class CauseShown {
  @ApiProperty({ example: 'cancelled' })
  kind!: string;
  @ApiProperty({ description: 'The event of the late fact: it names the change in a decision.' })
  event!: string;
}
class WaitingShown {
  @ApiProperty({ example: 'ann' })
  participant!: string;
  @ApiProperty({ example: 'Account Executive' })
  plan!: string;
  @ApiProperty({ example: 'Commission' })
  component!: string;
  @ApiProperty({ description: 'The closed period that it concerns.', example: '2025-01' })
  for!: string;
  @ApiProperty({ type: RecordShown, nullable: true })
  record!: RecordShown | null;
  @ApiProperty({ description: 'The day from which it is late.', example: '2025-04-10' })
  known!: string;
  @ApiProperty({ type: CauseShown })
  cause!: CauseShown;
  @ApiProperty({ example: '-500.00' })
  earned!: string;
  @ApiProperty({ example: 'USD' })
  earnedCurrency!: string;
  @ApiProperty({ description: 'What it adds to the next statement, once it is approved.', example: '-500.00' })
  payable!: string;
  @ApiProperty({ example: 'USD' })
  payableCurrency!: string;
}
class DecidedShown {
  @ApiProperty()
  event!: string;
  @ApiProperty({ example: 'ann' })
  participant!: string;
  @ApiProperty({ example: '2025-01' })
  period!: string;
  @ApiProperty({ enum: ['approved', 'dismissed'] })
  state!: string;
  @ApiProperty({ format: 'date-time' })
  decided!: string;
  @ApiProperty({ example: 'user:fay' })
  by!: string;
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}
export class LateChangesShown {
  @ApiProperty({ type: [WaitingShown], description: 'What nobody has decided about: it is in no statement.' })
  waiting!: WaitingShown[];
  @ApiProperty({ type: [DecidedShown] })
  decided!: DecidedShown[];
}
