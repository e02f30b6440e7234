import { IsDay } from '@attain/service';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PlanDocumentBody } from '../plans/plan-body.js';

const AMOUNT = /^\d{1,15}(\.\d{1,6})?$/;

export class AskCurve extends PlanDocumentBody {
  @ApiPropertyOptional({
    description: 'The component whose measure moves along the curve; by default the first with tiers or a curve.',
    example: 'Commission',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  component?: string;

  @ApiPropertyOptional({
    description: 'The quota of the window; by default that of the first example. A counted measure has at most 100.',
    example: '100000',
  })
  @IsOptional()
  @Matches(AMOUNT, { message: 'expected a plain decimal such as 100000' })
  quota?: string;

  @ApiPropertyOptional({
    description: 'The assigned target pay, if a component pays a share of it; by default that of the first example.',
    example: '10000',
  })
  @IsOptional()
  @Matches(AMOUNT, { message: 'expected a plain decimal such as 10000' })
  target?: string;
}

export class AskCost extends PlanDocumentBody {
  @ApiPropertyOptional({
    description:
      'The first day on which the draft holds instead of its own, so that it can be tried on the past; by default the first day of the latest four quarters.',
    example: '2017-01-01',
  })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({
    description: 'The last day; pay periods that end later are left out. By default the end of the latest paid period.',
    example: '2017-12-31',
  })
  @IsOptional()
  @IsDay()
  to?: string;
}
