import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope, shownRows } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { calendarOf, CompanyQueries } from '../company/company.queries.js';
import { type ScoreDocument, scoresProjection } from './scores.projection.js';

@Injectable()
export class ScoreQueries {
  private readonly model: ReadModel<ScoreDocument>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(CompanyQueries) private readonly company: CompanyQueries,
  ) {
    this.model = models.model<ScoreDocument>(scoresProjection.name);
  }

  /** Scores of people whom the scope shows throughout the period of the score. */
  async list(
    scope: Scope,
    { participant, period }: { participant?: string | undefined; period?: string | undefined },
  ): Promise<ScoreDocument[]> {
    const calendar = calendarOf(await this.company.company());
    return shownRows(this.model, {
      asked: { participant, period },
      order: ['participant', 'period', 'objective'],
      isShown: (row) => scope.everyone || scope.covers(row.participant, calendar.period(row.period)),
    });
  }
}
