import type { Context } from '@attain/eventsourcing';
import {
  Answers,
  type Caller,
  IsId,
  Malformed,
  OutOfScope,
  Permit,
  Refuses,
  CommandContext,
  Who,
} from '@attain/service';
import { Controller, HttpCode, Inject, Post, Query, Req, UnsupportedMediaTypeException } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiPropertyOptional,
  ApiTags,
  ApiUnsupportedMediaTypeResponse,
} from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { IncomingMessage } from 'node:http';
import { ImportKind, ownSource } from '../imports/imports.controller.js';
import { Uploads } from '../imports/uploads.js';
import { ImportPreview } from './preview.answers.js';
import { Previews } from './previews.js';

const LONGEST_MAPPING = 8000;

export class PreviewQuestion extends ImportKind {
  @ApiPropertyOptional({ description: 'The source; its mapping reads the file if there is one.', example: 'crm' })
  @IsOptional()
  @IsId()
  source?: string;

  @ApiPropertyOptional({ description: 'Name of the file, as messages show it.', example: 'sales_pipeline.csv' })
  @IsOptional()
  @Matches(/^[\w()][\w .()-]{0,119}$/, { message: 'expected a plain file name of at most 120 characters' })
  name?: string;

  @ApiPropertyOptional({
    description: 'A mapping as JSON text, or some keys of one; the keys that it lacks are guessed.',
    example: '{"dates":"dd/MM/yyyy"}',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_MAPPING)
  mapping?: string;
}

@ApiTags('imports')
@Controller('import-previews')
export class PreviewsController {
  constructor(
    @Inject(Previews) private readonly previews: Previews,
    @Inject(Uploads) private readonly uploads: Uploads,
  ) {}

  @Post()
  @HttpCode(200)
  @Answers(ImportPreview)
  @Permit('imports:write')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'The export itself, not multipart.' })
  @Refuses('NOT_FOUND', 'SOURCE_AMBIGUOUS')
  @ApiOperation({
    operationId: 'previewImport',
    summary:
      'Preview an import: the field of each column, the first rows as they are read, and the counts; nothing is stored',
  })
  @ApiPayloadTooLargeResponse({ description: 'More bytes than one upload may have.' })
  @ApiUnsupportedMediaTypeResponse({ description: 'The body is no CSV by its content type.' })
  async preview(
    @Who() caller: Caller,
    @Query() { source, as, name = 'upload.csv', mapping }: PreviewQuestion,
    @Req() request: IncomingMessage,
    @CommandContext() context: Context,
  ): Promise<ImportPreview> {
    const stated = statedIn(mapping);
    const named = [source, stated['source']].filter((one) => one !== undefined);
    if (named.length === 0 && caller.roles.includes('integration')) throw new OutOfScope();
    for (const one of named) ownSource(caller, String(one));
    if (!/^text\/csv\b/i.test(request.headers['content-type'] ?? ''))
      throw new UnsupportedMediaTypeException('expected text/csv, the file itself as the body');
    const length = request.headers['content-length'];
    const upload = await this.uploads.receive(request, name, length === undefined ? undefined : Number(length));
    const left = new AbortController();
    const leave = (): void => left.abort();
    request.socket.once('close', leave);
    try {
      return await this.previews.of({ path: upload.path, source, as, stated }, context, left.signal);
    } finally {
      request.socket.off('close', leave);
      await upload.dispose();
    }
  }
}

function statedIn(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const wrong = (message: string) => new Malformed([{ field: 'mapping', message }]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong('expected JSON, such as {"dates":"dd/MM/yyyy"}');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong('expected an object of JSON');
  return parsed as Record<string, unknown>;
}
