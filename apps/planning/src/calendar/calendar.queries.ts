import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { CLOCK, type FedHistory, HISTORY, periodNamed, READ_MODELS } from '@attain/service';
import type { Clock } from '@attain/eventsourcing';
import { dateOf } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { calendarOf, CompanyQueries, zoneOf } from '../company/company.queries.js';
import { type ClosedPeriodDocument, closedPeriodsProjection } from './calendar.projection.js';
import { type CalendarPeriod, periodsOf } from './calendar.rules.js';

@Injectable()
export class CalendarQueries {
  private readonly closed: ReadModel<ClosedPeriodDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(CompanyQueries) private readonly company: CompanyQueries,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.closed = models.model<ClosedPeriodDocument>(closedPeriodsProjection.name);
  }

  /** The periods of a fiscal year, by default the present one, each open or closed. */
  async year(name: string | undefined): Promise<CalendarPeriod[]> {
    const company = await this.company.company();
    const calendar = calendarOf(company);
    const year =
      name === undefined
        ? calendar.periodOf(dateOf(this.clock(), zoneOf(company)), 'year')
        : calendar.enclosing(periodNamed(this.history, name, calendar), 'year');
    const closed = await this.closed.find();
    return periodsOf(calendar, year, new Map(closed.map(({ period, known }) => [period, known])));
  }
}
