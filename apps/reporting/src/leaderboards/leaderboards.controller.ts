import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  IsDay,
  IsDayOrInstant,
  IsId,
  IsPeriodName,
  Permit,
  Reads,
  Scopes,
  Who,
} from '@attain/service';
import { IsIn, IsOptional } from 'class-validator';
import { type LeaderboardAsked, LeaderboardQueries } from './leaderboard.queries.js';
import { Leaderboard } from './leaderboards.answers.js';

const groupings = ['participant', 'team', 'region'] as const;

export class LeaderboardQuestion {
  @ApiProperty({ example: '2017-Q1' })
  @IsPeriodName()
  period!: string;

  @ApiPropertyOptional({ description: 'Default: revenue, else the first measure by name.', example: 'revenue' })
  @IsOptional()
  @IsId()
  measure?: string;

  @ApiPropertyOptional({ enum: groupings, default: 'participant' })
  @IsOptional()
  @IsIn(groupings)
  by?: LeaderboardAsked['by'];

  @ApiPropertyOptional({
    description:
      'As known then, for those who see everybody; refused from the others, who see the standings of the last day.',
    example: '2025-04-30',
  })
  @IsOptional()
  @IsDayOrInstant()
  asOf?: string;

  @ApiPropertyOptional({
    description: 'Credits up to this date, for those who see everybody; refused from the others.',
    example: '2025-03-31',
  })
  @IsOptional()
  @IsDay()
  effective?: string;
}

@ApiTags('leaderboards')
@Controller('leaderboards')
export class LeaderboardsController {
  constructor(
    @Inject(LeaderboardQueries) private readonly queries: LeaderboardQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(Leaderboard)
  @Permit('leaderboards:read')
  @Reads('history')
  @ApiOperation({
    operationId: 'getLeaderboard',
    summary: 'Participants ranked by their attainment of a period, without amounts',
    description:
      'Those who see everybody have exact fractions at any cut. The others have the standings of the last day: ranks, and whole percents of people.',
  })
  board(
    @Who() caller: Caller,
    @Query() { asOf, effective, by = 'participant', ...asked }: LeaderboardQuestion,
  ): Promise<Leaderboard> {
    const cut = cutOf({ ...(asOf && { asOf }), ...(effective && { effective }) }, this.history.company().timeZone);
    return this.queries.board(this.scopes.scopeOf(caller), { ...asked, by }, cut);
  }
}
