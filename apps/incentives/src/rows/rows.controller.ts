import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  AnswersText,
  type Caller,
  checkNear,
  type FedHistory,
  HISTORY,
  inTurns,
  IsDay,
  Permit,
  Reads,
  type Scope,
  Scopes,
  Who,
} from '@attain/service';
import { IsOptional } from 'class-validator';
import { LateChangeQueries } from '../late-changes/late-change.queries.js';
import { WarningQueries } from '../warnings/warning.queries.js';
import { UnitQueries } from '../units/unit.queries.js';
import { RowQueries } from './row.queries.js';

/** The number of warnings in `/warnings`. */
const WARNINGS = 'Attain-Warnings';
/** How many late changes wait for a review, and are in no row. */
const LATE_CHANGES = 'Attain-Late-Changes';
interface Answering {
  setHeader(name: string, value: string): void;
}

export class UpTo {
  @ApiPropertyOptional({
    description: 'Default: the latest end of a pay period that holds a credit.',
    example: '2025-03-31',
  })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

@ApiTags('exports')
@Controller('exports')
export class RowsController {
  constructor(
    @Inject(RowQueries) private readonly queries: RowQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(WarningQueries) private readonly warnings: WarningQueries,
    @Inject(LateChangeQueries) private readonly lateChanges: LateChangeQueries,
    @Inject(UnitQueries) private readonly units: UnitQueries,
  ) {}

  @Get('lines.csv')
  @AnswersText(
    'text/csv',
    'plan,version,period,participant\nAccount Executive,1,2025-01,ann\n',
    'A table with a header.',
  )
  @Permit('exports:read')
  @Reads('history')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({
    operationId: 'exportLines',
    summary: 'Every line that is earned as known at the cut, without differences; the same bytes on every machine',
  })
  async lines(
    @Who() caller: Caller,
    @Query() { asOf }: UpTo,
    @Res({ passthrough: true }) answer: Answering,
  ): Promise<string> {
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    return this.queries.lines(await this.counted(caller, answer), asOf);
  }

  @Get('statements.csv')
  @AnswersText('text/csv', 'participant,period,earned,payable\nann,2025-01,1250.50,1250.50\n', 'A table with a header.')
  @Permit('exports:read')
  @Reads('history', 'issued-statements')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({
    operationId: 'exportStatements',
    summary:
      'Every line of every statement: issued ones of closed periods, previews of open periods that end by the cut (503 with Retry-After while a closed period’s statements are being issued)',
  })
  async statements(
    @Who() caller: Caller,
    @Query() { asOf }: UpTo,
    @Res({ passthrough: true }) answer: Answering,
  ): Promise<string> {
    // Each pay period up to the cut is closed for it in turn.
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    const scope = await this.counted(caller, answer);
    answer.setHeader(LATE_CHANGES, String((await this.lateChanges.list(scope)).waiting.length));
    return this.queries.statements(scope, asOf);
  }

  @Get('units.csv')
  @AnswersText(
    'text/csv',
    'participant,unit,date,period,amount,balance\nann,day off,2025-01-31,2025-01,2.00,2.00\n',
    'A table with a header.',
  )
  @Permit('exports:read')
  @Reads('history', 'issued-statements')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({
    operationId: 'exportUnits',
    summary:
      'Days off, points and other units that are not money: the amount of each statement, and the balance after it, for personnel systems',
  })
  async ofUnits(
    @Who() caller: Caller,
    @Query() { asOf }: UpTo,
    @Res({ passthrough: true }) answer: Answering,
  ): Promise<string> {
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    return this.units.csv(await this.counted(caller, answer), asOf);
  }

  @Get('attainment.csv')
  @AnswersText(
    'text/csv',
    'period,for,measure,quota,credited,attainment\n2025-Q1,ann,revenue,300000,255000,0.85\n',
    'A table with a header.',
  )
  @Permit('attainment:export')
  @Reads('history')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({
    operationId: 'exportAttainment',
    summary: 'Quota, credit and attainment of everybody in every window, for other programs',
  })
  async attainment(
    @Who() caller: Caller,
    @Query() { asOf }: UpTo,
    @Res({ passthrough: true }) answer: Answering,
  ): Promise<string> {
    if (asOf !== undefined) checkNear(this.history, asOf, 'asOf');
    return this.queries.attainment(await this.counted(caller, answer), asOf);
  }

  private async counted(caller: Caller, answer: Answering): Promise<Scope> {
    await inTurns(this.history.prepare('warnings'));
    const scope = this.scopes.scopeOf(caller);
    answer.setHeader(WARNINGS, String(this.warnings.list(scope).length));
    return scope;
  }
}
