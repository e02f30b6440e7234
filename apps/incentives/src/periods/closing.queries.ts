import { Inject, Injectable } from '@nestjs/common';
import type { Closing } from '@attain/compensation';
import type { Statement } from '@attain/contracts';
import type { Clock, EventStore } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, type FedHistory, HISTORY, inTurns, Turns } from '@attain/service';
import { Exact, minorDigits } from '@attain/values';
import { closingsOf, knownBy, exceptionsOf } from './closing.rules.js';
import type { ClosingDifference, ClosingTotal, WouldClose } from './periods.answers.js';

export type { ClosingDifference, ClosingStatement, ClosingTotal, WouldClose } from './periods.answers.js';

@Injectable()
export class ClosingQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The effect of closing a period. Refused PERIOD_CLOSED, PERIOD_UNKNOWN and PERIOD_NOT_OVER, like the close. */
  async wouldClose(period: string): Promise<WouldClose> {
    await this.history.reached(await this.store.head());
    const now = this.clock();
    const known = knownBy(this.history, now);
    const others = new Turns();
    const closings = await inTurns(closingsOf(this.history, period, now), others);
    await inTurns(this.history.prepare('warnings', { known }), others);
    const statements = closings.flatMap((closing) => closing.statements);
    await others.next();
    const totals = totalsOf(statements);
    await others.next();
    const differences = differencesOf(closings);
    await others.next();
    return {
      period,
      closes: closings.map(({ period: { name } }) => name),
      known,
      statements: statements.map(({ participant, period: of, currency, earned, payable, lines, exceptions }) => ({
        participant,
        period: of,
        currency,
        earned,
        payable,
        lines: lines.length,
        exceptions: exceptions.length,
      })),
      totals,
      differences,
      waiting: statements.flatMap(({ participant, period: of, waiting = [] }) =>
        waiting.map((change) => ({ participant, period: of, ...change })),
      ),
      exceptions: exceptionsOf(closings),
      warnings: this.history.warnings({ known }),
    };
  }
}

function totalsOf(statements: readonly Statement[]): ClosingTotal[] {
  const totals = new Map<string, { payable: Exact; statements: number }>();
  for (const { currency, payable } of statements) {
    const total = totals.get(currency) ?? { payable: Exact.zero, statements: 0 };
    totals.set(currency, { payable: total.payable.plus(Exact.parse(payable)), statements: total.statements + 1 });
  }
  return [...totals].map(([currency, total]) => ({
    currency,
    payable: total.payable.toDecimal(minorDigits(currency), 'half-up'),
    statements: total.statements,
  }));
}

function differencesOf(closings: readonly Closing[]): ClosingDifference[] {
  return closings.flatMap(({ statements }) =>
    statements.flatMap(({ participant, period, lines }) =>
      lines
        .filter(({ kind }) => kind === 'difference')
        .map(
          ({ for: concerned, plan, component, record, cause, earned, earnedCurrency, payable, payableCurrency }) => ({
            participant,
            period,
            for: concerned,
            plan,
            component,
            record,
            cause,
            earned,
            earnedCurrency,
            payable,
            payableCurrency,
          }),
        ),
    ),
  );
}
