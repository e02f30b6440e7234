import { IsCurrencyCode, IsDay, IsId, Reason } from '@attain/service';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';

export class OnDay {
  @ApiPropertyOptional({ description: 'The day that is asked about; today when absent.', example: '2017-03-31' })
  @IsOptional()
  @IsDay()
  on?: string;
}

export class NameParticipant extends Reason {
  @ApiProperty({ example: 'Ann Miller' })
  @IsId()
  name!: string;
}

export class AssignParticipant extends Reason {
  @ApiProperty({
    description: 'First day; a row with the same one is replaced, the row before ends the day before.',
    example: '2025-03-01',
  })
  @IsDay()
  from!: string;

  @ApiPropertyOptional({ description: 'Last day; open when absent.', example: '2025-12-31' })
  @IsOptional()
  @IsDay()
  to?: string;

  @ApiPropertyOptional({ example: 'Account Executive' })
  @IsOptional()
  @IsId()
  role?: string;

  @ApiPropertyOptional({ description: 'Id of the manager.', example: 'mo' })
  @IsOptional()
  @IsId()
  manager?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  team?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  region?: string;

  @ApiPropertyOptional({ description: 'ISO 4217 code of the currency of pay.', example: 'USD' })
  @IsOptional()
  @IsCurrencyCode()
  currency?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The company’s own text columns.',
  })
  @IsOptional()
  @IsObject()
  fields?: Record<string, string>;
}

export class RetractAssignment extends Reason {
  @ApiProperty({ description: 'First day of the row that was never true.', example: '2025-03-01' })
  @IsDay()
  from!: string;
}
