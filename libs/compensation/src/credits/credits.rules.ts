import { compareBytes, Exact } from '@attain/values';
import type { Share } from '../facts/records.js';

/**
 * Cuts an amount in minor units into shares. Whole units are cut to whole units; the rest goes to the largest
 * remainders, ties by participant id, and a fraction of a unit to the first of them. A plain number is shared exactly.
 * The parts sum to the shares' part of the amount; its whole units are rounded half-up if the shares are not 100 %
 * together.
 */
export function cutShares(amount: Exact, shares: readonly Share[], isMoney: boolean): readonly Exact[] {
  if (!isMoney) return shares.map(({ share }) => amount.times(share));
  const all = shares.reduce((sum, { share }) => sum.plus(share), Exact.zero);
  const sign = amount.sign() < 0 ? Exact.of(-1) : Exact.one;
  const whole = Exact.of(amount.times(sign).floor());
  const fraction = amount.times(sign).minus(whole).times(all);
  const parts = shares.map(({ share }, index) => {
    const size = whole.times(share);
    const floor = Exact.of(size.floor());
    return { index, floor, rest: size.minus(floor) };
  });
  let left = parts.reduce((sum, { floor }) => sum.minus(floor), Exact.of(whole.times(all).round('half-up')));
  const cut = parts.map(({ floor }) => floor);
  const order = [...parts].sort(
    (a, b) => b.rest.compare(a.rest) || compareBytes(shares[a.index]!.participant, shares[b.index]!.participant),
  );
  if (order[0] !== undefined) cut[order[0].index] = cut[order[0].index]!.plus(fraction);
  for (const { index } of order) {
    if (left.sign() <= 0) break;
    cut[index] = cut[index]!.plus(Exact.one);
    left = left.minus(Exact.one);
  }
  return cut.map((part) => part.times(sign));
}

/** A record never counts more than once: credits are at most its whole amount, for any shares. */
export function atMostWhole(credited: Exact, whole: Exact): Exact {
  return credited.abs().compare(whole.abs()) > 0 ? whole : credited;
}
