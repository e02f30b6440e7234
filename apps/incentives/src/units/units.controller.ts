import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { type Caller, checkNear, type FedHistory, HISTORY, IsId, Permit, Reads, Scopes, Who } from '@attain/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { UpTo } from '../rows/rows.controller.js';
import { UnitQueries, type UnitRow } from './unit.queries.js';

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

const text = { type: 'string' } as const;
const amount = { type: 'string', pattern: '^-?[0-9]+\\.[0-9]{2}$', example: '2.00' } as const;
const row = {
  type: 'object',
  required: ['participant', 'unit', 'date', 'period', 'amount', 'balance'],
  properties: {
    participant: text,
    unit: { ...text, example: 'day off' },
    date: { ...text, format: 'date', description: 'The last day of the period.' },
    period: text,
    amount: { ...amount, description: 'What the statement of the period gives.' },
    balance: { type: ['string', 'null'] as unknown as 'string', description: 'After the statement; null where the caller does not see all statements before it.' },
  },
} as const;

@ApiTags('statements')
@Controller('units')
export class UnitsController {
  constructor(
    @Inject(UnitQueries) private readonly queries: UnitQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Permit('statements:read')
  @Reads('history', 'issued-statements')
  @ApiOperation({ summary: 'What statements give in units that are not money, and the balances after them' })
  @ApiOkResponse({ schema: { type: 'object', required: ['rows'], properties: { rows: { type: 'array', items: row } } } as object })
  async list(@Who() caller: Caller, @Query() { asOf, participant, unit }: OfUnits): Promise<{ rows: UnitRow[] }> {
    // The answer computes a statement of each pay period up to this day, so a day far away would take long.
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), asOf, { ...(participant !== undefined && { participant }), ...(unit !== undefined && { unit }) }) };
  }
}
