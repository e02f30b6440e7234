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
  type Caller,
  Command,
  EXECUTOR,
  IsId,
  Permit,
  READ_MODELS,
  Reads,
  Reason,
  Told,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { ImportKind, ownSource } from '../imports/imports.controller.js';
import { quarantineDecider } from './quarantine.decider.js';
import { quarantineProjection } from './quarantine.projection.js';
import { RowBearingQueries } from './row-bearing.queries.js';
import { waitingKey } from './waiting.rules.js';
import { z } from 'zod';
import { QuarantineDocument } from './quarantine.answers.js';

export class QuarantineList extends ImportKind {
  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  source?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset?: number;
}

@ApiTags('imports')
@Controller('quarantine')
export class QuarantineController {
  private readonly model: ReadModel<QuarantineDocument>;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(RowBearingQueries) private readonly bearing: RowBearingQueries,
  ) {
    this.model = models.model<QuarantineDocument>(quarantineProjection.name);
  }

  @Get()
  @Answers(z.object({ rows: z.array(QuarantineDocument), total: z.int() }))
  @Permit('imports:read')
  @Reads('quarantine')
  @ApiOperation({
    operationId: 'listQuarantine',
    summary: 'Rows that could not be read: file, row, field, what was expected and what was found',
  })
  async list(
    @Who() caller: Caller,
    @Query() { source, as, limit = 100, offset = 0 }: QuarantineList,
  ): Promise<{ rows: QuarantineDocument[]; total: number }> {
    const own = caller.roles.includes('integration') ? (caller.source ?? '') : source;
    const filter = { ...(own !== undefined && { source: own }), ...(as !== undefined && { as }) };
    const sort = [
      { field: 'since', order: 'descending' },
      { field: 'file', order: 'ascending' },
      { field: 'row', order: 'ascending' },
    ] as const;
    const [rows, total] = await Promise.all([
      this.model.find({ filter, sort, limit, offset }),
      this.model.count(filter),
    ]);
    return { rows, total };
  }

  @Post(':quarantine/dismiss')
  @Permit('imports:write')
  @Command()
  @ApiOperation({
    operationId: 'dismissRow',
    summary:
      'Let a row go for good, with a reason: it is not recorded (409 NOT_WAITING; OWN_PAY for a row of the own pay, or a row that cannot be read far enough)',
  })
  async dismiss(
    @Who() caller: Caller,
    @Param('quarantine') quarantine: string,
    @Body() { reason }: Reason,
    @Told() told: Context,
  ): Promise<Outcome> {
    const row = await this.model.get(quarantine);
    if (!row) throw new Refused('NOT_WAITING', 'No such row waits', { quarantine });
    ownSource(caller, row.source);
    await this.refuseOwnPay(row, told);
    const command = { do: 'release' as const, quarantine, source: row.source };
    return this.executor.execute(quarantineDecider, waitingKey(row.as, row), command, {
      ...told,
      ...(reason !== undefined && { reason }),
    });
  }

  /** Nobody lets a row go that bears on own pay, such as a credit note of an own deal. */
  private async refuseOwnPay(row: QuarantineDocument, { self = [] }: Context): Promise<void> {
    if (self.length === 0) return;
    const people = await this.bearing.of(row);
    if (people === null)
      throw new Refused(
        'OWN_PAY',
        'The row cannot be read far enough to rule out that it bears on your own pay; somebody who is not paid must dismiss it.',
        { quarantine: row.quarantine },
      );
    const name = self.find((one) => people.includes(one));
    if (name !== undefined)
      throw new Refused('OWN_PAY', `The row bears on your own pay (${name}); somebody else must dismiss it.`, {
        name,
        quarantine: row.quarantine,
      });
  }
}
