import type { ContestOutcome, Explained, Line } from '../earned/lines.js';
import { exactMoney } from '../plans/text.js';
import { type Explanation, leaf } from './explanation.js';

/** The prize of the participant's place with the ranking, or the participant's part of a pool. */
export function contestParts(
  { component: { paidIn } }: Line,
  { unrounded }: Explained,
  outcome: ContestOutcome,
): Explanation[] {
  return [leaf('prize', unrounded, paidIn, prizeText(outcome, paidIn), { ranking: outcome.ranking })];
}

function prizeText({ pot, isPool, place, last, ranking }: ContestOutcome, paidIn: string): string {
  const of = pot === null ? '' : ` of the pot ${exactMoney(pot, paidIn)} ${paidIn}`;
  if (isPool) {
    const count = ranking[0]?.participants.length ?? 0;
    return `a part${of}, which ${count === 1 ? 'one participant takes' : `${count} participants share`}`;
  }
  if (place === null) return 'no place, and so no prize';
  const ranked = ranking.reduce((sum, { participants }) => sum + participants.length, 0);
  if (place === last) return `the prize of place ${place} of ${ranked}${of}`;
  return `tied for places ${place} to ${last} of ${ranked}: the prizes${of}, by the rule for ties`;
}
