import type { Context, Filter, Outcome, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  type Caller,
  Command,
  CommandContext,
  type FedHistory,
  HISTORY,
  IsAmount,
  IsId,
  IsPeriodName,
  MustStateReason,
  Names,
  Permit,
  READ_MODELS,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { AdjustmentCommands } from './adjustment.commands.js';
import { adjustmentsProjection } from './adjustments.projection.js';
import { AdjustmentDocument, Proposed } from './adjustments.answers.js';

export class DecideAdjustment {
  @MustStateReason('Why; it stays with the event.', 'agreed with the manager')
  reason!: string;
}
export class ProposeAdjustment extends DecideAdjustment {
  @ApiPropertyOptional({ description: 'An id of your own; a new one when absent.', example: 'adj-7' })
  @IsOptional()
  @IsId()
  adjustment?: string;

  @ApiProperty({ example: 'ann' })
  @IsId()
  participant!: string;

  @ApiProperty({ description: 'An open pay period.', example: '2025-02' })
  @IsPeriodName()
  period!: string;

  @ApiProperty({ description: 'In the currency of the plan; a deduction is below 0.', example: '-198.42' })
  @IsAmount({ example: '-198.42' })
  amount!: string;

  @ApiPropertyOptional({ description: 'The plan; the first one that pays the participant in the period when absent.' })
  @IsOptional()
  @IsId()
  plan?: string;

  @ApiPropertyOptional({ description: 'The source of the deal that it is about.', example: 'crm' })
  @IsOptional()
  @IsId()
  source?: string;

  @ApiPropertyOptional({ description: 'The deal that it is about.', example: 'D1' })
  @IsOptional()
  @IsId()
  deal?: string;

  @ApiPropertyOptional({ description: 'The closed period that it concerns.', example: '2025-01' })
  @IsOptional()
  @IsPeriodName()
  for?: string;
}
export class AdjustmentList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional({ example: '2025-02' })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

@ApiTags('statements')
@Controller('adjustments')
export class AdjustmentsController {
  private readonly model: ReadModel<AdjustmentDocument>;

  constructor(
    @Inject(AdjustmentCommands) private readonly commands: AdjustmentCommands,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<AdjustmentDocument>(adjustmentsProjection.name);
  }

  @Get()
  @Answers(rowsOf(AdjustmentDocument))
  @Permit('statements:read')
  @Reads('adjustments', 'history')
  @ApiOperation({
    operationId: 'listAdjustments',
    summary: 'Adjustments by hand: the caller’s own, and those of everybody below throughout their period',
  })
  async list(@Who() caller: Caller, @Query() asked: AdjustmentList): Promise<{ rows: AdjustmentDocument[] }> {
    const scope = this.scopes.scopeOf(caller);
    const filter: Filter = Object.fromEntries(
      Object.entries(asked).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const rows = await this.model.find({ filter, sort: [{ field: 'proposed', order: 'descending' }], limit: 1000 });
    const { calendar } = this.history.company();
    return {
      rows: scope.everyone
        ? rows
        : rows.filter(({ participant, period }) => scope.covers(participant, calendar.period(period))),
    };
  }

  @Post()
  @Answers(Proposed)
  @Permit('adjustments:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'PERIOD_UNKNOWN', 'PERIOD_CLOSED', 'PLAN_UNKNOWN', 'ADJUSTMENT_EXISTS', 'OWN_PAY')
  @ApiOperation({
    operationId: 'proposeAdjustment',
    summary: 'Propose an adjustment of an open period',
  })
  async propose(
    @Who() caller: Caller,
    @Body() { source, deal, reason, ...body }: ProposeAdjustment,
    @CommandContext() context: Context,
  ): Promise<Outcome & { adjustment: string }> {
    await this.names.requirePeople([{ id: body.participant, field: 'participant' }], this.scopes.scopeOf(caller));
    const record = deal === undefined ? null : { source: source ?? '', id: deal };
    return this.commands.propose({ ...body, record, reason }, { ...context, reason });
  }

  @Post(':adjustment/approve')
  @Permit('adjustments:decide')
  @Command()
  @Refuses('ADJUSTMENT_UNKNOWN', 'ADJUSTMENT_DECIDED', 'PERIOD_CLOSED', 'SAME_PERSON', 'OWN_PAY')
  @ApiOperation({
    operationId: 'approveAdjustment',
    summary: 'Approve an adjustment that somebody else proposed',
  })
  approve(
    @Param('adjustment') adjustment: string,
    @Body() { reason }: DecideAdjustment,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.approve(adjustment, { ...context, reason });
  }

  @Post(':adjustment/reject')
  @Permit('adjustments:decide')
  @Command()
  @Refuses('ADJUSTMENT_UNKNOWN', 'ADJUSTMENT_DECIDED', 'OWN_PAY')
  @ApiOperation({
    operationId: 'rejectAdjustment',
    summary: 'Reject a proposed adjustment',
  })
  reject(
    @Param('adjustment') adjustment: string,
    @Body() { reason }: DecideAdjustment,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.reject(adjustment, reason, { ...context, reason });
  }
}
