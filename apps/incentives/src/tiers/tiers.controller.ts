import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  Permit,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { TierQueries } from './tier.queries.js';
import { TierLadder } from './tiers.answers.js';

@ApiTags('statements')
@Controller('tiers')
export class TiersController {
  constructor(
    @Inject(TierQueries) private readonly queries: TierQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get(':period/:participant')
  @Answers(rowsOf(TierLadder))
  @Permit('statements:read')
  @Reads('history')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'listTiers',
    summary:
      'The tiers of each component on the last day of a period: the rate now, the next tier and what is left to it',
  })
  tiers(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Query() asOf: AsOf,
  ): { rows: TierLadder[] } {
    const cut = cutOf(asOf, this.history.company().timeZone);
    return { rows: this.queries.ladders(this.scopes.scopeOf(caller), participant, period, cut) };
  }
}
