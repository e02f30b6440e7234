import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
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
import { ScoreCommands } from './score.commands.js';
import { ScoreQueries } from './score.queries.js';
import { ScoreDocument } from './scores.answers.js';

export class RetractScore extends Reason {
  @ApiProperty({ example: 'ann' })
  @IsId()
  participant!: string;

  @ApiProperty({ example: '2025-Q1' })
  @IsPeriodName()
  period!: string;

  @ApiProperty({ description: 'The objective as the plan names it.', example: 'Onboard two partners' })
  @IsId()
  objective!: string;
}
export class RecordScore extends RetractScore {
  @ApiProperty({ description: 'How far the objective was reached, a share.', example: '85%' })
  @IsString()
  @MaxLength(40)
  score!: string;
}
export class ScoreList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional({ example: '2025-Q1' })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

@ApiTags('quotas')
@Controller('scores')
export class ScoresController {
  constructor(
    @Inject(ScoreCommands) private readonly scores: ScoreCommands,
    @Inject(ScoreQueries) private readonly queries: ScoreQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  @Answers(rowsOf(ScoreDocument))
  @Permit('quotas:read')
  @Reads('scores', 'participants')
  @ApiOperation({
    operationId: 'listScores',
    summary: 'Scores of objectives: the caller’s own, and those of everybody below during the period',
  })
  async list(@Who() caller: Caller, @Query() asked: ScoreList): Promise<{ rows: ScoreDocument[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), asked) };
  }

  @Post('record')
  @Permit('quotas:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'UNKNOWN_PERIOD', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'recordScore',
    summary: 'Score an objective, or change its score',
  })
  async record(
    @Who() caller: Caller,
    @Body() { reason, ...score }: RecordScore,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, score);
    await this.names.requirePeople([{ id: score.participant, field: 'participant' }], this.scopes.scopeOf(caller));
    return this.scores.record(score, because(context, reason));
  }

  @Post('retract')
  @Permit('quotas:write')
  @Command()
  @Refuses('UNKNOWN_PERIOD', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractScore', summary: 'Retract a score' })
  async retract(
    @Who() caller: Caller,
    @Body() { reason, ...score }: RetractScore,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.mayWrite(caller, score);
    return this.scores.retract(score, because(context, reason));
  }

  private mayWrite(caller: Caller, { participant, period }: RetractScore): Promise<void> {
    return requireReport(this.scopes.scopeOf(caller), participant, () => this.scores.daysOf(period));
  }
}
