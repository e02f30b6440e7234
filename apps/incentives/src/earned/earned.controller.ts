import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  IsId,
  Permit,
  Reads,
  Refuses,
  Scopes,
  Who,
} from '@attain/service';
import { IsOptional } from 'class-validator';
import { EarnedQueries } from './earned.queries.js';
import { EarnedAnswer } from './earned.answers.js';

export class EarnedQuestion extends AsOf {
  @ApiPropertyOptional({ description: 'One plan only.' })
  @IsOptional()
  @IsId()
  plan?: string;

  @ApiPropertyOptional({ description: 'One component only.' })
  @IsOptional()
  @IsId()
  component?: string;
}

@ApiTags('statements')
@Controller('earned')
export class EarnedController {
  constructor(
    @Inject(EarnedQueries) private readonly queries: EarnedQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get(':period/:participant')
  @Answers(EarnedAnswer, { list: 'lines' })
  @Permit('statements:read')
  @Reads('history')
  @Refuses('PERIOD_UNKNOWN', 'CURRENCIES_DIFFER')
  @ApiOperation({
    operationId: 'getEarned',
    summary: 'Earned amounts of a period as of any cut, by line and by record',
  })
  earned(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Query() { asOf, effective, plan, component }: EarnedQuestion,
  ): Promise<EarnedAnswer> {
    const cut = cutOf({ asOf, effective }, this.history.company().timeZone);
    return this.queries.earned(
      this.scopes.scopeOf(caller),
      { participant, period, ...(plan !== undefined && { plan }), ...(component !== undefined && { component }) },
      cut,
    );
  }
}
