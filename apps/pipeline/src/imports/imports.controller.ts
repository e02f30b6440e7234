import type { Context, Filter, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  AskedPage,
  type Caller,
  Command,
  CommandContext,
  importing,
  JobView,
  maySpeakFor,
  MayStateReason,
  type ModelPage,
  notFound,
  OutOfScope,
  PagedBy,
  Permit,
  READ_MODELS,
  Reads,
  Refuses,
  rowsOf,
  Who,
} from '@attain/service';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import type { IncomingMessage } from 'node:http';
import { type As, importable } from './fields.rules.js';
import { Imports } from './imports.js';
import { importsProjection } from './imports.projection.js';
import { Uploads } from './uploads.js';
import { ImportDocument, ImportResult } from './imports.answers.js';
import { z } from 'zod';

export class ImportKind {
  @ApiPropertyOptional({ enum: importable, description: 'Where the source brings several kinds of record.' })
  @IsOptional()
  @IsIn(importable)
  as?: As;
}
export class UploadQuestion extends ImportKind {
  @ApiPropertyOptional({
    enum: ['yes', 'no'],
    default: 'no',
    description: 'Whether the file is complete: missing records are retracted.',
  })
  @IsOptional()
  @IsIn(['yes', 'no'])
  complete?: 'yes' | 'no';

  @ApiPropertyOptional({ description: 'Name of the file, as messages show it.', example: 'sales_pipeline.csv' })
  @IsOptional()
  @Matches(/^[\w()][\w .()-]{0,119}$/, { message: 'expected a plain file name of at most 120 characters' })
  name?: string;

  @ApiPropertyOptional({
    enum: ['yes', 'no'],
    default: 'yes',
    description:
      '`no` keeps and lists the deals and accounts that somebody entered by hand and that differ from the file.',
  })
  @IsOptional()
  @IsIn(['yes', 'no'])
  overwrite?: 'yes' | 'no';

  @MayStateReason('Why; it stays with each event.')
  reason?: string;
}

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  private readonly model: ReadModel<ImportDocument>;

  constructor(
    @Inject(Imports) private readonly imports: Imports,
    @Inject(Uploads) private readonly uploads: Uploads,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<ImportDocument>(importsProjection.name);
  }

  @Get()
  @Answers(rowsOf(ImportDocument))
  @PagedBy({
    import: 'import',
    source: 'source',
    actor: 'actor',
    started: 'started',
    finished: 'finished',
    complete: 'complete',
  })
  @Permit('imports:read')
  @Reads('imports')
  @ApiOperation({ operationId: 'listImports', summary: 'Imports that changed records, the latest first' })
  async list(
    @Who() caller: Caller,
    @AskedPage() page: ModelPage,
  ): Promise<{ rows: ImportDocument[]; next: string | null }> {
    const filter: Filter = caller.roles.includes('integration') ? { source: caller.source ?? '' } : {};
    const sort = [{ field: 'started', order: 'descending' }] as const;
    const { documents, next } = await page.of(this.model, { filter, sort, unique: ['import'] });
    return { rows: documents, next };
  }

  @Get(':id')
  @Answers(ImportDocument)
  @Permit('imports:read')
  @Reads('imports')
  @ApiOperation({ operationId: 'getImport', summary: 'The result of one import' })
  async one(@Who() caller: Caller, @Param('id') id: string): Promise<ImportDocument> {
    const found = await this.model.get(id);
    if (!found) throw notFound(caller, { kind: 'import', name: id });
    ownSource(caller, found.source);
    return found;
  }

  @Post(':source')
  @Answers(
    z.object({
      import: z
        .string()
        .meta({ description: 'The id of the import.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
      job: JobView,
    }),
  )
  @HttpCode(202)
  @Permit('imports:write')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'The export itself, not multipart.' })
  @Refuses('SOURCE_UNKNOWN', 'SOURCE_AMBIGUOUS', 'JOBS_BUSY')
  @ApiOperation({
    operationId: 'importFile',
    summary: 'Upload an export: it is stored on disk, then imported by a job that /v1/jobs/{id} shows',
  })
  async upload(
    @Who() caller: Caller,
    @Param('source') source: string,
    @Query() { as, complete, name = 'upload.csv', overwrite, reason }: UploadQuestion,
    @Req() request: IncomingMessage,
    @CommandContext() context: Context,
  ): Promise<{ import: string; job: JobView }> {
    ownSource(caller, source);
    if (!/^text\/csv\b/i.test(request.headers['content-type'] ?? ''))
      throw new UnsupportedMediaTypeException('expected text/csv, the file itself as the body');
    await this.imports.expect({ source, as });
    const length = request.headers['content-length'];
    const upload = await this.uploads.receive(request, name, length === undefined ? undefined : Number(length));
    return this.imports.start(
      { source, as, files: [upload.path], complete: complete === 'yes', keepEntered: overwrite === 'no' },
      importing(context, { reason }),
      upload.dispose,
    );
  }

  @Post(':source/replay')
  @Answers(ImportResult)
  @Permit('imports:write')
  @Command()
  @Refuses('SOURCE_UNKNOWN', 'SOURCE_AMBIGUOUS', 'OWN_PAY')
  @ApiOperation({
    operationId: 'replayQuarantine',
    summary: 'Replay the rows in quarantine with the present mapping and the present people',
  })
  replay(
    @Who() caller: Caller,
    @Param('source') source: string,
    @Query() { as }: ImportKind,
    @CommandContext() context: Context,
  ): Promise<ImportResult> {
    ownSource(caller, source);
    return this.imports.replay({ source, as }, context);
  }
}

/** An integration imports records of its own source, and sees no records of others. */
export function ownSource(caller: Caller, source: string): void {
  if (!maySpeakFor(caller, source)) throw new OutOfScope();
}
