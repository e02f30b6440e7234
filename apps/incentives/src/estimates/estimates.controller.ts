import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, type Caller, Permit, Reads, Refuses, Scopes, Who } from '@attain/service';
import { EstimateQueries } from './estimate.queries.js';
import { Estimate } from './estimates.answers.js';
import { AskEstimate } from './estimates.dto.js';

@ApiTags('statements')
@Controller('estimates')
export class EstimatesController {
  constructor(
    @Inject(EstimateQueries) private readonly queries: EstimateQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Post()
  @HttpCode(200)
  @Answers(Estimate)
  @Permit('statements:read')
  @Reads('history')
  @Refuses('PERIOD_UNKNOWN', 'PERIOD_CLOSED', 'CURRENCIES_DIFFER')
  @ApiOperation({
    operationId: 'estimatePay',
    summary: 'Estimate the pay of an open period if deals were won; nothing is recorded',
  })
  estimate(@Who() caller: Caller, @Body() asked: AskEstimate): Promise<Estimate> {
    return this.queries.estimate(this.scopes.scopeOf(caller), asked);
  }
}
