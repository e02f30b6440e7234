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
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { requireReport } from '../participants/require-report.js';
import { ObjectiveCommands } from './objective.commands.js';
import { ObjectiveQueries } from './objective.queries.js';
import { ObjectiveDocument } from './objectives.answers.js';

export class WithdrawObjective extends Reason {
  @ApiProperty({ description: 'A participant, a team, a region or `company`.', example: 'ann' })
  @IsId()
  for!: string;

  @ApiProperty({ description: 'The component of a plan that pays for the objective.', example: 'Goals' })
  @IsId()
  component!: string;

  @ApiProperty({ description: 'The window of the component.', example: '2025-Q1' })
  @IsPeriodName()
  period!: string;

  @ApiProperty({ description: 'The name by which the objective is scored.', example: 'Onboard two partners' })
  @IsId()
  name!: string;
}
export class AssignObjective extends WithdrawObjective {
  @ApiProperty({ description: 'Its share of the target.', example: '50%' })
  @IsString()
  @MaxLength(40)
  weight!: string;
}
export class ObjectiveList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  for?: string;

  @ApiPropertyOptional({ example: 'Goals' })
  @IsOptional()
  @IsId()
  component?: string;

  @ApiPropertyOptional({ example: '2025-Q1' })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

@ApiTags('quotas')
@Controller('objectives')
export class ObjectivesController {
  constructor(
    @Inject(ObjectiveCommands) private readonly objectives: ObjectiveCommands,
    @Inject(ObjectiveQueries) private readonly queries: ObjectiveQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(rowsOf(ObjectiveDocument))
  @Permit('quotas:read')
  @Reads('objectives', 'participants')
  @ApiOperation({
    operationId: 'listObjectives',
    summary: 'Assigned objectives: the caller’s own, and those of everybody below during the period',
  })
  async list(@Who() caller: Caller, @Query() asked: ObjectiveList): Promise<{ rows: ObjectiveDocument[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), asked) };
  }

  @Post('assign')
  @Permit('quotas:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'UNKNOWN_PERIOD', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'assignObjective',
    summary: 'Assign an objective, or change its weight',
  })
  async assign(
    @Who() caller: Caller,
    @Body() { reason, ...objective }: AssignObjective,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, objective);
    await this.names.requireHolder(objective.for, 'for', this.scopes.scopeOf(caller));
    checkNear(this.history, objective.period);
    return this.objectives.assign(objective, because(context, reason));
  }

  @Post('withdraw')
  @Permit('quotas:write')
  @Command()
  @Refuses('OBJECTIVE_UNKNOWN', 'UNKNOWN_PERIOD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'withdrawObjective',
    summary: 'Withdraw an objective',
  })
  async withdraw(
    @Who() caller: Caller,
    @Body() { reason, ...which }: WithdrawObjective,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, which);
    return this.objectives.withdraw(which, because(context, reason));
  }

  private mayWrite(caller: Caller, { for: whose, period }: WithdrawObjective): Promise<void> {
    return requireReport(this.scopes.scopeOf(caller), whose, () => this.objectives.daysOf(period));
  }
}
