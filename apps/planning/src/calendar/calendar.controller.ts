import { Answers, IsPeriodName, Permit, Reads, rowsOf } from '@attain/service';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { CalendarQueries } from './calendar.queries.js';
import { CalendarPeriod } from './calendar.answers.js';

export class YearAsked {
  @ApiPropertyOptional({
    description: 'A fiscal year, or any period of it; the one of today when absent.',
    example: '2017',
  })
  @IsOptional()
  @IsPeriodName()
  year?: string;
}

@ApiTags('company')
@Controller('calendar')
export class CalendarController {
  constructor(@Inject(CalendarQueries) private readonly queries: CalendarQueries) {}

  @Get()
  @Answers(rowsOf(CalendarPeriod))
  @Permit('company:read')
  @Reads('calendar-periods')
  @ApiOperation({
    operationId: 'getCalendar',
    summary: 'The periods of a fiscal year in the order in which they close, each open or closed',
  })
  async year(@Query() { year }: YearAsked): Promise<{ rows: CalendarPeriod[] }> {
    return { rows: await this.queries.year(year) };
  }
}
