import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  checkNear,
  Command,
  CommandContext,
  type FedHistory,
  HISTORY,
  IsAmount,
  IsCurrencyCode,
  IsDay,
  IsId,
  IsPeriodName,
  Names,
  Permit,
  Reads,
  Reason,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';
import { requireReport } from '../participants/require-report.js';
import { QuotaCommands } from './quota.commands.js';
import { QuotaQueries } from './quota.queries.js';
import { QuotaDocument } from './quotas.answers.js';

export class QuotaPlace extends Reason {
  @ApiProperty({ description: 'A participant, a team, a region or `company`.', example: 'ann' })
  @IsId()
  for!: string;

  @ApiProperty({ example: 'revenue' })
  @IsId()
  measure!: string;

  @ApiProperty({ example: '2025-Q1' })
  @IsPeriodName()
  period!: string;

  @ApiPropertyOptional({
    description: 'The date that the change speaks of; the period’s first day when absent.',
    example: '2025-01-01',
  })
  @IsOptional()
  @IsDay()
  effective?: string;
}
export class AssignQuota extends QuotaPlace {
  @ApiProperty({ example: '100000' })
  @IsAmount({ least: 0, example: '100000' })
  amount!: string;

  @ApiPropertyOptional({ description: 'Incentive at 100 %.', example: '9000' })
  @IsOptional()
  @IsAmount({ least: 0, example: '100000' })
  target?: string;

  @ApiPropertyOptional({ description: 'What attains it; sales when absent.', example: ['reports'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @MaxLength(400, { each: true })
  credit?: string[];

  @ApiPropertyOptional({ example: 'USD' })
  @IsOptional()
  @IsCurrencyCode()
  currency?: string;
}
export class QuotaList {
  @ApiPropertyOptional({
    description:
      'Only quotas of the caller and of those who are below on this day; it shows nothing that the period of a quota hides.',
    example: '2017-03-31',
  })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  for?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  measure?: string;

  @ApiPropertyOptional({ example: '2017-Q1' })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

@ApiTags('quotas')
@Controller('quotas')
export class QuotasController {
  constructor(
    @Inject(QuotaCommands) private readonly quotas: QuotaCommands,
    @Inject(QuotaQueries) private readonly queries: QuotaQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(rowsOf(QuotaDocument))
  @Permit('quotas:read')
  @Reads('quotas', 'participants')
  @ApiOperation({
    operationId: 'listQuotas',
    summary: 'Quotas in force: the caller’s own, and those of everybody below during the quota’s period',
  })
  async list(@Who() caller: Caller, @Query() { on, ...asked }: QuotaList): Promise<{ rows: QuotaDocument[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), asked, on) };
  }

  @Post('assign')
  @Permit('quotas:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'UNKNOWN_PERIOD', 'UNKNOWN_MEASURE', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'assignQuota',
    summary: 'Assign or change a quota',
  })
  async assign(
    @Who() caller: Caller,
    @Body() { reason, effective, ...quota }: AssignQuota,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, quota, effective);
    await this.names.requireHolder(quota.for, 'for', this.scopes.scopeOf(caller));
    checkNear(this.history, quota.period);
    return this.quotas.assign(quota, effectiveOn(because(context, reason), effective));
  }

  @Post('withdraw')
  @Permit('quotas:write')
  @Command()
  @Refuses('QUOTA_UNKNOWN', 'UNKNOWN_PERIOD', 'OWN_PAY')
  @ApiOperation({ operationId: 'withdrawQuota', summary: 'Withdraw a quota' })
  async withdraw(
    @Who() caller: Caller,
    @Body() { reason, effective, ...which }: QuotaPlace,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, which, effective);
    return this.quotas.withdraw(which, effectiveOn(because(context, reason), effective));
  }

  /** The day on which a quota becomes effective counts like the days of its period. */
  private async mayWrite(
    caller: Caller,
    { for: whose, period }: QuotaPlace,
    effective: string | undefined,
  ): Promise<void> {
    const scope = this.scopes.scopeOf(caller);
    await requireReport(scope, whose, () => this.quotas.daysOf(period));
    if (effective !== undefined && !scope.everyone) scope.require(whose, effective);
  }
}

function effectiveOn(context: Context, effective: string | undefined): Context {
  return effective === undefined ? context : { ...context, effective };
}
