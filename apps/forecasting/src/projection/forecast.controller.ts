import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  AsOf,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  IsId,
  Permit,
  Reads,
  Scopes,
  Who,
} from '@attain/service';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { type ForecastBy, forecastBy, ForecastQueries } from './forecast.queries.js';
import type { Every } from './series.rules.js';
import { Forecasts } from './projection.answers.js';

export class ForecastQuestion extends AsOf {
  @ApiPropertyOptional({ enum: forecastBy, default: 'team' })
  @IsOptional()
  @IsIn(forecastBy)
  by?: ForecastBy;

  @ApiPropertyOptional({ description: 'One team, region or participant only.' })
  @IsOptional()
  @IsId()
  for?: string;

  @ApiPropertyOptional({ description: 'Default: revenue, else the first measure by name.', example: 'revenue' })
  @IsOptional()
  @IsId()
  measure?: string;

  @ApiPropertyOptional({ enum: ['week', 'month'], default: 'week' })
  @IsOptional()
  @IsIn(['week', 'month'])
  every?: Every;

  @ApiPropertyOptional({ description: 'Weeks or months ahead, 1 to 53; default 13 weeks or 3 months.', example: '13' })
  @IsOptional()
  @Matches(/^([1-9]|[1-4]\d|5[0-3])$/, { message: 'expected 1 to 53' })
  horizon?: string;

  @ApiPropertyOptional({
    description: 'Share of outcomes that the interval is to hold, in percent, 50 to 95; default 80.',
    example: '80',
  })
  @IsOptional()
  @Matches(/^([5-8]\d|9[0-5])$/, { message: 'expected 50 to 95' })
  level?: string;
}

@ApiTags('forecast')
@Controller('forecast')
export class ForecastController {
  constructor(
    @Inject(ForecastQueries) private readonly queries: ForecastQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get()
  @Answers(Forecasts)
  @Permit('forecast:read')
  @Reads('history', 'board-deals')
  @ApiOperation({
    operationId: 'getForecast',
    summary: 'Forecast from history, with an interval and the error that back-testing found',
  })
  forecast(
    @Who() caller: Caller,
    @Query() { asOf, effective, by = 'team', horizon, level, ...asked }: ForecastQuestion,
  ): Promise<Forecasts> {
    const cut = cutOf({ asOf, effective }, this.history.company().timeZone);
    return this.queries.forecast(
      this.scopes.scopeOf(caller),
      { ...asked, by, ...(horizon && { horizon: Number(horizon) }), ...(level && { level: Number(level) / 100 }) },
      cut,
    );
  }
}
