import { Inject, Injectable } from '@nestjs/common';
import { type FedHistory, HISTORY, type Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import { attainmentCsv, linesCsv } from './csv.rules.js';

@Injectable()
export class RowQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Lines as CSV, byte for byte as formats.md has it; only those whose pay period and date the scope shows. */
  async lines(scope: Scope, asOf?: LocalDate): Promise<string> {
    const { calendar } = this.history.company();
    return linesCsv(this.history.rows(asOf).filter(({ participant, period, date }) => scope.everyone || (scope.covers(participant, calendar.period(period)) && scope.covers(participant, date))));
  }

  /** Attainment of every person, team, region and the company that has a quota, as CSV; people in periods that the scope shows, groups only for those who see everybody. */
  async attainment(scope: Scope, asOf?: LocalDate): Promise<string> {
    const { calendar } = this.history.company();
    return attainmentCsv(this.history.attainmentRows(asOf).filter((row) => scope.everyone || scope.covers(row.for, calendar.period(row.period))));
  }
}
