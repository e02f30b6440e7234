import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope, shownRows } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { calendarOf, CompanyQueries } from '../company/company.queries.js';
import { type ParticipantDocument, participantsProjection } from '../participants/participants.projection.js';
import { shownPeople } from '../participants/shown-people.js';
import { type ObjectiveDocument, objectivesProjection } from './objectives.projection.js';

export interface ObjectiveFilter {
  readonly for?: string | undefined;
  readonly component?: string | undefined;
  readonly period?: string | undefined;
}

@Injectable()
export class ObjectiveQueries {
  private readonly model: ReadModel<ObjectiveDocument>;
  private readonly persons: ReadModel<ParticipantDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(CompanyQueries) private readonly company: CompanyQueries,
  ) {
    this.model = models.model<ObjectiveDocument>(objectivesProjection.name);
    this.persons = models.model<ParticipantDocument>(participantsProjection.name);
  }

  /** Objectives of people whom the scope shows throughout the period. Those of teams, regions and the company are for callers who see everybody. */
  async list(scope: Scope, asked: ObjectiveFilter): Promise<ObjectiveDocument[]> {
    const visible = await shownPeople(this.persons, scope, asked.for);
    if (visible?.length === 0) return [];
    const calendar = calendarOf(await this.company.company());
    return shownRows(this.model, {
      asked: { ...asked },
      ...(visible && { filter: { for: { in: visible } } }),
      order: ['for', 'component', 'period', 'name'],
      isShown: (row) => scope.everyone || scope.covers(row.for, calendar.period(row.period)),
    });
  }
}
