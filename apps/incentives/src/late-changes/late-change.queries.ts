import { Inject, Injectable } from '@nestjs/common';
import type { ReadModels } from '@attain/eventsourcing';
import { type FedHistory, HISTORY, READ_MODELS, type Scope } from '@attain/service';
import { type DecidedChange, lateChangesProjection } from './late-changes.projection.js';
import type { LateChanges } from './late-changes.answers.js';

export type { LateChanges } from './late-changes.answers.js';

export interface LateChangeQuestion {
  participant?: string | undefined;
  /** The closed period that the changes concern. */
  period?: string | undefined;
}
@Injectable()
export class LateChangeQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  /** The review list: late changes of periods that the scope shows, by participant. */
  async list(scope: Scope, { participant, period }: LateChangeQuestion = {}): Promise<LateChanges> {
    const { calendar } = this.history.company();
    const shown = (whom: string, concerned: string) =>
      (participant === undefined || whom === participant) &&
      (period === undefined || concerned === period) &&
      (scope.everyone || scope.covers(whom, calendar.period(concerned)));
    const among = participant === undefined ? undefined : new Set([participant]);
    const waiting = this.history.waiting(undefined, among).filter((one) => shown(one.participant, one.for));
    const decided = await this.models.model<DecidedChange>(lateChangesProjection.name).find({
      filter: among === undefined ? {} : { participant: participant! },
      sort: [{ field: 'decided', order: 'descending' }],
      limit: 1000,
    });
    return { waiting, decided: decided.filter((one) => shown(one.participant, one.period)) };
  }
}
