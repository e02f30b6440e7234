import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import { type Decoded, type Reaction, Transient } from '@attain/eventsourcing';
import { type FedHistory, HISTORY, NotReady, type Reacting, Turns } from '@attain/service';
import { statementDecider, statementId } from './statement.decider.js';

/** A period is closed → everybody's statement of it is issued. Heard again, as after a kill, it issues those that are missing. */
@Injectable()
export class IssueStatements implements Reacting {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  async react(event: Decoded<AttainEvent>): Promise<Reaction<typeof statementDecider>[]> {
    if (event.type !== 'PeriodClosed') return [];
    await this.history.reached(event.position).catch((error: unknown) => {
      // A history that is still being read is no reason to park a close.
      throw error instanceof NotReady ? new Transient(error.message) : error;
    });
    const reactions: Reaction<typeof statementDecider>[] = [];
    const turns = new Turns();
    for (const statement of this.history.eachStatement(event.data.period)) {
      if (statement !== undefined) reactions.push({ decider: statementDecider, id: statementId(statement.participant, statement.period), command: { type: 'IssueStatement', statement } });
      await turns.next();
    }
    return reactions;
  }
}
