import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import { type FedHistory, HISTORY, periodNamed, type Scope } from '@attain/service';
import { minorDigits } from '@attain/values';
import { answerOf } from '../engine-refusals.js';
import { Facts } from '../statements/facts.js';
import type { DifferenceAnswer } from './differences.answers.js';

export type { DifferenceAnswer } from './differences.answers.js';

@Injectable()
export class DifferenceQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  /** The change of earnings between two cuts, with its causes in the order in which they became known. Throws OutOfScope. */
  async between(
    scope: Scope,
    of: { participant: string; period: string },
    from: Cut,
    to: Cut,
  ): Promise<DifferenceAnswer> {
    const when = periodNamed(this.history, of.period);
    scope.require(of.participant, when);
    periodNamed(this.history, of.period, this.history.company(to).calendar);
    const position = String(this.history.head);
    const { total, currency, causes } = answerOf(() => this.history.difference(of, from, to));
    const digits = minorDigits(currency);
    const answer: DifferenceAnswer = {
      ...of,
      total: total.toDecimal(digits, 'half-up'),
      currency,
      causes: [],
      position,
    };
    for (const { kind, amount, recorded, event } of causes) {
      answer.causes.push({
        kind,
        amount: amount.toDecimal(digits, 'half-up'),
        recorded,
        fact: await this.facts.cause(event, scope, { participant: of.participant, when }),
      });
    }
    return answer;
  }
}
