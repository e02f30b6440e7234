import type { Context } from '@attain/eventsourcing';
import { Answers, type Caller, CommandContext, JobView, Permit, Refuses, Who } from '@attain/service';
import { newUuid } from '@attain/values';
import { Controller, HttpCode, Inject, Post, Query, Req, UnsupportedMediaTypeException } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
  ApiUnsupportedMediaTypeResponse,
} from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import { FolderQuestion } from './folder-imports.dto.js';
import { FolderImports } from './folder-imports.js';
import { FOLDER_LIMITS, type FolderLimits, unpacked } from './folder-upload.js';
import { z } from 'zod';

@ApiTags('imports')
@Controller('folder-imports')
export class FolderImportsController {
  constructor(
    @Inject(FolderImports) private readonly imports: FolderImports,
    @Inject(FOLDER_LIMITS) private readonly limits: FolderLimits,
  ) {}

  // Finance imports folders. Further permissions of the caller decide which parts are recorded.
  @Post()
  @Answers(
    z.object({
      import: z
        .string()
        .meta({ description: 'The id of the import.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
      job: JobView,
    }),
  )
  @HttpCode(202)
  @Permit('company:write')
  @ApiConsumes('application/x-tar', 'application/gzip')
  @ApiBody({
    schema: { type: 'string', format: 'binary' },
    description: 'A tar archive of the folder, gzipped or not: `tar cz -C FOLDER .`',
  })
  @Refuses('FOLDER_IMPORT_RUNNING', 'JOBS_BUSY')
  @ApiOperation({
    operationId: 'importFolder',
    summary:
      'Import a company folder as one job, which /v1/jobs/{id} shows part by part; the same `import` answers the same job',
  })
  @ApiPayloadTooLargeResponse({ description: 'More bytes or files than one upload may have.' })
  @ApiUnsupportedMediaTypeResponse({ description: 'The body is no tar archive by its content type.' })
  @ApiUnprocessableEntityResponse({
    description: 'The archive, or the folder in it, is wrong; each error has its file, line and column.',
  })
  async start(
    @Who() caller: Caller,
    @Query() question: FolderQuestion,
    @Req() request: IncomingMessage,
    @CommandContext() context: Context,
  ): Promise<{ import: string; job: JobView }> {
    const { import: id = newUuid(), name = 'folder', overwrite = 'no', reason = `folder import ${name}` } = question;
    const known = question.import === undefined ? undefined : await this.imports.known(id, caller);
    if (known) return { import: id, job: known };
    if (!/^application\/(x-tar|gzip|x-gzip)\b/i.test(request.headers['content-type'] ?? '')) {
      throw new UnsupportedMediaTypeException(
        'expected application/x-tar or application/gzip, a tar archive of the folder as the body',
      );
    }
    await this.imports.requireNone();
    const uploaded = await unpacked(request, this.limits);
    return {
      import: id,
      job: await this.imports.start(
        { import: id, name, reason, overwrite: overwrite === 'yes' },
        uploaded,
        context,
        caller,
      ),
    };
  }
}
