import type { Context } from '@attain/eventsourcing';
import { type JobView, Permit, RowsQuestion, Told } from '@attain/service';
import { applyDecorators, Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import { FolderImports, LeaveRowsQuestion } from './folder-imports.js';

const Rows = () => applyDecorators(HttpCode(202), ApiConsumes('application/x-ndjson'), ApiBody({ schema: { type: 'string', format: 'binary' }, description: 'One JSON object a line.' }));
type Started = Promise<{ import: string; job: JobView }>;

/** Rows of a company folder, one JSON object a line with the columns of its CSV file; `attain import DIR --server` sends them. */
@ApiTags('company')
@Controller('folder-imports')
export class FolderImportsController {
  constructor(@Inject(FolderImports) private readonly imports: FolderImports) {}

  @Post('tables')
  @Rows()
  @Permit('company:write')
  @ApiOperation({ summary: 'The rate tables of a folder, as a job: each with table, columns and rows' })
  tables(@Req() request: IncomingMessage, @Query() question: RowsQuestion, @Told() told: Context): Started {
    return this.imports.start('tables', request, question, told);
  }

  @Post('people')
  @Rows()
  @Permit('people:write')
  @ApiOperation({ summary: 'The rows of people.csv, as a job' })
  people(@Req() request: IncomingMessage, @Query() question: RowsQuestion, @Told() told: Context): Started {
    return this.imports.start('people', request, question, told);
  }

  @Post('relations')
  @Rows()
  @Permit('people:write')
  @ApiOperation({ summary: 'The rows of relations.csv, as a job' })
  relations(@Req() request: IncomingMessage, @Query() question: RowsQuestion, @Told() told: Context): Started {
    return this.imports.start('relations', request, question, told);
  }

  @Post('rates')
  @Rows()
  @Permit('rates:write')
  @ApiOperation({ summary: 'The rows of rates.csv, as a job' })
  rates(@Req() request: IncomingMessage, @Query() question: RowsQuestion, @Told() told: Context): Started {
    return this.imports.start('rates', request, question, told);
  }

  // A manager may set quotas of those below, and not everybody's at once.
  @Post('quotas')
  @Rows()
  @Permit('company:write')
  @ApiOperation({ summary: 'The rows of quotas.csv, as a job' })
  quotas(@Req() request: IncomingMessage, @Query() question: RowsQuestion, @Told() told: Context): Started {
    return this.imports.start('quotas', request, question, told);
  }

  @Post('leaves')
  @Rows()
  @Permit('people:write')
  @ApiOperation({ summary: 'Leaves, as a job: each with participant, from and to' })
  leaves(@Req() request: IncomingMessage, @Query() question: LeaveRowsQuestion, @Told() told: Context): Started {
    return this.imports.start('leaves', request, question, told);
  }
}
