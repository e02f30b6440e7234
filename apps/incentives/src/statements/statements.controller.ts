import { Controller, Get, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Cut } from '@attain/compensation';
import {
  Answers,
  AnswersFile,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  Permit,
  Reads,
  Refuses,
  rowsOf,
  type Scope,
  Scopes,
  Who,
} from '@attain/service';
import { PeriodQueries } from '../periods/period.queries.js';
import { StatementQueries } from './statement.queries.js';
import { statementPdf } from './statement-pdf.js';
import { LineExplanation, StatementAnswer, StatementSummary } from './statements.answers.js';

@ApiTags('statements')
@Controller('statements')
export class StatementsController {
  constructor(
    @Inject(StatementQueries) private readonly queries: StatementQueries,
    @Inject(PeriodQueries) private readonly periods: PeriodQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get(':period')
  @Answers(rowsOf(StatementSummary))
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'listStatements',
    summary: 'Statements of a period that the caller may see; previews while it is open, or as of any date',
  })
  async list(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Query() asOf: AsOf,
  ): Promise<{ rows: StatementSummary[] }> {
    const { scope, cut } = this.seen(caller, asOf);
    return { rows: await this.queries.list(scope, period, cut) };
  }

  @Get(':period/:participant')
  @Answers(StatementAnswer, { list: 'lines' })
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'getStatement',
    summary: 'One statement: total, components, lines, each with its trace',
  })
  one(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Query() asOf: AsOf,
  ): Promise<StatementAnswer> {
    const { scope, cut } = this.seen(caller, asOf);
    return this.queries.one(scope, participant, period, cut);
  }

  @Get(':period/:participant/pdf')
  @AnswersFile('application/pdf', 'The statement on A4; the same statement is the same bytes.')
  @Permit('statements:read')
  @Reads('issued-statements', 'history', 'closed-periods')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'getStatementPdf',
    summary: 'One statement as PDF, each line with how it is computed',
  })
  async pdf(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Query() asOf: AsOf,
  ): Promise<StreamableFile> {
    const { scope, cut } = this.seen(caller, asOf);
    const statement = await this.queries.one(scope, participant, period, cut);
    const closed = statement.issued === null ? undefined : await this.periods.closed(statement.period);
    const { name: company } = this.history.company(statement.cut);
    const bytes = await statementPdf(statement, { company, position: closed?.position ?? null });
    const file = `${statement.period}-${statement.participant.replace(/[^\w.-]/g, '_')}.pdf`;
    return new StreamableFile(bytes, { type: 'application/pdf', disposition: `attachment; filename="${file}"` });
  }

  @Get(':period/:participant/lines/:line')
  @Answers(LineExplanation)
  @Permit('statements:read')
  @Reads('issued-statements', 'history')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'explainLine',
    summary: 'Explain a line: a tree whose leaves sum to it, and its trace, with the events of its inputs',
  })
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
    const cut =
      asked.asOf === undefined && asked.effective === undefined
        ? undefined
        : cutOf(asked, this.history.company().timeZone);
    return { scope: this.scopes.scopeOf(caller), cut };
  }
}
