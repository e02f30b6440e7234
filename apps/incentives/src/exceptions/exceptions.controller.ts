import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PayException } from '@attain/contracts';
import type { Clock } from '@attain/eventsourcing';
import { AsOf, type Caller, CLOCK, cutOf, type FedHistory, HISTORY, Permit, Reads, Scopes, Who } from '@attain/service';
import { dateOf } from '@attain/values';
import { ExceptionQueries } from './exception.queries.js';

@ApiTags('statements')
@Controller('exceptions')
export class ExceptionsController {
  constructor(
    @Inject(ExceptionQueries) private readonly queries: ExceptionQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Permit('statements:read')
  @Reads('history')
  @ApiOperation({ summary: 'What keeps lines from being paid: RATE_MISSING, NO_QUOTA, NO_RATE, UNDEFINED' })
  async list(@Who() caller: Caller, @Query() asOf: AsOf): Promise<{ rows: PayException[] }> {
    const { timeZone } = this.history.company();
    const cut = cutOf(asOf, timeZone);
    const scope = this.scopes.scopeOf(caller, cut.effective ?? dateOf(cut.known ?? this.clock(), timeZone));
    return { rows: await this.queries.list(scope, cut) };
  }
}
