import { IsId, IsPeriodName } from '@attain/service';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class DecideLateChange {
  @ApiProperty({
    description: 'Why; it stays with the event.',
    example: 'the customer cancelled in time, and support forgot to say so',
  })
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
