import type { Context, Outcome, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  AskedPage,
  because,
  type Caller,
  Command,
  CommandContext,
  IsId,
  IsTextMap,
  Malformed,
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
import { ApiOperation, ApiParam, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { RetractReversal, ReverseDeal } from '../deals/deals.dto.js';
import { RelatedCommands } from './related.commands.js';
import { type RelatedKind, relatedKinds } from './related.decider.js';
import { relatedProjection } from './related.projection.js';
import { RelatedDocument } from './related.answers.js';

export class RecordRef {
  @ApiProperty({ example: 'crm' })
  @IsId()
  source!: string;

  @ApiProperty({ example: '00042' })
  @IsId()
  id!: string;
}
export class RecordRelated extends Reason {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description:
      'All fields as the source has them now; the date of a payment is `paid`, of an invoice or an activity `date`.',
    example: { amount: '1000.00', paid: '2017-05-02' },
  })
  @IsTextMap()
  fields!: Record<string, string>;

  @ApiPropertyOptional({ type: RecordRef, description: 'The deal that it belongs to.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => RecordRef)
  deal?: RecordRef;

  @ApiPropertyOptional({ type: RecordRef, description: 'The invoice that a payment pays.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => RecordRef)
  invoice?: RecordRef;
}
const kinds = Object.keys(relatedKinds);

@ApiTags('related records')
@Controller('records')
export class RelatedController {
  private readonly model: ReadModel<RelatedDocument>;

  constructor(
    @Inject(RelatedCommands) private readonly related: RelatedCommands,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<RelatedDocument>(relatedProjection.name);
  }

  @Get(':of')
  @Answers(rowsOf(RelatedDocument))
  @PagedBy({ source: 'source', id: 'id', deal: 'deal', invoice: 'invoice', date: 'date' })
  @Permit('records:read')
  @Reads('related-records')
  @ApiParam({ name: 'of', enum: kinds })
  @ApiOperation({
    operationId: 'listRecords',
    summary: 'Items, invoices, payments or activities by source and id, for those who see everybody',
  })
  async list(
    @Param('of') of: string,
    @AskedPage() page: ModelPage,
  ): Promise<{ rows: RelatedDocument[]; next: string | null }> {
    const sort = [{ field: 'id', order: 'ascending' }] as const;
    const filter = { of: kindOf(of) };
    const { documents, next } = await page.of(this.model, { filter, sort, unique: ['source', 'id'] });
    return { rows: documents, next };
  }

  @Get(':of/:source/:id')
  @Answers(RelatedDocument)
  @Permit('records:read')
  @Reads('related-records')
  @ApiParam({ name: 'of', enum: kinds })
  @ApiOperation({ operationId: 'getRecord', summary: 'One item, invoice, payment or activity' })
  async one(
    @Who() caller: Caller,
    @Param('of') of: string,
    @Param('source') source: string,
    @Param('id') id: string,
  ): Promise<RelatedDocument> {
    const found = await this.model.get(`${relatedKinds[kindOf(of)]}-${source}:${id}`);
    if (!found) throw notFound(caller, { kind: kindOf(of), name: id, in: `source ${source}` });
    return found;
  }

  @Post(':of/:source/:id')
  @Permit('deals:write')
  @Command()
  @ApiParam({ name: 'of', enum: kinds })
  @Refuses('INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'recordRelated',
    summary: 'Record an item, an invoice, a payment or an activity; its fields replace the earlier ones',
  })
  record(
    @Param('of') of: string,
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { fields, deal, invoice, reason }: RecordRelated,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.related.record(
      kindOf(of),
      { source, id, fields, deal: ref(deal), invoice: ref(invoice) },
      because(context, reason),
    );
  }

  @Post(':of/:source/:id/retract')
  @Permit('deals:write')
  @Command()
  @ApiParam({ name: 'of', enum: kinds })
  @Refuses('OWN_PAY')
  @ApiOperation({ operationId: 'retractRelated', summary: 'Retract a record that its source no longer has' })
  retract(
    @Param('of') of: string,
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.related.retract(kindOf(of), { source, id }, because(context, reason));
  }

  @Post('invoices/:source/:id/reverse')
  @Permit('deals:write')
  @Command()
  @Refuses('INVOICE_UNKNOWN', 'REVERSED_MORE_THAN_WHOLE', 'REVERSAL_EXISTS', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'reverseInvoice',
    summary: 'Reverse an invoice or a part of it: a refund, a credit note',
  })
  reverse(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reason, ...reversal }: ReverseDeal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.related.reverse({ source, id }, reversal, because(context, reason));
  }

  @Post('invoices/:source/:id/reversals/retract')
  @Permit('deals:write')
  @Command()
  @Refuses('INVOICE_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'retractInvoiceReversal',
    summary: 'Retract a reversal of an invoice that was a mistake',
  })
  retractReversal(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { reversal, reason }: RetractReversal,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.related.retractReversal({ source, id }, reversal, because(context, reason));
  }
}

function kindOf(of: string): RelatedKind {
  if (of in relatedKinds) return of as RelatedKind;
  throw new Malformed([{ field: 'of', message: `expected one of ${kinds.join(', ')}, found ${JSON.stringify(of)}` }]);
}

const ref = (named: RecordRef | undefined) => (named === undefined ? null : { source: named.source, id: named.id });
