import { compareBytes, Exact } from '@attain/values';
import type { Share } from '../facts/deals.js';

/**
 * Shares of an amount in minor units: each is cut to whole ones and what is left goes to the largest remainders, ties by
 * participant id; a plain number is shared exactly. Parts sum to the shares' part of the amount (of shares that are not
 * 100 % together, rounded half-up); a remainder below a whole unit stays with the next in that order.
 */
export function cutShares(amount: Exact, shares: readonly Share[], isMoney: boolean): readonly Exact[] {
  const exact = shares.map(({ share }) => amount.times(share));
  if (!isMoney) return exact;
  const whole = shares.reduce((sum, { share }) => sum.plus(share), Exact.zero);
  const sign = amount.sign() < 0 ? Exact.of(-1) : Exact.one;
  const total = whole.equals(Exact.one) ? amount.times(sign) : Exact.of(amount.times(sign).times(whole).round('half-up'));
  const parts = exact.map((part, index) => {
    const size = part.times(sign);
    const floor = Exact.of(size.floor());
    return { index, floor, rest: size.minus(floor) };
  });
  let left = parts.reduce((sum, { floor }) => sum.minus(floor), total);
  const cut = parts.map(({ floor }) => floor);
  const order = [...parts].sort((a, b) => b.rest.compare(a.rest) || compareBytes(shares[a.index]!.participant, shares[b.index]!.participant));
  for (const { index } of order) {
    if (left.sign() <= 0) break;
    const more = left.compare(Exact.one) < 0 ? left : Exact.one;
    cut[index] = cut[index]!.plus(more);
    left = left.minus(more);
  }
  return cut.map((part) => part.times(sign));
}

/** A record never counts more than once: at most its whole amount, whatever shares of it are credited. */
export function atMostWhole(credited: Exact, whole: Exact): Exact {
  return credited.abs().compare(whole.abs()) > 0 ? whole : credited;
}
