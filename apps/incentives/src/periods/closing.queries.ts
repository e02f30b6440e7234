import { Inject, Injectable } from '@nestjs/common';
import type { Closing } from '@attain/compensation';
import type { Statement, StatementLine, WaitingChange, Warning } from '@attain/contracts';
import type { Clock, EventStore } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, type FedHistory, HISTORY, inTurns, Turns } from '@attain/service';
import { Exact, minorDigits } from '@attain/values';
import { closingsOf, knownBy, exceptionsOf, type OpenException } from './closing.rules.js';

export interface ClosingStatement extends Pick<Statement, 'participant' | 'currency' | 'earned' | 'payable'> {
  period: string;
  /** How many of each it has. */
  lines: number;
  exceptions: number;
}
export interface ClosingTotal {
  currency: string;
  payable: string;
  statements: number;
}
export interface ClosingDifference extends Pick<StatementLine, 'plan' | 'component' | 'record' | 'cause' | 'earned' | 'earnedCurrency' | 'payable' | 'payableCurrency'> {
  participant: string;
  /** The period whose statement has it, and the closed one that it concerns. */
  period: string;
  for: string | null;
}
/** What a close would do, as far as it is known now. */
export interface WouldClose {
  period: string;
  /** Every period that would close, in order, the one asked for last. */
  closes: string[];
  /** What is known up to this instant counts. */
  known: string;
  statements: ClosingStatement[];
  totals: ClosingTotal[];
  differences: ClosingDifference[];
  /** Late changes of closed periods that no statement has before somebody approves them; they keep nothing from closing. */
  waiting: (WaitingChange & { participant: string; period: string })[];
  /** They keep it from closing unless they are accepted with a reason. */
  exceptions: OpenException[];
  /** What is legal and probably a mistake; it keeps nothing from closing. */
  warnings: readonly Warning[];
}

@Injectable()
export class ClosingQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What closing a period would do. Refused PERIOD_CLOSED, PERIOD_UNKNOWN and PERIOD_NOT_OVER, as the close is. */
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
        participant, period: of, currency, earned, payable, lines: lines.length, exceptions: exceptions.length,
      })),
      totals,
      differences,
      waiting: statements.flatMap(({ participant, period: of, waiting = [] }) => waiting.map((change) => ({ participant, period: of, ...change }))),
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
  return [...totals].map(([currency, total]) => ({ currency, payable: total.payable.toDecimal(minorDigits(currency), 'half-up'), statements: total.statements }));
}

function differencesOf(closings: readonly Closing[]): ClosingDifference[] {
  return closings.flatMap(({ statements }) =>
    statements.flatMap(({ participant, period, lines }) =>
      lines
        .filter(({ kind }) => kind === 'difference')
        .map(({ for: concerned, plan, component, record, cause, earned, earnedCurrency, payable, payableCurrency }) => ({
          participant, period, for: concerned, plan, component, record, cause, earned, earnedCurrency, payable, payableCurrency,
        })),
    ),
  );
}
