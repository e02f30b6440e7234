import type { Filter, ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { calendarOf, CompanyQueries } from '../company/company.queries.js';
import { type ParticipantDocument, participantsProjection } from '../participants/participants.projection.js';
import { shownPeople } from '../participants/shown-people.js';
import { type QuotaDocument, quotasProjection } from './quotas.projection.js';

export interface QuotaFilter {
  readonly for?: string | undefined;
  readonly measure?: string | undefined;
  readonly period?: string | undefined;
}

@Injectable()
export class QuotaQueries {
  private readonly model: ReadModel<QuotaDocument>;
  private readonly persons: ReadModel<ParticipantDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(CompanyQueries) private readonly company: CompanyQueries,
  ) {
    this.model = models.model<QuotaDocument>(quotasProjection.name);
    this.persons = models.model<ParticipantDocument>(participantsProjection.name);
  }

  /**
   * Quotas of people whose row the scope shows throughout the quota's period, also on the day `on` where one is named; those of
   * teams, regions and the company only for whoever sees everybody.
   */
  async list(scope: Scope, asked: QuotaFilter, on?: LocalDate): Promise<QuotaDocument[]> {
    const equal: Filter = Object.fromEntries(
      Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const visible = await shownPeople(this.persons, scope, asked.for, on);
    if (visible?.length === 0) return [];
    const calendar = calendarOf(await this.company.company());
    const rows = await this.model.find({
      filter: { ...equal, ...(visible && { for: { in: visible } }) },
      sort: [
        { field: 'for', order: 'ascending' },
        { field: 'measure', order: 'ascending' },
        { field: 'period', order: 'ascending' },
      ],
      limit: 10_000,
    });
    return scope.everyone ? rows : rows.filter((row) => scope.covers(row.for, calendar.period(row.period)));
  }
}
