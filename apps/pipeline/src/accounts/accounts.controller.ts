import type { Context, Outcome, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  AskedPage,
  because,
  type Caller,
  Command,
  CommandContext,
  IsTextMap,
  type ModelPage,
  notFound,
  PagedBy,
  Permit,
  READ_MODELS,
  Reads,
  Reason,
  Refuses,
  rowsOf,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AccountCommands } from './account.commands.js';
import { accountsProjection } from './accounts.projection.js';
import { AccountDocument } from './accounts.answers.js';

export class RecordAccount extends Reason {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'All fields as the source has them now.',
    example: { name: 'Acme Corporation', sector: 'retail' },
  })
  @IsTextMap()
  fields!: Record<string, string>;
}
@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  private readonly model: ReadModel<AccountDocument>;

  constructor(
    @Inject(AccountCommands) private readonly accounts: AccountCommands,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<AccountDocument>(accountsProjection.name);
  }

  @Get()
  @Answers(rowsOf(AccountDocument))
  @PagedBy({ source: 'source', id: 'id', name: 'name' })
  @Permit('accounts:read')
  @Reads('accounts')
  @ApiOperation({
    operationId: 'listAccounts',
    summary: 'Accounts by id; accounts have no owner, so callers who may read accounts see all of them',
  })
  async list(@AskedPage() page: ModelPage): Promise<{ rows: AccountDocument[]; next: string | null }> {
    const sort = [{ field: 'id', order: 'ascending' }] as const;
    const { documents, next } = await page.of(this.model, { sort, unique: ['source', 'id'] });
    return { rows: documents, next };
  }

  @Get(':source/:id')
  @Answers(AccountDocument)
  @Permit('accounts:read')
  @Reads('accounts')
  @ApiOperation({ operationId: 'getAccount', summary: 'One account' })
  async one(@Who() caller: Caller, @Param('source') source: string, @Param('id') id: string): Promise<AccountDocument> {
    const account = await this.model.get(`${source}:${id}`);
    if (!account) throw notFound(caller, { kind: 'account', name: id, in: `source ${source}` });
    return account;
  }

  @Post(':source/:id')
  @Permit('deals:write')
  @Command()
  @Refuses('INVALID_FIELD')
  @ApiOperation({ operationId: 'recordAccount', summary: 'Record an account; its fields replace the earlier ones' })
  record(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { fields, reason }: RecordAccount,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.accounts.record({ source, id, fields }, because(context, reason));
  }

  @Post(':source/:id/retract')
  @Permit('deals:write')
  @Command()
  @ApiOperation({ operationId: 'retractAccount', summary: 'Retract an account that its source no longer has' })
  retract(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.accounts.retract({ source, id }, because(context, reason));
  }
}
