import type { CompanyDocument } from '@attain/contracts';
import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  Command,
  CommandContext,
  IsId,
  OutOfScope,
  Permit,
  Reads,
  Reason,
  Refuses,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject } from 'class-validator';
import { IsRows } from './rows.validation.js';
import { CompanyCommands } from './company.commands.js';
import { Company } from './company.answers.js';
import { CompanyQueries } from './company.queries.js';

export class ConfigureCompany extends Reason {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'company.yaml as JSON, every scalar its text.',
    example: { company: 'Maven Hardware', currency: 'USD' },
  })
  @IsObject()
  document!: Record<string, unknown>;
}
export class DefineTable extends Reason {
  @ApiProperty({ description: 'In order; the last one answers.', example: ['line', 'rate'] })
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(50)
  @IsId({ each: true })
  columns!: string[];

  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'string' } }, example: [['hardware', '6%']] })
  @IsRows()
  rows!: string[][];
}

@ApiTags('company')
@Controller()
export class CompanyController {
  constructor(
    @Inject(CompanyCommands) private readonly commands: CompanyCommands,
    @Inject(CompanyQueries) private readonly queries: CompanyQueries,
  ) {}

  @Get('company')
  @Answers(Company)
  @Permit('company:read')
  @Reads('participants')
  @Refuses('NOT_FOUND')
  @ApiOperation({ operationId: 'getCompany', summary: 'The company: currency, calendar, measures, stages' })
  async company(): Promise<CompanyDocument> {
    const company = await this.queries.company();
    if (!company) throw new OutOfScope('No company is configured yet.');
    return company;
  }

  @Post('company')
  @Permit('company:write')
  @Command()
  @Refuses('MEASURE_IN_USE', 'CURRENCY_IN_USE', 'CALENDAR_IN_USE', 'TIME_ZONE_IN_USE')
  @ApiOperation({ operationId: 'configureCompany', summary: 'Configure the company; replaces the whole document' })
  configure(@Body() { document, reason }: ConfigureCompany, @CommandContext() context: Context): Promise<Outcome> {
    return this.commands.configure(document, because(context, reason));
  }

  @Post('tables/:table')
  @Permit('company:write')
  @Command()
  @Refuses('INVALID_TABLE')
  @ApiOperation({ operationId: 'defineTable', summary: 'Define a rate table; replaces its rows' })
  define(
    @Param('table') table: string,
    @Body() { columns, rows, reason }: DefineTable,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.defineTable({ table, columns, rows }, because(context, reason));
  }

  @Post('tables/:table/retract')
  @Permit('company:write')
  @Command()
  @ApiOperation({ operationId: 'retractTable', summary: 'Retract a rate table' })
  retract(
    @Param('table') table: string,
    @Body() { reason }: Reason,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.retractTable(table, because(context, reason));
  }
}
