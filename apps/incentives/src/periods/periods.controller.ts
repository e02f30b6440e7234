import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import { type Caller, checkNear, Command, type FedHistory, HISTORY, Jobs, type JobView, Permit, Reads, Scopes, Told, Who } from '@attain/service';
import { ClosingQueries, type WouldClose } from './closing.queries.js';
import { CloseBody, CloseQuestion } from './periods.dto.js';
import { type Closed, PeriodCommands } from './period.commands.js';
import { PeriodQueries, type PeriodState } from './period.queries.js';

@ApiTags('periods')
@Controller('periods')
export class PeriodsController {
  constructor(
    @Inject(PeriodCommands) private readonly commands: PeriodCommands,
    @Inject(PeriodQueries) private readonly queries: PeriodQueries,
    @Inject(ClosingQueries) private readonly closing: ClosingQueries,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Permit('periods:read')
  @Reads('closed-periods', 'plan-versions', 'history')
  @ApiOperation({ summary: 'Pay periods in the order of closing, with the cut of the closed ones' })
  async list(@Who() caller: Caller): Promise<{ rows: PeriodState[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller)) };
  }

  @Post(':period/close')
  @Permit('periods:close')
  @Command()
  @ApiOperation({
    summary: 'Close it and every earlier one, or with `dryRun=true` list what would close',
    description:
      'Answers when the statements stand. Refused PERIOD_CLOSED, PERIOD_UNKNOWN and PERIOD_NOT_OVER; CLOSES_MORE unless `closes` names all ' +
      'periods that would close; OPEN_EXCEPTIONS unless `accept` takes them over with a reason.',
  })
  close(@Param('period') period: string, @Query() { dryRun }: CloseQuestion, @Body() { reason, ...controls }: CloseBody, @Told() told: Context): Promise<Closed | WouldClose> {
    checkNear(this.history, period);
    if (dryRun === 'true' || dryRun === 'yes') return this.closing.wouldClose(period);
    return this.commands.close(period, { ...told, ...(reason && { reason }) }, { controls });
  }

  @Post(':period/close/start')
  @HttpCode(202)
  @Permit('periods:close')
  @ApiOperation({ summary: 'The same as a job with progress; answers at once' })
  @ApiAcceptedResponse({ description: 'Where the job is followed: GET /jobs/:id.' })
  start(@Param('period') period: string, @Body() { reason, ...controls }: CloseBody, @Told() told: Context, @Who() { actor }: Caller): JobView {
    checkNear(this.history, period);
    return this.jobs.start({ kind: 'close', title: `Close ${period}`, actor }, async ({ progress }) => {
      const { closed, statements, position } = await this.commands.close(period, { ...told, ...(reason && { reason }) }, { controls, progress });
      return { closed, statements, position };
    });
  }
}
