import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { ReadModels } from '@attain/eventsourcing';
import { type Days, type FedHistory, HISTORY, periodNamed, READ_MODELS, type Scope, Turns } from '@attain/service';
import { type AcceptedException, acceptedExceptionsProjection } from './accepted-exceptions.projection.js';
import type { Exceptions } from './exceptions.answers.js';

export type { Exceptions } from './exceptions.answers.js';

@Injectable()
export class ExceptionQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  /** Reasons why a line or a late change is not paid, or pays 0 without a quota, for everybody whose pay period the scope shows. */
  async list(scope: Scope, cut: Cut = {}): Promise<Exceptions> {
    let withheld = 0;
    const seen = (participant: string, period: Days): boolean => {
      const covered = scope.covers(participant, period);
      if (!covered && scope.participants.has(participant)) withheld += 1;
      return covered;
    };
    if (cut.known === undefined && cut.effective === undefined) await this.prepare();
    const rows = this.history.exceptions(cut, { seen });
    return { rows, withheld };
  }

  /** Computes everybody's lines in turns with other requests; exceptions follow from them. */
  private async prepare(): Promise<void> {
    const turns = new Turns();
    for (const participant of new Set(this.history.people().map((row) => row.participant))) {
      this.history.lines(participant);
      await turns.next();
    }
  }

  /** The accepted exceptions of a period, with actor and reason, for everybody whose statement of it the scope shows. */
  async accepted(scope: Scope, period: string): Promise<AcceptedException[]> {
    const { name, from, to } = periodNamed(this.history, period, this.history.company().calendar);
    return this.models.model<AcceptedException>(acceptedExceptionsProjection.name).find({
      filter: { period: name, ...scope.filter('participant', { on: { from, to } }) },
      sort: [{ field: 'participant', order: 'ascending' }],
    });
  }
}
