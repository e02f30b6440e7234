import { compareBytes, Exact } from '@attain/values';
import { rounded, type RoundingRule, spreadTotal } from '../plans/rounding.rules.js';

/** A participant in a contest or a pool. */
export interface Entrant {
  readonly participant: string;
  /**
   * The value that ranks the participant, or by which a pool is divided; null if undefined. Only a value above 0 takes
   * a place.
   */
  readonly value: Exact | null;
  meets(place: number): boolean;
}
/** The result of a contest for a participant; amounts in minor units. */
export interface Award {
  readonly participant: string;
  readonly value: Exact | null;
  /** The first and the last of the places that the participant takes; null for none. */
  readonly place: number | null;
  readonly last: number | null;
  readonly unrounded: Exact;
  readonly amount: bigint;
}

/**
 * Places by value, the highest first. Participants with the same value share as many places as there are participants.
 */
export function places(
  entrants: readonly Entrant[],
): readonly { readonly first: number; readonly tied: readonly Entrant[] }[] {
  const ranked = entrants
    .filter(({ value }) => value !== null && value.sign() > 0)
    .sort((a, b) => b.value!.compare(a.value!) || compareBytes(a.participant, b.participant));
  const groups: { first: number; tied: Entrant[] }[] = [];
  ranked.forEach((entrant, index) => {
    const group = groups.at(-1);
    if (group !== undefined && group.tied[0]!.value!.equals(entrant.value!)) group.tied.push(entrant);
    else groups.push({ first: index + 1, tied: [entrant] });
  });
  return groups;
}

/**
 * Prizes by place. Tied participants share the pooled prizes of their places, cents by largest remainder, ties by
 * participant; or each wins the first of these prizes. The prize of a place lapses for a participant who does not meet
 * its condition.
 */
export function prizesWon(
  entrants: readonly Entrant[],
  prizeOf: (place: number) => Exact,
  ties: 'share' | 'all',
  rule: RoundingRule,
): readonly Award[] {
  const won = new Map<string, Award>();
  for (const { first, tied } of places(entrants)) {
    const last = first + tied.length - 1;
    const shares = tied.map((entrant) =>
      ties === 'all' ? prizeAt(entrant, first, prizeOf) : sharedBy(entrant, first, tied.length, prizeOf),
    );
    const amounts = ties === 'all' ? shares.map((share) => rounded(share, rule)) : spreadTotal(shares, rule);
    tied.forEach(({ participant, value }, index) =>
      won.set(participant, {
        participant,
        value,
        place: first,
        last,
        unrounded: shares[index]!,
        amount: amounts[index]!,
      }),
    );
  }
  return entrants.map(
    ({ participant, value }) =>
      won.get(participant) ?? { participant, value, place: null, last: null, unrounded: Exact.zero, amount: 0n },
  );
}

/** Divides a pot in equal parts, or in proportion to a measure; cents by largest remainder, ties by participant. */
export function poolShares(
  entrants: readonly Entrant[],
  pot: Exact,
  by: 'equally' | 'value',
  rule: RoundingRule,
): readonly Award[] {
  const sharing = entrants
    .filter((entrant) => entrant.meets(1) && (by === 'equally' || (entrant.value !== null && entrant.value.sign() > 0)))
    .sort((a, b) => compareBytes(a.participant, b.participant));
  const weight = ({ value }: Entrant) => (by === 'equally' ? Exact.one : value!);
  const whole = sharing.reduce((sum, entrant) => sum.plus(weight(entrant)), Exact.zero);
  const shares = sharing.map((entrant) => pot.times(weight(entrant)).over(whole));
  const amounts = spreadTotal(shares, rule);
  const won = new Map(
    sharing.map(({ participant, value }, index) => [
      participant,
      { participant, value, place: null, last: null, unrounded: shares[index]!, amount: amounts[index]! },
    ]),
  );
  return entrants.map(
    ({ participant, value }) =>
      won.get(participant) ?? { participant, value, place: null, last: null, unrounded: Exact.zero, amount: 0n },
  );
}

function prizeAt(entrant: Entrant, place: number, prizeOf: (place: number) => Exact): Exact {
  return entrant.meets(place) ? prizeOf(place) : Exact.zero;
}

function sharedBy(entrant: Entrant, first: number, count: number, prizeOf: (place: number) => Exact): Exact {
  let sum = Exact.zero;
  for (let place = first; place < first + count; place += 1) sum = sum.plus(prizeAt(entrant, place, prizeOf));
  return sum.over(Exact.of(count));
}
