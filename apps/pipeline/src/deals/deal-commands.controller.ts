import type { Context, Outcome } from '@attain/eventsourcing';
import {
  because,
  type Caller,
  Command,
  CommandContext,
  Names,
  Permit,
  Reason,
  Refuses,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealCommands } from './deal.commands.js';
import { ChangeDeal, LoseDeal, OpenDeal, RetractReversal, ReverseDeal, SplitDeal, WinDeal } from './deals.dto.js';

@ApiTags('deals')
@Controller('deals')
export class DealCommandsController {
  constructor(
    @Inject(DealCommands) private readonly deals: DealCommands,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Post(':source/:id/open')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_EXISTS', 'INVALID_FIELD', 'CLOSED_MISSING', 'OWN_PAY')
  @ApiOperation({ operationId: 'openDeal', summary: 'Open a new deal' })
  open(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { fields, reason }: OpenDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.open({ source, id }, fields, because(context, reason));
  }

  @Post(':source/:id/change')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'INVALID_FIELD', 'CLOSED_MISSING', 'OWN_PAY')
  @ApiOperation({
    operationId: 'changeDeal',
    summary: 'Move, re-price, re-date, reassign or amend: any fields, null clears',
  })
  change(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { fields, reason }: ChangeDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.change({ source, id }, fields, because(context, reason));
  }

  @Post(':source/:id/win')
  @Permit('deals:write')
  @Command()
  @Refuses('INVALID_FIELD', 'CLOSED_MISSING', 'OWN_PAY')
  @ApiOperation({ operationId: 'winDeal', summary: 'Win a deal; a new one is opened with these fields' })
  win(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { closed, fields, reason }: WinDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.win({ source, id }, { closed, ...(fields && { fields }) }, because(context, reason));
  }

  @Post(':source/:id/lose')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'INVALID_FIELD', 'CLOSED_MISSING', 'OWN_PAY')
  @ApiOperation({ operationId: 'loseDeal', summary: 'Lose a deal' })
  lose(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { closed, fields, reason }: LoseDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.lose(
      { source, id },
      { ...(closed && { closed }), ...(fields && { fields }) },
      because(context, reason),
    );
  }

  @Post(':source/:id/reopen')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'reopenDeal',
    summary: 'Reopen a won or lost deal; its reversals are retracted',
  })
  reopen(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.reopen({ source, id }, because(context, reason));
  }

  @Post(':source/:id/split')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'SPLIT_TOTAL', 'SPLIT_SHARE', 'PERSON_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'splitDeal',
    summary: 'Share a deal: revenue shares sum to exactly 100 %, overlays come on top',
  })
  async split(
    @Who() caller: Caller,
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { revenue, overlay, reason }: SplitDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    const shares = (kind: string, of: object = {}) =>
      Object.keys(of).map((person) => ({ id: person, field: `${kind}.${person}` }));
    await this.names.requirePeople(
      [...shares('revenue', revenue), ...shares('overlay', overlay)],
      this.scopes.scopeOf(caller),
    );
    return this.deals.split({ source, id }, { revenue, overlay: overlay ?? {} }, because(context, reason));
  }

  @Post(':source/:id/reverse')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'NOT_WON', 'REVERSED_MORE_THAN_WHOLE', 'REVERSAL_EXISTS', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'reverseDeal',
    summary: 'Cancel, refund, churn or credit a won deal, in part or whole',
  })
  reverse(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason, ...reversal }: ReverseDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.reverse({ source, id }, reversal, because(context, reason));
  }

  @Post(':source/:id/retract-reversal')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractDealReversal', summary: 'Retract a reversal that was recorded in error' })
  retractReversal(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reversal, reason }: RetractReversal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.retractReversal({ source, id }, reversal, because(context, reason));
  }

  @Post(':source/:id/retract')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_UNKNOWN', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractDeal', summary: 'Retract a deal that its source no longer has' })
  retract(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.deals.retract({ source, id }, because(context, reason));
  }
}
