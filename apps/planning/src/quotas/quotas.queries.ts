import type { Filter, ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type ParticipantDocument, participantsProjection } from '../participants/participants.projection.js';
import { type QuotaDocument, quotasProjection } from './quotas.projection.js';

export interface QuotaFilter {
  readonly for?: string | undefined;
  readonly measure?: string | undefined;
  readonly period?: string | undefined;
}

@Injectable()
export class QuotasQueries {
  private readonly model: ReadModel<QuotaDocument>;
  private readonly people: ReadModel<ParticipantDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<QuotaDocument>(quotasProjection.name);
    this.people = models.model<ParticipantDocument>(participantsProjection.name);
  }

  /** Quotas of the scope's people; those of teams, regions and the company only for whoever sees everybody. */
  async list(scope: Scope, asked: QuotaFilter): Promise<QuotaDocument[]> {
    const equal: Filter = Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined));
    const visible = scope.everyone ? undefined : await this.own(scope, asked.for);
    if (visible?.length === 0) return [];
    return this.model.find({
      filter: { ...equal, ...(visible && { for: { in: visible } }) },
      sort: [{ field: 'for', order: 'ascending' }, { field: 'measure', order: 'ascending' }, { field: 'period', order: 'ascending' }],
      limit: 10_000,
    });
  }

  /** A team may be called like a person: its quota is not theirs unless the person exists. */
  private async own(scope: Scope, asked: string | undefined): Promise<string[]> {
    const ids = [...scope.participants].filter((id) => asked === undefined || id === asked);
    const known = await this.people.getMany(ids);
    return ids.filter((id) => known.has(id));
  }
}
