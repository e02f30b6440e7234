import { recordKinds, type RecordKind } from '@attain/contracts';
import type { Context, Outcome } from '@attain/eventsourcing';
import {
  because,
  type Caller,
  Command,
  CommandContext,
  IsDay,
  IsId,
  Names,
  Permit,
  Reason,
  Refuses,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { ApprovalCommands } from './approval.commands.js';

export class ApproveStatement extends Reason {}
export class WithdrawRelease extends Reason {
  @ApiProperty({ enum: recordKinds })
  @IsIn(recordKinds)
  of!: RecordKind;

  @ApiProperty({ example: 'crm' })
  @IsId()
  source!: string;

  @ApiProperty({ example: '00042' })
  @IsId()
  id!: string;

  @ApiProperty({ example: 'Commission' })
  @IsId()
  component!: string;

  @ApiPropertyOptional({ description: 'Whose pay; of everybody who earned of the record when absent.', example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;
}
export class ApproveRelease extends WithdrawRelease {
  @ApiPropertyOptional({ description: 'The day of the release; today when absent.', example: '2025-03-31' })
  @IsOptional()
  @IsDay()
  date?: string;
}

@ApiTags('approvals')
@Controller('approvals')
export class ApprovalsController {
  constructor(
    @Inject(ApprovalCommands) private readonly approvals: ApprovalCommands,
    @Inject(Names) private readonly names: Names,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Post('releases')
  @Permit('releases:approve')
  @Command()
  @Refuses('RECORD_UNKNOWN', 'PERSON_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'approveRelease',
    summary: 'Approve the pay that a component holds of a record, so that it is released',
  })
  release(
    @Body() { reason, date, participant, ...pay }: ApproveRelease,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.approvals.release({ ...pay, participant: participant ?? null }, because(context, reason), date);
  }

  @Post('releases/withdraw')
  @Permit('releases:approve')
  @Command()
  @Refuses('RECORD_UNKNOWN', 'PERSON_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'withdrawRelease',
    summary: 'Hold the pay of a record again',
  })
  withdraw(
    @Body() { reason, participant, ...pay }: WithdrawRelease,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.approvals.withdraw({ ...pay, participant: participant ?? null }, because(context, reason));
  }

  @Post('statements/:period/:participant')
  @Permit('statements:approve')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'PERIOD_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'approveStatement',
    summary: 'Approve the present amount of a statement; another amount needs another approval',
  })
  async statement(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Body() { reason }: ApproveStatement,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    await this.names.requirePeople([{ id: participant, field: 'participant' }], this.scopes.scopeOf(caller));
    return this.approvals.statement(participant, period, because(context, reason));
  }
}
