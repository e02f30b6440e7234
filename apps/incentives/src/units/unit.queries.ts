import { Inject, Injectable } from '@nestjs/common';
import { unitEntries } from '@attain/compensation';
import { inTurns, type Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import type { StoredStatement } from '@attain/contracts';
import { unitsCsv } from '../rows/csv.rules.js';
import { PaidStatementQueries } from '../statements/paid-statement.queries.js';
import type { UnitRow } from './units.answers.js';

export type { UnitRow } from './units.answers.js';

/** Days off, points and other units that are not money: the amounts of statements, and the balances after them. */
@Injectable()
export class UnitQueries {
  constructor(@Inject(PaidStatementQueries) private readonly paid: PaidStatementQueries) {}

  /** Of each statement up to a day, as `PaidStatementQueries` has them, that the scope shows; by participant, unit and date. */
  async list(scope: Scope, asOf?: LocalDate, of: { participant?: string; unit?: string } = {}): Promise<UnitRow[]> {
    const statements: Pick<StoredStatement, 'participant' | 'period' | 'cut' | 'lines'>[] = [];
    for await (const { participant, period, cut, lines, currency } of this.paid.upTo(scope, asOf)) {
      const own = lines.filter(({ payableCurrency }) => payableCurrency !== currency);
      if (own.length > 0) statements.push({ participant, period, cut, lines: own });
    }
    return unitEntries(statements)
      .filter(({ participant, unit }) => (of.participant ?? participant) === participant && (of.unit ?? unit) === unit)
      .map((entry) => ({
        ...entry,
        balance:
          scope.everyone || scope.covers(entry.participant, { from: '0001-01-01', to: entry.date })
            ? entry.balance
            : null,
      }));
  }

  /** The same as CSV, for a system of personnel or rewards. */
  async csv(scope: Scope, asOf?: LocalDate): Promise<string> {
    return inTurns(
      unitsCsv((await this.list(scope, asOf)).map(({ balance, ...row }) => ({ ...row, balance: balance ?? '' }))),
    );
  }
}
