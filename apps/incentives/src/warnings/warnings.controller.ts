import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { type Warning, warningCodes } from '@attain/contracts';
import {
  Answers,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  inTurns,
  Permit,
  Reads,
  Scopes,
  Who,
  WarningAnswer,
} from '@attain/service';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { WarningQueries } from './warning.queries.js';
import { z } from 'zod';

export class WarningQuestion extends AsOf {
  @ApiPropertyOptional({ enum: Object.keys(warningCodes), description: 'Only warnings of this code.' })
  @IsOptional()
  @IsIn(Object.keys(warningCodes))
  code?: string;

  @ApiPropertyOptional({ description: 'Only warnings that speak of this person.' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  participant?: string;
}

@ApiTags('statements')
@Controller('warnings')
export class WarningsController {
  constructor(
    @Inject(WarningQueries) private readonly queries: WarningQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(z.object({ rows: z.array(WarningAnswer).readonly(), counts: z.record(z.string(), z.int()) }))
  @Permit('warnings:read')
  @Reads('history')
  @ApiOperation({
    operationId: 'listWarnings',
    summary:
      'Warnings about legal entries that are probably mistakes, the gravest first; warnings of the latest exports are among them',
  })
  async list(
    @Who() caller: Caller,
    @Query() { code, participant, ...asOf }: WarningQuestion,
  ): Promise<{ rows: readonly Warning[]; counts: Readonly<Record<string, number>> }> {
    const scope = this.scopes.scopeOf(caller);
    const cut = cutOf(asOf, this.history.company().timeZone);
    await inTurns(this.history.prepare('warnings', cut));
    const rows = this.queries.list(scope, cut, { code, participant });
    const counts: Record<string, number> = {};
    for (const row of rows) counts[row.code] = (counts[row.code] ?? 0) + 1;
    return { rows, counts };
  }
}
