import type { Context, Outcome } from '@attain/eventsourcing';
import { Answers, type Caller, Command, CommandContext, Permit, Reads, Refuses, Scopes, Who } from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LateChangeCommands } from './late-change.commands.js';
import { LateChangeQueries } from './late-change.queries.js';
import { DecideLateChange, LateChangeList } from './late-changes.dto.js';
import { LateChanges } from './late-changes.answers.js';

@ApiTags('statements')
@Controller('late-changes')
export class LateChangesController {
  constructor(
    @Inject(LateChangeCommands) private readonly commands: LateChangeCommands,
    @Inject(LateChangeQueries) private readonly queries: LateChangeQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Get()
  @Answers(LateChanges, { list: 'waiting' })
  @Permit('statements:read')
  @Reads('late-changes', 'history')
  @ApiOperation({
    operationId: 'listLateChanges',
    summary:
      'Late changes of closed periods that need a review because they came after the limit of their plan; waiting and decided ones',
  })
  list(@Who() caller: Caller, @Query() asked: LateChangeList): Promise<LateChanges> {
    return this.queries.list(this.scopes.scopeOf(caller), asked);
  }

  @Post(':period/:participant/:event/approve')
  @Permit('late-changes:decide')
  @Command()
  @Refuses('LATE_CHANGE_UNKNOWN', 'LATE_CHANGE_DECIDED', 'SAME_PERSON', 'OWN_PAY')
  @ApiOperation({
    operationId: 'approveLateChange',
    summary: 'Approve a late change of a closed period, so that the next statement pays it',
  })
  approve(
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Param('event') event: string,
    @Body() { reason }: DecideLateChange,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.approve({ event, participant, period }, { ...context, reason });
  }

  @Post(':period/:participant/:event/dismiss')
  @Permit('late-changes:decide')
  @Command()
  @Refuses('LATE_CHANGE_UNKNOWN', 'LATE_CHANGE_DECIDED', 'SAME_PERSON', 'OWN_PAY')
  @ApiOperation({
    operationId: 'dismissLateChange',
    summary: 'Dismiss a late change of a closed period, so that it is never paid',
  })
  dismiss(
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Param('event') event: string,
    @Body() { reason }: DecideLateChange,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.dismiss({ event, participant, period }, { ...context, reason });
  }
}
