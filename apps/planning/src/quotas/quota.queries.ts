import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope, shownRows } from '@attain/service';
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
   * Quotas of people whom the scope shows throughout the quota's period, and on the day `on` if there is one. Those of teams,
   * regions and the company are for callers who see everybody.
   */
  async list(scope: Scope, asked: QuotaFilter, on?: LocalDate): Promise<QuotaDocument[]> {
    const visible = await shownPeople(this.persons, scope, asked.for, on);
    if (visible?.length === 0) return [];
    const calendar = calendarOf(await this.company.company());
    return shownRows(this.model, {
      asked: { ...asked },
      ...(visible && { filter: { for: { in: visible } } }),
      order: ['for', 'measure', 'period'],
      isShown: (row) => scope.everyone || scope.covers(row.for, calendar.period(row.period)),
    });
  }
}
