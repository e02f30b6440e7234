import {
  type Context,
  type Executor,
  type Outcome,
  type ReadModel,
  type ReadModels,
  Refused,
} from '@attain/eventsourcing';
import {
  Answers,
  AskedPage,
  type Caller,
  Command,
  CommandContext,
  EXECUTOR,
  IsId,
  IsTextMap,
  type ModelPage,
  MustStateReason,
  PagedBy,
  Permit,
  READ_MODELS,
  Reads,
  Reason,
  Refuses,
  Who,
} from '@attain/service';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { ImportKind, ownSource } from '../imports/imports.controller.js';
import { quarantineDecider } from './quarantine.decider.js';
import { quarantineProjection } from './quarantine.projection.js';
import { RowBearingQueries } from './row-bearing.queries.js';
import { waitingKey } from './waiting.rules.js';
import { z } from 'zod';
import { CorrectedRow, QuarantineDocument } from './quarantine.answers.js';
import { Corrections } from './corrections.js';

export class CorrectRow {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The new texts of cells, by the names of their columns in the file; other cells stay.',
    example: { 'Close Date': '2026-02-28' },
  })
  @IsTextMap()
  cells!: Record<string, string>;

  @MustStateReason('Why the export is wrong; it stays with the event.', 'the customer signed on the last of February')
  reason!: string;
}
export class QuarantineList extends ImportKind {
  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  source?: string;
}

@ApiTags('imports')
@Controller('quarantine')
export class QuarantineController {
  private readonly model: ReadModel<QuarantineDocument>;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(RowBearingQueries) private readonly bearing: RowBearingQueries,
    @Inject(Corrections) private readonly corrections: Corrections,
  ) {
    this.model = models.model<QuarantineDocument>(quarantineProjection.name);
  }

  @Get()
  @Answers(z.object({ rows: z.array(QuarantineDocument), total: z.int().describe('Rows on all pages.') }))
  @PagedBy({ quarantine: 'quarantine', file: 'file', row: 'row', since: 'since' })
  @Permit('imports:read')
  @Reads('quarantine')
  @ApiOperation({
    operationId: 'listQuarantine',
    summary: 'Rows that could not be read: the file, the row, the field, the expected value and the found value',
  })
  async list(
    @Who() caller: Caller,
    @Query() { source, as }: QuarantineList,
    @AskedPage() page: ModelPage,
  ): Promise<{ rows: QuarantineDocument[]; next: string | null; total: number }> {
    const own = caller.roles.includes('integration') ? (caller.source ?? '') : source;
    const filter = { ...(own !== undefined && { source: own }), ...(as !== undefined && { as }) };
    const sort = [
      { field: 'since', order: 'descending' },
      { field: 'file', order: 'ascending' },
      { field: 'row', order: 'ascending' },
    ] as const;
    const { documents, next, total } = await page.of(this.model, { filter, sort, unique: ['quarantine'] });
    return { rows: documents, next, total };
  }

  @Post(':quarantine/dismiss')
  @Permit('imports:write')
  @Command()
  @Refuses('NOT_FOUND', 'NOT_WAITING', 'OWN_PAY')
  @ApiOperation({
    operationId: 'dismissRow',
    summary: 'Dismiss a row for a reason; its record is never stored',
  })
  async dismiss(
    @Who() caller: Caller,
    @Param('quarantine') quarantine: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    const row = await this.waitingRow(caller, quarantine);
    await this.refuseOwnPay(row, context);
    const command = { do: 'release' as const, quarantine, source: row.source };
    return this.executor.execute(quarantineDecider, waitingKey(row.as, row), command, {
      ...context,
      ...(reason !== undefined && { reason }),
    });
  }

  @Post(':quarantine/correct')
  @Answers(CorrectedRow)
  @HttpCode(200)
  @Permit('imports:write')
  @Command()
  @Refuses('NOT_FOUND', 'NOT_WAITING', 'NOT_CORRECTABLE', 'UNKNOWN_COLUMN', 'OWN_PAY', 'SOURCE_UNKNOWN')
  @ApiOperation({
    operationId: 'correctRow',
    summary:
      'Correct cells of a row, and read the row again; its cells as the file has them stay with the event of the import',
  })
  async correct(
    @Who() caller: Caller,
    @Param('quarantine') quarantine: string,
    @Body() { cells, reason }: CorrectRow,
    @CommandContext() context: Context,
  ): Promise<CorrectedRow> {
    const row = await this.waitingRow(caller, quarantine);
    await this.refuseOwnPay(row, context);
    await this.refuseOwnPay({ ...row, corrected: { ...row.corrected, ...cells } }, context);
    const command = { do: 'correct' as const, quarantine, source: row.source, cells };
    const { position } = await this.executor.execute(quarantineDecider, waitingKey(row.as, row), command, {
      ...context,
      reason,
    });
    return this.corrections.replay(row, position, { ...context, reason });
  }

  private async waitingRow(caller: Caller, quarantine: string): Promise<QuarantineDocument> {
    const row = await this.model.get(quarantine);
    if (!row) throw new Refused('NOT_WAITING', `the row ${quarantine} does not wait in quarantine`, { quarantine });
    ownSource(caller, row.source);
    return row;
  }

  /** Callers may not dismiss a row that affects their own pay, such as a credit note of an own deal. */
  private async refuseOwnPay(row: QuarantineDocument, { self = [] }: Context): Promise<void> {
    if (self.length === 0) return;
    const people = await this.bearing.of({ ...row, raw: { ...row.raw, ...row.corrected } });
    if (people === null)
      throw new Refused(
        'OWN_PAY',
        'The row cannot be read far enough to rule out that it bears on your own pay; somebody who is not paid must settle it.',
        { quarantine: row.quarantine },
      );
    const name = self.find((one) => people.includes(one));
    if (name !== undefined)
      throw new Refused('OWN_PAY', `The row bears on your own pay (${name}); somebody else must settle it.`, {
        name,
        quarantine: row.quarantine,
      });
  }
}
