import type { Context, Outcome } from '@attain/eventsourcing';
import { type Caller, Command, IsDay, Names, Permit, Reads, Scopes, Told, Who } from '@attain/service';
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Reason } from '../participants/participants.dto.js';
import { QuotaCommands } from './quota.commands.js';
import type { QuotaDocument } from './quotas.projection.js';
import { QuotasQueries } from './quotas.queries.js';

const DECIMAL = { pattern: /^\d{1,30}(\.\d{1,20})?$/, message: 'expected a plain decimal from 0 on such as 100000' };

export class QuotaPlace extends Reason {
  @ApiProperty({ description: 'A participant, a team, a region or `company`.', example: 'ann' })
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  for!: string;

  @ApiProperty({ example: 'revenue' })
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  measure!: string;

  @ApiProperty({ example: '2025-Q1' })
  @IsString()
  @MinLength(4)
  @MaxLength(12)
  period!: string;

  @ApiPropertyOptional({ description: 'The date that the change speaks of; the period’s first day when absent.', example: '2025-01-01' })
  @IsOptional()
  @IsDay()
  effective?: string;
}
export class AssignQuota extends QuotaPlace {
  @ApiProperty({ example: '100000' })
  @Matches(DECIMAL.pattern, { message: DECIMAL.message })
  amount!: string;

  @ApiPropertyOptional({ description: 'Incentive at 100 %.', example: '9000' })
  @IsOptional()
  @Matches(DECIMAL.pattern, { message: DECIMAL.message })
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
  @Matches(/^[A-Z]{3}$/, { message: 'expected an ISO 4217 code such as USD' })
  currency?: string;
}
export class QuotaList {
  @ApiPropertyOptional({ description: 'Only quotas of the caller and of those who are below on this day; it shows nothing that the period of a quota hides.', example: '2017-03-31' })
  @IsOptional()
  @IsDay()
  on?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(400)
  for?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(400)
  measure?: string;

  @ApiPropertyOptional({ example: '2017-Q1' })
  @IsOptional()
  @IsString()
  @MaxLength(12)
  period?: string;
}

@ApiTags('quotas')
@Controller('quotas')
export class QuotasController {
  constructor(
    @Inject(QuotaCommands) private readonly quotas: QuotaCommands,
    @Inject(QuotasQueries) private readonly queries: QuotasQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  @Permit('quotas:read')
  @Reads('quotas', 'participants')
  @ApiOperation({ summary: 'Quotas in force: the caller’s own, and those of everybody below during the quota’s period' })
  async list(@Who() caller: Caller, @Query() { on, ...asked }: QuotaList): Promise<{ rows: QuotaDocument[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), asked, on) };
  }

  @Post('assign')
  @Permit('quotas:write')
  @Command()
  @ApiOperation({ summary: 'Assign or change a quota (409 PERSON_UNKNOWN, UNKNOWN_PERIOD, UNKNOWN_MEASURE; OWN_PAY for oneself or an own team or region)' })
  async assign(@Who() caller: Caller, @Body() { reason, effective, ...quota }: AssignQuota, @Told() told: Context): Promise<Outcome> {
    await this.mayWrite(caller, quota, effective);
    await this.names.requireHolder(quota.for, 'for', this.scopes.scopeOf(caller));
    return this.quotas.assign(quota, because(told, reason, effective));
  }

  @Post('withdraw')
  @Permit('quotas:write')
  @Command()
  @ApiOperation({ summary: 'Withdraw a quota (409 OWN_PAY)' })
  async withdraw(@Who() caller: Caller, @Body() { reason, effective, ...which }: QuotaPlace, @Told() told: Context): Promise<Outcome> {
    await this.mayWrite(caller, which, effective);
    return this.quotas.withdraw(which, because(told, reason, effective));
  }

  /** A manager sets the quotas of reports, today and for days on which they are reports; the own quota is refused OWN_PAY by the command. */
  private async mayWrite(caller: Caller, { for: whose, period }: QuotaPlace, effective: string | undefined): Promise<void> {
    const scope = this.scopes.scopeOf(caller);
    scope.require(whose, scope.today);
    if (scope.everyone) return;
    scope.require(whose, await this.quotas.daysOf(period));
    if (effective !== undefined) scope.require(whose, effective);
  }
}

function because(told: Context, reason: string | undefined, effective: string | undefined): Context {
  return { ...told, ...(reason !== undefined && { reason }), ...(effective !== undefined && { effective }) };
}
