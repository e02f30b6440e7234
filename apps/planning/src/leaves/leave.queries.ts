import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type LeaveDocument, leavesProjection } from './leaves.projection.js';

@Injectable()
export class LeaveQueries {
  private readonly model: ReadModel<LeaveDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<LeaveDocument>(leavesProjection.name);
  }

  /** Leaves of people whom the scope shows on the first day of the leave. */
  async list(scope: Scope, participant: string | undefined): Promise<LeaveDocument[]> {
    const rows = await this.model.find({
      filter: participant === undefined ? {} : { participant },
      sort: [
        { field: 'participant', order: 'ascending' },
        { field: 'from', order: 'ascending' },
      ],
      limit: 10_000,
    });
    return scope.everyone ? rows : rows.filter((row) => scope.covers(row.participant, row.from));
  }
}
