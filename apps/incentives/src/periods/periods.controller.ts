import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import { type Caller, Command, Jobs, type JobView, Permit, Reads, Told, Who } from '@attain/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Closed, PeriodCommands } from './period.commands.js';
import { PeriodQueries, type PeriodState } from './period.queries.js';

export class CloseBody {
  @ApiPropertyOptional({ description: 'Why it is closed.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  reason?: string;
}

@ApiTags('periods')
@Controller('periods')
export class PeriodsController {
  constructor(
    @Inject(PeriodCommands) private readonly commands: PeriodCommands,
    @Inject(PeriodQueries) private readonly queries: PeriodQueries,
    @Inject(Jobs) private readonly jobs: Jobs,
  ) {}

  @Get()
  @Permit('periods:read')
  @Reads('closed-periods', 'plan-versions', 'history')
  @ApiOperation({ summary: 'Pay periods in the order of closing, with the cut of the closed ones' })
  async list(): Promise<{ rows: PeriodState[] }> {
    return { rows: await this.queries.list() };
  }

  @Post(':period/close')
  @Permit('periods:close')
  @Command()
  @ApiOperation({ summary: 'Close it and every earlier one; answers when the statements stand: refused PERIOD_CLOSED, PERIOD_UNKNOWN or PERIOD_NOT_OVER' })
  close(@Param('period') period: string, @Body() { reason }: CloseBody, @Told() told: Context): Promise<Closed> {
    return this.commands.close(period, { ...told, ...(reason && { reason }) });
  }

  @Post(':period/close/start')
  @HttpCode(202)
  @Permit('periods:close')
  @ApiOperation({ summary: 'The same as a job with progress; answers at once' })
  @ApiAcceptedResponse({ description: 'Where the job is followed: GET /jobs/:id.' })
  start(@Param('period') period: string, @Body() { reason }: CloseBody, @Told() told: Context, @Who() { actor }: Caller): JobView {
    return this.jobs.start({ kind: 'close', title: `Close ${period}`, actor }, async ({ progress }) => {
      const { closed, statements, position } = await this.commands.close(period, { ...told, ...(reason && { reason }) }, progress);
      return { closed, statements, position };
    });
  }
}
