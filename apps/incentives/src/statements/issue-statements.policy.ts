import { Inject, Injectable } from '@nestjs/common';
import { engineVersion } from '@attain/compensation';
import type { AttainEvent } from '@attain/contracts';
import { type Decoded, type Reaction, Transient } from '@attain/eventsourcing';
import { type FedHistory, HISTORY, NotReady, type Reacting, Turns } from '@attain/service';
import { type IssueStatement, statementDecider, statementId } from './statement.decider.js';
import { PARTS_AT_ONCE, partsOf } from './statement-parts.rules.js';

/**
 * A period is closed → everybody's statement of it is issued. If it receives the event again, as after a kill, it issues
 * missing statements and missing parts of statements.
 */
@Injectable()
export class IssueStatements implements Reacting {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  async react(event: Decoded<AttainEvent>): Promise<Reaction<typeof statementDecider>[]> {
    if (event.type !== 'PeriodClosed') return [];
    await this.history.reached(event.position).catch((error: unknown) => {
      // The event is retried instead of parked, because the history may still be read.
      throw error instanceof NotReady ? new Transient(error.message) : error;
    });
    // First the first append of each statement, then the second append, and so on.
    const appends: Reaction<typeof statementDecider>[][] = [];
    const turns = new Turns();
    for (const statement of this.history.eachStatement(event.data.period)) {
      if (statement !== undefined) {
        const parts = partsOf(statement, engineVersion) as unknown as IssueStatement['parts'];
        const id = statementId(statement.participant, statement.period);
        for (let at = 0; at * PARTS_AT_ONCE < parts.length; at += 1)
          (appends[at] ??= []).push({ decider: statementDecider, id, command: { do: 'issue', parts } });
      }
      await turns.next();
    }
    return appends.flat();
  }
}
