import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  checkNear,
  Command,
  CommandContext,
  type FedHistory,
  HISTORY,
  Jobs,
  JobView,
  Permit,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { ClosingQueries } from './closing.queries.js';
import { CloseBody, CloseQuestion } from './periods.dto.js';
import { PeriodCommands } from './period.commands.js';
import { PeriodQueries } from './period.queries.js';
import { z } from 'zod';
import { Closed, PeriodState, WouldClose } from './periods.answers.js';

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
  @Answers(rowsOf(PeriodState))
  @Permit('periods:read')
  @Reads('closed-periods', 'plan-versions', 'history')
  @ApiOperation({
    operationId: 'listPeriods',
    summary: 'Pay periods in the order of closing, with the cut of the closed ones',
  })
  async list(@Who() caller: Caller): Promise<{ rows: PeriodState[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller)) };
  }

  @Post(':period/close')
  @Answers(z.union([Closed, WouldClose]))
  @Permit('periods:close')
  @Command()
  @Refuses('PERIOD_UNKNOWN', 'PERIOD_CLOSED', 'PERIOD_NOT_OVER', 'CLOSES_MORE', 'OPEN_EXCEPTIONS', 'STATEMENT_FROZEN')
  @ApiOperation({
    operationId: 'closePeriod',
    summary: 'Close the period and every earlier open period; with `dryRun=true` only list them',
    description:
      'Answers when the statements are issued. Refused PERIOD_CLOSED, PERIOD_UNKNOWN and PERIOD_NOT_OVER; CLOSES_MORE unless `closes` names all ' +
      'periods that would close; OPEN_EXCEPTIONS unless `accept` takes them over with a reason.',
  })
  close(
    @Param('period') period: string,
    @Query() { dryRun }: CloseQuestion,
    @Body() { reason, ...controls }: CloseBody,
    @CommandContext() context: Context,
  ): Promise<Closed | WouldClose> {
    checkNear(this.history, period);
    if (dryRun === 'true' || dryRun === 'yes') return this.closing.wouldClose(period);
    return this.commands.close(period, because(context, reason), { controls });
  }

  @Post(':period/close/start')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('periods:close')
  @Refuses('PERIOD_UNKNOWN', 'PERIOD_CLOSED', 'PERIOD_NOT_OVER', 'CLOSES_MORE', 'OPEN_EXCEPTIONS', 'JOBS_BUSY')
  @ApiOperation({ operationId: 'startClose', summary: 'Start to close as a job with progress, and answer at once' })
  start(
    @Param('period') period: string,
    @Body() { reason, ...controls }: CloseBody,
    @CommandContext() context: Context,
    @Who() { actor }: Caller,
  ): JobView {
    checkNear(this.history, period);
    return this.jobs.start({ kind: 'close', title: `Close ${period}`, actor }, async ({ progress }) => {
      const { closed, statements, position } = await this.commands.close(period, because(context, reason), {
        controls,
        progress,
      });
      return { closed, statements, position };
    });
  }
}
