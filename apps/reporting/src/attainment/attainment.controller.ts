import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  type Grouping,
  groupings,
  HISTORY,
  IsId,
  IsPeriodName,
  Permit,
  Reads,
  Scopes,
  Who,
} from '@attain/service';
import { IsIn, IsOptional } from 'class-validator';
import { AttainmentQueries } from './attainment.queries.js';
import { AttainmentReport } from './attainment.answers.js';

export class AttainmentQuestion extends AsOf {
  @ApiProperty({ example: '2017-Q1' })
  @IsPeriodName()
  period!: string;

  @ApiPropertyOptional({ description: 'Default: each for which there is a quota.', example: 'revenue' })
  @IsOptional()
  @IsId()
  measure?: string;

  @ApiPropertyOptional({ enum: groupings, default: 'participant' })
  @IsOptional()
  @IsIn(groupings)
  by?: Grouping;

  @ApiPropertyOptional({ description: 'One participant, team or region only.' })
  @IsOptional()
  @IsId()
  for?: string;
}

@ApiTags('attainment')
@Controller('attainment')
export class AttainmentController {
  constructor(
    @Inject(AttainmentQueries) private readonly queries: AttainmentQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(AttainmentReport)
  @Permit('attainment:read')
  @Reads('history')
  @ApiOperation({
    operationId: 'getAttainment',
    summary: 'Quota, credit, attainment and pace of a period, as known and true at any date',
  })
  report(
    @Who() caller: Caller,
    @Query() { asOf, effective, by = 'participant', ...asked }: AttainmentQuestion,
  ): Promise<AttainmentReport> {
    const cut = cutOf({ asOf, effective }, this.history.company().timeZone);
    return this.queries.report(this.scopes.scopeOf(caller), { ...asked, by }, cut);
  }
}
