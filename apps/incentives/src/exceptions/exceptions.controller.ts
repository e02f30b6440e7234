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
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { ExceptionQueries } from './exception.queries.js';
import { AcceptedException, Exceptions } from './exceptions.answers.js';

@ApiTags('statements')
@Controller('exceptions')
export class ExceptionsController {
  constructor(
    @Inject(ExceptionQueries) private readonly queries: ExceptionQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(Exceptions)
  @Permit('statements:read')
  @Reads('history')
  @ApiOperation({
    operationId: 'listExceptions',
    summary:
      'Exceptions that keep lines from being paid: RATE_MISSING, NO_QUOTA, NO_RATE, UNDEFINED, LATE_CHANGE_REVIEW',
  })
  list(@Who() caller: Caller, @Query() asOf: AsOf): Promise<Exceptions> {
    return this.queries.list(this.scopes.scopeOf(caller), cutOf(asOf, this.history.company().timeZone));
  }

  @Get('accepted/:period')
  @Answers(rowsOf(AcceptedException))
  @Permit('statements:read')
  @Reads('accepted-exceptions', 'history')
  @ApiOperation({
    operationId: 'listAcceptedExceptions',
    summary: 'The exceptions that a period was closed with: who accepted them, and why',
  })
  async accepted(@Who() caller: Caller, @Param('period') period: string): Promise<{ rows: AcceptedException[] }> {
    return { rows: await this.queries.accepted(this.scopes.scopeOf(caller), period) };
  }
}
