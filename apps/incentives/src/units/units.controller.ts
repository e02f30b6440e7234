import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  type Caller,
  checkNear,
  type FedHistory,
  HISTORY,
  IsId,
  Permit,
  Reads,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { UpTo } from '../rows/rows.controller.js';
import { UnitQueries } from './unit.queries.js';
import { UnitRow } from './units.answers.js';

class OfUnits extends UpTo {
  @ApiPropertyOptional({ description: 'One participant only.', example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional({ description: 'One unit only.', example: 'day off', maxLength: 400 })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  unit?: string;
}

@ApiTags('statements')
@Controller('units')
export class UnitsController {
  constructor(
    @Inject(UnitQueries) private readonly queries: UnitQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(rowsOf(UnitRow))
  @Permit('statements:read')
  @Reads('history', 'issued-statements')
  @ApiOperation({
    operationId: 'listUnits',
    summary: 'Amounts of statements in units that are not money, and the balances after them',
  })
  async list(@Who() caller: Caller, @Query() { asOf, participant, unit }: OfUnits): Promise<{ rows: UnitRow[] }> {
    // The answer computes a statement of each pay period up to this day, so a day far away would take long.
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    return {
      rows: await this.queries.list(this.scopes.scopeOf(caller), asOf, {
        ...(participant !== undefined && { participant }),
        ...(unit !== undefined && { unit }),
      }),
    };
  }
}
