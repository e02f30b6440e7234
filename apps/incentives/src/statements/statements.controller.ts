import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Cut } from '@attain/compensation';
import { AsOf, type Caller, cutOf, type FedHistory, HISTORY, Permit, Reads, type Scope, Scopes, Who } from '@attain/service';
import { LineExplained } from './explanation.dto.js';
import { type LineExplanation, type StatementAnswer, StatementQueries, type StatementSummary } from './statement.queries.js';

@ApiTags('statements')
@Controller('statements')
export class StatementsController {
  constructor(
    @Inject(StatementQueries) private readonly queries: StatementQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get(':period')
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @ApiOperation({ summary: 'Statements of a period that the caller may see; previews while it is open, or as of any date' })
  async list(@Who() caller: Caller, @Param('period') period: string, @Query() asOf: AsOf): Promise<{ rows: StatementSummary[] }> {
    const { scope, cut } = this.seen(caller, asOf);
    return { rows: await this.queries.list(scope, period, cut) };
  }

  @Get(':period/:participant')
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @ApiOperation({ summary: 'One statement: total, components, lines, each with its trace' })
  one(@Who() caller: Caller, @Param('period') period: string, @Param('participant') participant: string, @Query() asOf: AsOf): Promise<StatementAnswer> {
    const { scope, cut } = this.seen(caller, asOf);
    return this.queries.one(scope, participant, period, cut);
  }

  @Get(':period/:participant/lines/:line')
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @ApiOperation({ summary: 'Why a line is what it is: a tree whose leaves sum to it, and its trace, with the events that stated their inputs' })
  @ApiOkResponse({ type: LineExplained })
  line(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Param('line') line: string,
    @Query() asOf: AsOf,
  ): Promise<LineExplanation> {
    const { scope, cut } = this.seen(caller, asOf);
    return this.queries.line(scope, participant, period, line, cut);
  }

  private seen(caller: Caller, asked: AsOf): { scope: Scope; cut: Cut | undefined } {
    const cut = asked.asOf === undefined && asked.effective === undefined ? undefined : cutOf(asked, this.history.company().timeZone);
    return { scope: this.scopes.scopeOf(caller), cut };
  }
}
