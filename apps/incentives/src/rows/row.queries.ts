import { Inject, Injectable } from '@nestjs/common';
import { type FedHistory, HISTORY, inTurns, type Scope, Turns } from '@attain/service';
import type { LocalDate } from '@attain/values';
import type { AttainmentRow, LineRow } from '@attain/compensation';
import { PaidStatementQueries } from '../statements/paid-statement.queries.js';
import { attainmentCsv, linesCsv } from './csv.rules.js';

@Injectable()
export class RowQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(PaidStatementQueries) private readonly paid: PaidStatementQueries,
  ) {}

  /** What is earned, as known at the cut, as CSV, byte for byte as formats.md has it; only lines whose pay period and date the scope shows. */
  async lines(scope: Scope, asOf?: LocalDate): Promise<string> {
    const { calendar } = this.history.company();
    const shown = ({ participant, period, date }: LineRow) =>
      scope.everyone || (scope.covers(participant, calendar.period(period)) && scope.covers(participant, date));
    const rows: LineRow[] = [];
    const turns = new Turns();
    for (const row of this.history.eachRow(asOf)) {
      if (row === undefined) await turns.next();
      else if (shown(row)) rows.push(row);
    }
    return inTurns(linesCsv(rows), turns);
  }

  /** The lines of every statement up to the cut as CSV, in the form of `lines`. */
  async statements(scope: Scope, asOf?: LocalDate): Promise<string> {
    const rows: LineRow[] = [];
    for await (const statement of this.paid.upTo(scope, asOf)) rows.push(...this.history.statementRows(statement));
    return inTurns(linesCsv(rows));
  }

  /** Attainment of every person, team, region and the company that has a quota, as CSV; people in periods that the scope shows, groups only for those who see everybody. */
  async attainment(scope: Scope, asOf?: LocalDate): Promise<string> {
    const { calendar } = this.history.company();
    const rows: AttainmentRow[] = [];
    const turns = new Turns();
    for (const row of this.history.eachAttainmentRow(asOf)) {
      if (row === undefined) await turns.next();
      else if (scope.everyone || scope.covers(row.for, calendar.period(row.period))) rows.push(row);
    }
    return inTurns(attainmentCsv(rows), turns);
  }
}
