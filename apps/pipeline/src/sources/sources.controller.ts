import type { Context, Outcome, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  Malformed,
  maySpeakFor,
  OutOfScope,
  Permit,
  READ_MODELS,
  Reads,
  Reason,
  Refuses,
  rowsOf,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { leadsUp } from '../folder/inside.js';
import { SourceCommands } from './source.commands.js';
import { sourcesProjection } from './sources.projection.js';
import { SourceView } from './sources.answers.js';

export class MapSource extends Reason {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'A sources/*.yaml document as JSON: columns, date forms, lookups, won and lost stages.',
    example: {
      source: 'crm',
      files: 'sales_pipeline.csv',
      as: 'deals',
      columns: { id: 'opportunity_id', amount: 'close_value' },
    },
  })
  @IsObject()
  document!: Record<string, unknown>;
}

@ApiTags('imports')
@Controller('sources')
export class SourcesController {
  constructor(
    @Inject(SourceCommands) private readonly sources: SourceCommands,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  @Get()
  @Answers(rowsOf(SourceView))
  @Permit('sources:read')
  @Reads('sources')
  @ApiOperation({ operationId: 'listSources', summary: 'The mapping of each export' })
  async list(): Promise<{ rows: SourceView[] }> {
    return {
      rows: await this.models
        .model<SourceView>(sourcesProjection.name)
        .find({ sort: [{ field: 'source', order: 'ascending' }] }),
    };
  }

  @Post()
  @Permit('sources:write')
  @Command()
  @Refuses('NOT_FOUND')
  @ApiOperation({
    operationId: 'mapSource',
    summary: 'Map an export; replaces the mapping of the same source and kind of record',
  })
  async map(
    @Who() caller: Caller,
    @Body() { document, reason }: MapSource,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    // Splits and reversals of one source may be of another source's deals.
    const { of = document['source'] } = (document['deal'] ?? {}) as { of?: unknown };
    if ([document['source'], of].some((source) => !maySpeakFor(caller, String(source)))) throw new OutOfScope();
    const outside = [document['files']].flat().find((file) => typeof file === 'string' && leadsUp(file) !== undefined);
    if (outside !== undefined) throw new Malformed([{ field: 'files', message: leadsUp(String(outside))! }]);
    return this.sources.map(document, because(context, reason));
  }
}
