import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type Caller, IsDay, Permit, Reads, Scopes, Who } from '@attain/service';
import { IsOptional } from 'class-validator';
import { RowQueries } from './row.queries.js';

export class UpTo {
  @ApiPropertyOptional({ description: 'Default: the latest end of a pay period that holds a credit.', example: '2025-03-31' })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

@ApiTags('exports')
@Controller('exports')
export class RowsController {
  constructor(
    @Inject(RowQueries) private readonly queries: RowQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Get('lines.csv')
  @Permit('exports:read')
  @Reads('history')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'Every line that is earned as known at the cut, without differences: the same bytes on every machine' })
  lines(@Who() caller: Caller, @Query() { asOf }: UpTo): Promise<string> {
    return this.queries.lines(this.scopes.scopeOf(caller), asOf);
  }

  @Get('statements.csv')
  @Permit('exports:read')
  @Reads('history', 'issued-statements')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'Every line of every statement: issued ones of closed periods, previews of open periods that end by the cut' })
  statements(@Who() caller: Caller, @Query() { asOf }: UpTo): Promise<string> {
    return this.queries.statements(this.scopes.scopeOf(caller), asOf);
  }

  @Get('attainment.csv')
  @Permit('exports:read')
  @Reads('history')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'Quota, credit and attainment of everybody in every window, for other programs' })
  attainment(@Who() caller: Caller, @Query() { asOf }: UpTo): Promise<string> {
    return this.queries.attainment(this.scopes.scopeOf(caller), asOf);
  }
}
