import { Inject, Injectable } from '@nestjs/common';
import type { Cut, TierLadder as Ladder } from '@attain/compensation';
import { type FedHistory, HISTORY, notFound, periodNamed, type Scope } from '@attain/service';
import { Exact, minorDigits } from '@attain/values';
import { answerOf } from '../engine-refusals.js';
import type { TierLadder } from './tiers.answers.js';

export type { TierLadder } from './tiers.answers.js';

@Injectable()
export class TierQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Of the windows that the scope shows as a whole; throws OutOfScope outside the scope. */
  ladders(scope: Scope, participant: string, period: string, cut?: Cut): TierLadder[] {
    const { name, from, to } = periodNamed(this.history, period);
    scope.require(participant, { from, to });
    const known = this.history.people().map((row) => row.participant);
    if (!known.includes(participant)) throw notFound(scope, { kind: 'participant', name: participant, known });
    return laddersSeen(
      scope,
      participant,
      answerOf(() => this.history.ladders({ participant, period: name }, cut)),
    );
  }
}

/** A window is shown only as a whole, because a part would disclose the credits of hidden days. */
export function laddersSeen(scope: Scope, participant: string, ladders: readonly Ladder[]): TierLadder[] {
  return ladders.filter(({ window }) => scope.covers(participant, window)).map(stated);
}

function stated({
  attained,
  quota,
  rungs,
  reached,
  currency,
  window: { name, from, to },
  ...rest
}: Ladder): TierLadder {
  const text = (amount: Exact) =>
    currency === null ? plain(amount) : amount.toDecimal(minorDigits(currency), 'half-up');
  const next = rungs[reached === null ? 0 : reached + 1];
  return {
    ...rest,
    window: { name, from, to },
    currency,
    attained: text(attained),
    quota: quota === null ? null : text(quota),
    share: quota === null || quota.sign() <= 0 ? null : attained.over(quota).toDecimal(6, 'half-up'),
    rungs: rungs.map((rung) => ({ ...rung, from: text(rung.from) })),
    reached,
    left: next === undefined ? null : text(next.from.minus(attained)),
  };
}

/** A number with infinitely many decimals is rounded. */
function plain(amount: Exact): string {
  const text = amount.toString();
  return text.includes('/') ? amount.toDecimal(6, 'half-up') : text;
}
