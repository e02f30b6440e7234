import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AsOf, type Caller, cutOf, type FedHistory, HISTORY, Permit, Reads, Scopes, Who } from '@attain/service';
import type { AcceptedException } from './accepted-exceptions.projection.js';
import { ExceptionQueries, type Exceptions } from './exception.queries.js';

@ApiTags('statements')
@Controller('exceptions')
export class ExceptionsController {
  constructor(
    @Inject(ExceptionQueries) private readonly queries: ExceptionQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Permit('statements:read')
  @Reads('history')
  @ApiOperation({ summary: 'What keeps lines from being paid: RATE_MISSING, NO_QUOTA, NO_RATE, UNDEFINED, LATE_CHANGE_REVIEW' })
  list(@Who() caller: Caller, @Query() asOf: AsOf): Promise<Exceptions> {
    return this.queries.list(this.scopes.scopeOf(caller), cutOf(asOf, this.history.company().timeZone));
  }

  @Get('accepted/:period')
  @Permit('statements:read')
  @Reads('accepted-exceptions', 'history')
  @ApiOperation({ summary: 'The exceptions that a period was closed with: who accepted them, and why' })
  async accepted(@Who() caller: Caller, @Param('period') period: string): Promise<{ rows: AcceptedException[] }> {
    return { rows: await this.queries.accepted(this.scopes.scopeOf(caller), period) };
  }
}
