import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { READ_MODELS, type Scope, shownRows } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type LeaveDocument, leavesProjection } from './leaves.projection.js';

@Injectable()
export class LeaveQueries {
  private readonly model: ReadModel<LeaveDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<LeaveDocument>(leavesProjection.name);
  }

  /** Leaves of people whom the scope shows on the first day of the leave. */
  list(scope: Scope, participant: string | undefined): Promise<LeaveDocument[]> {
    return shownRows(this.model, {
      asked: { participant },
      order: ['participant', 'from'],
      isShown: (row) => scope.covers(row.participant, row.from),
    });
  }
}
