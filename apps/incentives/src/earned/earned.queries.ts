import { Inject, Injectable } from '@nestjs/common';
import type { Cut, Earned } from '@attain/compensation';
import type { StatementLine } from '@attain/contracts';
import { always, type FedHistory, HISTORY, periodNamed, type Scope } from '@attain/service';
import { Exact, minorDigits } from '@attain/values';
import { type Shown, shownLines, withheldFrom } from '../statements/withheld.rules.js';
import { answerOf } from '../engine-refusals.js';
import type { EarnedAnswer } from './earned.answers.js';

export type { EarnedAnswer } from './earned.answers.js';

export interface EarnedAsked {
  participant: string;
  period: string;
  plan?: string;
  component?: string;
}
@Injectable()
export class EarnedQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Computed anew at the cut, independent of payments; throws OutOfScope outside the scope. */
  async earned(scope: Scope, asked: EarnedAsked, cut: Cut = {}): Promise<EarnedAnswer> {
    const { calendar } = this.history.company();
    scope.require(asked.participant, periodNamed(this.history, asked.period, calendar));
    periodNamed(this.history, asked.period, this.history.company(cut).calendar);
    const found = answerOf(() => this.history.earned(asked, cut));
    const { currency } = found;
    const digits = minorDigits(currency);
    const own = scope.everyone || scope.spans(asked.participant)[0] === always;
    const at = new Map(found.lines.map((line, index) => [line, index]));
    const lines = own
      ? found.lines
      : shownLines(asked.participant, found.lines, scope, calendar, (line) => found.behind(at.get(line)!));
    const withheld = own ? { lines: 0, traces: 0 } : withheldFrom(found.lines, lines);
    const { amount, byRecord } = withheld.lines === 0 ? found : sumsOf(lines);
    return {
      ...asked,
      amount: amount.toDecimal(digits, 'half-up'),
      currency,
      lines,
      withheld,
      byRecord: byRecord.map((one) => ({ record: one.record, amount: one.amount.toDecimal(digits, 'half-up') })),
      position: String(this.history.head),
    };
  }
}

/** The total of the shown lines, and the amount of each record. */
function sumsOf(lines: readonly Shown<StatementLine>[]): Pick<Earned, 'amount' | 'byRecord'> {
  const records = new Map<string, { record: Earned['byRecord'][number]['record']; amount: Exact }>();
  let amount = Exact.zero;
  for (const { record, earned } of lines) {
    amount = amount.plus(Exact.parse(earned));
    if (record === null) continue;
    const key = JSON.stringify([record.source, record.id]);
    const known = records.get(key) ?? { record, amount: Exact.zero };
    records.set(key, { record, amount: known.amount.plus(Exact.parse(earned)) });
  }
  return { amount, byRecord: [...records.values()] };
}
