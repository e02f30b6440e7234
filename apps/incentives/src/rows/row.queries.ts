import { Inject, Injectable } from '@nestjs/common';
import { type FedHistory, HISTORY, type Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import { attainmentCsv, linesCsv } from './csv.rules.js';

@Injectable()
export class RowQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Lines as CSV, byte for byte as formats.md has it; only those of participants inside the scope. */
  async lines(scope: Scope, asOf?: LocalDate): Promise<string> {
    return linesCsv(this.history.rows(asOf).filter(({ participant }) => scope.covers(participant)));
  }

  /** Attainment of every person, team, region and the company that has a quota, as CSV; people inside the scope, groups only for those who see everybody. */
  async attainment(scope: Scope, asOf?: LocalDate): Promise<string> {
    return attainmentCsv(this.history.attainmentRows(asOf).filter((row) => scope.covers(row.for)));
  }
}
