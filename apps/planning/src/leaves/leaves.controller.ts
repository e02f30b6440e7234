import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  IsDay,
  IsId,
  Names,
  Permit,
  Reads,
  Reason,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { LeaveCommands } from './leave.commands.js';
import { LeaveQueries } from './leave.queries.js';
import { LeaveDocument } from './leaves.answers.js';

export class RetractLeave extends Reason {
  @ApiProperty({ example: 'ann' })
  @IsId()
  participant!: string;

  @ApiProperty({ description: 'The first day of absence.', example: '2025-02-03' })
  @IsDay()
  from!: string;

  @ApiPropertyOptional({
    description: 'The system whose export has the leave; absent for a leave that a person recorded.',
    example: 'hr',
  })
  @IsOptional()
  @IsId()
  source?: string;
}
export class RecordLeave extends Reason {
  @ApiProperty({ example: 'ann' })
  @IsId()
  participant!: string;

  @ApiProperty({ description: 'The first day of absence.', example: '2025-02-03' })
  @IsDay()
  from!: string;

  @ApiPropertyOptional({ description: 'The last day of absence; open when absent.', example: '2025-04-30' })
  @IsOptional()
  @IsDay()
  to?: string;
}
export class LeaveList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;
}

@ApiTags('participants')
@Controller('leaves')
export class LeavesController {
  constructor(
    @Inject(LeaveCommands) private readonly leaves: LeaveCommands,
    @Inject(LeaveQueries) private readonly queries: LeaveQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  @Answers(rowsOf(LeaveDocument))
  @Permit('people:read')
  @Reads('leaves', 'participants')
  @ApiOperation({
    operationId: 'listLeaves',
    summary: 'Leaves: the caller’s own, and those of everybody below on the first day of the leave',
  })
  async list(@Who() caller: Caller, @Query() { participant }: LeaveList): Promise<{ rows: LeaveDocument[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), participant) };
  }

  @Post('record')
  @Permit('people:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'recordLeave',
    summary: 'Record a leave, or another last day of it',
  })
  async record(
    @Who() caller: Caller,
    @Body() { reason, to, ...leave }: RecordLeave,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.names.requirePeople([{ id: leave.participant, field: 'participant' }], this.scopes.scopeOf(caller));
    return this.leaves.record({ ...leave, source: null, to: to ?? null }, because(context, reason));
  }

  @Post('retract')
  @Permit('people:write')
  @Command()
  @Refuses('INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractLeave', summary: 'Retract a leave that was never true' })
  retract(@Body() { reason, source, ...leave }: RetractLeave, @CommandContext() context: Context): Promise<Outcome> {
    return this.leaves.retract({ ...leave, source: source ?? null }, because(context, reason));
  }
}
