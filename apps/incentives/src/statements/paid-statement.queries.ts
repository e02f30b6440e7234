import { Inject, Injectable } from '@nestjs/common';
import type { StoredStatement } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE, type FedHistory, HISTORY, inTurns, type Scope, Turns } from '@attain/service';
import type { LocalDate } from '@attain/values';
import { requireIssued } from './require-issued.js';
import { JoinedStatements } from './stored-statements.js';
import { seenLines } from './withheld.rules.js';

/** Parts of statements in one read: each may have many lines, and other requests are served between reads. */
const PAGE = 10;

/** The statements of many periods, one after another. */
@Injectable()
export class PaidStatementQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /**
   * Every statement of each pay period that ends by a day, from the facts known at the start: issued statements of closed periods, and
   * for open ones the statements that a close of each in turn would issue. Default: up to the end of the latest pay period with a credit.
   * Statements, lines and differences outside the scope are left out. Throws NotReady while a closed period has unissued statements,
   * because the caller could not see that statements are missing.
   */
  async *upTo(scope: Scope, asOf?: LocalDate): AsyncGenerator<StoredStatement> {
    const { calendar } = this.history.company();
    const { head } = this.history;
    const turns = new Turns();
    const closed = new Map(this.history.closed().map(({ period, participants }) => [period, participants]));
    const periods = await inTurns(this.history.payPeriodsInSteps(asOf), turns);
    const shown = (statement: StoredStatement): StoredStatement =>
      scope.everyone
        ? statement
        : { ...statement, lines: seenLines(statement.participant, statement.lines, scope, calendar) };
    for await (const statement of this.issued(
      new Map(periods.flatMap(({ name }) => (closed.has(name) ? [[name, closed.get(name)!] as const] : []))),
    )) {
      if (scope.covers(statement.participant, calendar.period(statement.period))) yield shown(statement);
    }
    for (const period of periods) {
      if (closed.has(period.name)) continue;
      for (const statement of this.history.eachStatement(period.name, undefined, scope.covered(period), head)) {
        if (statement !== undefined) yield shown(statement);
        await turns.next();
      }
    }
  }

  /** `periods`: how many statements each of them has. */
  private async *issued(periods: ReadonlyMap<string, number>): AsyncGenerator<StoredStatement> {
    if (periods.size === 0) return;
    const found = new Map<string, number>();
    const statements = new JoinedStatements();
    for await (const page of this.store.readAll({ categories: ['statement'], page: PAGE })) {
      for (const event of page) {
        const issued = statements.take(event);
        if (issued === undefined || !periods.has(issued.statement.period)) continue;
        const { statement } = issued;
        found.set(statement.period, (found.get(statement.period) ?? 0) + 1);
        yield statement;
      }
    }
    for (const [period, count] of periods) requireIssued(period, found.get(period) ?? 0, count);
  }
}
