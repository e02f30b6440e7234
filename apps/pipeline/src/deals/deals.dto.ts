import { IsAmount, IsDay, IsId, IsTextMap, Reason } from '@attain/service';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { DealFields } from '@attain/contracts';
import type { ReversalKind } from './reversals.rules.js';

const textMap = { type: 'object', additionalProperties: { type: 'string' } } as const;
const nullableTextMap = { type: 'object', additionalProperties: { type: 'string', nullable: true } } as const;

export class OpenDeal extends Reason {
  @ApiProperty({
    ...textMap,
    description: 'Fields by name, every value its text.',
    example: { owner: 'ann', amount: '1054.50', stage: 'Engaging' },
  })
  @IsTextMap()
  fields!: DealFields;
}

export class ChangeDeal extends Reason {
  @ApiProperty({
    ...nullableTextMap,
    description: 'Fields that change; null clears.',
    example: { amount: '1200', stage: 'Engaging' },
  })
  @IsTextMap({ nulls: true })
  fields!: Record<string, string | null>;
}

export class WinDeal extends Reason {
  @ApiProperty({ example: '2017-03-01' })
  @IsDay()
  closed!: string;

  @ApiPropertyOptional({ ...nullableTextMap, description: 'Fields that change with it.' })
  @IsOptional()
  @IsTextMap({ nulls: true })
  fields?: Record<string, string | null>;
}

export class LoseDeal extends Reason {
  @ApiPropertyOptional({ example: '2017-03-01' })
  @IsOptional()
  @IsDay()
  closed?: string;

  @ApiPropertyOptional({ ...nullableTextMap, description: 'Fields that change with it.' })
  @IsOptional()
  @IsTextMap({ nulls: true })
  fields?: Record<string, string | null>;
}

export class SplitDeal extends Reason {
  @ApiProperty({
    ...textMap,
    description: 'Participant → share; they sum to exactly 100 %, or there are none.',
    example: { ann: '70%', bob: '30%' },
  })
  @IsTextMap({ longest: 30 })
  revenue!: Record<string, string>;

  @ApiPropertyOptional({ ...textMap, description: 'Participant → share on top.', example: { eve: '25%' } })
  @IsOptional()
  @IsTextMap({ longest: 30 })
  overlay?: Record<string, string>;
}

export class ReverseDeal extends Reason {
  @ApiProperty({ enum: ['cancelled', 'refunded', 'churned', 'credited'] })
  @IsIn(['cancelled', 'refunded', 'churned', 'credited'])
  kind!: ReversalKind;

  @ApiProperty({ example: '2025-04-11' })
  @IsDay()
  date!: string;

  @ApiPropertyOptional({ description: 'Part of the deal’s amount; without it all that is left.', example: '500.00' })
  @IsOptional()
  @IsAmount()
  amount?: string;

  @ApiPropertyOptional({ description: 'Names the reversal within the deal.', example: 'CN-17' })
  @IsOptional()
  @IsId()
  reversal?: string;
}

export class RetractReversal extends Reason {
  @ApiProperty({ example: 'CN-17' })
  @IsId()
  reversal!: string;
}

export class StageList {
  @ApiPropertyOptional({
    description:
      'Only deals of the caller and of those who are below on this day; it shows nothing that the date of a deal hides.',
    example: '2017-03-31',
  })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  owner?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  product?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  region?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  source?: string;
}

export class DealList {
  @ApiPropertyOptional({
    description:
      'Only deals of the caller and of those who are below on this day; it shows nothing that the date of a deal hides.',
    example: '2017-03-31',
  })
  @IsOptional()
  @IsDay()
  on?: string;
}
