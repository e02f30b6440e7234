import { Exact } from '@attain/values';
import { rank } from './ranking.rules.js';

const near = Exact.of(1, 5);
const few = Exact.of(1, 3);

/** To the hundredth, because more digits on a few days would be equations for quotas. */
export function wholePercent(attained: Exact): Exact {
  return Exact.parse(attained.toDecimal(2, 'half-up'));
}

/**
 * Whether percents would disclose amounts, because many have about the reader's own quota: the quotas of more than a third of
 * the others lie within 20 % of some quota.
 */
export function tellAmounts(quotas: readonly Exact[]): boolean {
  const limit = Exact.of(quotas.length - 1).times(few);
  return quotas.some((quota) => {
    const reach = quota.abs().times(near);
    const close = quotas.filter((other) => other.minus(quota).abs().compare(reach) <= 0).length - 1;
    return Exact.of(close).compare(limit) > 0;
  });
}

export interface Published {
  rank: number;
  name: string;
  /** A whole percent; null if only the rank is shown. */
  attained: Exact | null;
}

/** Ranks follow from whole percents, so that the order discloses no more than the percents. */
export function published(
  standings: readonly { name: string; attained: Exact }[],
  showsPercent: (name: string) => boolean,
): Published[] {
  const whole = standings.map(({ name, attained }) => ({ name, attained: wholePercent(attained) }));
  return rank(whole).map((row) => ({ ...row, attained: showsPercent(row.name) ? row.attained : null }));
}
