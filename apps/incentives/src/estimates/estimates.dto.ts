import { IsDay, IsId, IsPeriodName, IsTextMap } from '@attain/service';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, ValidateNested } from 'class-validator';

/** A deal that is supposed to be won. */
export class SupposedDeal {
  @ApiPropertyOptional({
    description: 'The source of a recorded deal; absent: nobody has recorded it.',
    example: 'crm',
  })
  @IsOptional()
  @IsId()
  source?: string;

  @ApiPropertyOptional({ description: 'The recorded deal.', example: 'D1' })
  @IsOptional()
  @IsId()
  id?: string;

  @ApiProperty({ description: 'The day on which it is won.', example: '2017-10-20' })
  @IsDay()
  closed!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    description:
      'Fields that change with it, as when it is won; null clears. A deal that nobody has recorded belongs to the participant unless `owner` names somebody else.',
    example: { amount: '54000' },
  })
  @IsOptional()
  @IsTextMap({ nulls: true })
  fields?: Record<string, string | null>;
}

export class AskEstimate {
  @ApiProperty({ example: 'ann' })
  @IsId()
  participant!: string;

  @ApiProperty({ description: 'An open pay period.', example: '2017-10' })
  @IsPeriodName()
  period!: string;

  @ApiProperty({ type: [SupposedDeal] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SupposedDeal)
  deals!: SupposedDeal[];
}
