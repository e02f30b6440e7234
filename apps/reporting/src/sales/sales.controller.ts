import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, type Caller, IsDay, IsPeriodName, Permit, Reads, Scopes, Who } from '@attain/service';
import { IsIn, IsOptional } from 'class-validator';
import { type SalesBy, salesBy, SalesQueries } from './sales.queries.js';
import { SalesReport } from './sales.answers.js';

export class SalesQuestion {
  @ApiPropertyOptional({ enum: salesBy, default: 'company' })
  @IsOptional()
  @IsIn(salesBy)
  by?: SalesBy;

  @ApiPropertyOptional({ description: 'A period of the company’s calendar; or from and to.', example: '2017-Q1' })
  @IsOptional()
  @IsPeriodName()
  period?: string;

  @ApiPropertyOptional({ description: 'First closing date.', example: '2017-01-01' })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({ description: 'Last closing date.', example: '2017-12-31' })
  @IsOptional()
  @IsDay()
  to?: string;
}

@ApiTags('sales')
@Controller('sales')
export class SalesController {
  constructor(
    @Inject(SalesQueries) private readonly queries: SalesQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Get()
  @Answers(SalesReport)
  @Permit('sales:read')
  @Reads('sold-deals', 'history')
  @ApiOperation({
    operationId: 'getSales',
    summary: 'Won and lost sales, by rep, product, account, team, region, month or quarter',
  })
  report(@Who() caller: Caller, @Query() { by = 'company', ...asked }: SalesQuestion): Promise<SalesReport> {
    return this.queries.report(this.scopes.scopeOf(caller), { ...asked, by });
  }
}
