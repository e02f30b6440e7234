import { MustStateReason, IsId, IsPeriodName } from '@attain/service';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';

export class DecideLateChange {
  @MustStateReason('Why; it stays with the event.', 'the customer cancelled in time, and support recorded it late')
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
