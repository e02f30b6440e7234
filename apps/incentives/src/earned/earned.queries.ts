import { Inject, Injectable } from '@nestjs/common';
import type { Cut, Earned } from '@attain/compensation';
import type { StatementLine } from '@attain/contracts';
import { type FedHistory, HISTORY, periodNamed, type Scope } from '@attain/service';
import { minorDigits } from '@attain/values';
import { answerOf } from '../engine-refusals.js';

export interface EarnedAsked {
  participant: string;
  period: string;
  plan?: string;
  component?: string;
}
/** Amounts are decimal text in `currency`, the plan's. */
export interface EarnedAnswer extends EarnedAsked {
  amount: string;
  currency: string;
  lines: StatementLine[];
  /** What each record came to earn in the end, true-ups and cuts included. */
  byRecord: { record: Earned['byRecord'][number]['record']; amount: string }[];
  position: string;
}

@Injectable()
export class EarnedQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Computed anew at the cut, whatever was paid; throws OutOfScope outside the scope. */
  async earned(scope: Scope, asked: EarnedAsked, cut: Cut = {}): Promise<EarnedAnswer> {
    scope.require(asked.participant);
    periodNamed(this.history.company(cut).calendar, asked.period);
    const { amount, currency, lines, byRecord } = answerOf(() => this.history.earned(asked, cut));
    const digits = minorDigits(currency);
    return {
      ...asked,
      amount: amount.toDecimal(digits, 'half-up'),
      currency,
      lines,
      byRecord: byRecord.map((one) => ({ record: one.record, amount: one.amount.toDecimal(digits, 'half-up') })),
      position: String(this.history.head),
    };
  }
}
