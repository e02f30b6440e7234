import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { minorOf, type Terms } from './terms.js';

/** A tier that exists, on the axis of a window. */
export interface Tier {
  readonly at: Exact;
  readonly index: number;
  /** The point from which a retroactive tier also pays below its bound; null if it is not retroactive. */
  readonly back: Exact | 'all' | null;
}
export interface Ladder {
  /** In the order of the document. */
  readonly tiers: readonly Tier[];
  readonly crossing: 'split' | 'higher' | 'lower';
}

/** A bound on the axis: a share of the quota, or a point of the axis; null if the quota is missing. */
export function boundOf(text: string, quota: Exact | null, unit: Exact): Exact | null {
  const value = Exact.parse(text);
  if (!text.endsWith('%')) return value.times(unit);
  if (quota === null || quota.sign() <= 0) return value.isZero() ? Exact.zero : null;
  return value.times(quota);
}

/** `exists`: whether the hurdle of a tier is met. */
export function ladderOf(
  { tiers = [], crossing = 'split' }: PlanComponent,
  quota: Exact | null,
  unit: Exact,
  exists: (tier: number) => boolean,
): Ladder {
  const found = tiers.flatMap((tier, index): Tier[] => {
    const at = boundOf(tier.from, quota, unit);
    if (at === null || !exists(index)) return [];
    const { retroactive = 'no' } = tier;
    return [
      {
        at,
        index,
        back: retroactive === 'no' ? null : retroactive === 'yes' ? 'all' : boundOf(retroactive, quota, unit),
      },
    ];
  });
  return { tiers: found, crossing };
}

/** The tier that pays for a point of the axis once the sum has reached some point; null for none. */
function tierAt({ tiers }: Ladder, point: Exact, reached: Exact): Tier | null {
  let own: Tier | null = null;
  for (const tier of tiers)
    if (tier.at.compare(point) <= 0 && (own === null || tier.at.compare(own.at) >= 0)) own = tier;
  const first = tiers.reduce<Tier | null>(
    (least, tier) => (least === null || tier.at.compare(least.at) < 0 ? tier : least),
    null,
  );
  if (own === null && first !== null && first.at.isZero()) own = first;
  let best = own;
  for (const tier of tiers) {
    if (tier.back === null || tier.at.compare(reached) > 0) continue;
    if (best !== null && (tier.at.compare(best.at) < 0 || (tier.at.equals(best.at) && tier.index < best.index)))
      continue;
    if (tier.back === 'all' || point.compare(tier.back) >= 0) best = tier;
  }
  return best;
}

/** The parts of a record's stretch, each with its share and its tier. */
export function partsOn(
  ladder: Ladder,
  start: Exact,
  end: Exact,
  reached: Exact,
): { share: Exact; tier: Tier | null }[] {
  if (start.equals(end)) return [{ share: Exact.one, tier: tierAt(ladder, start, reached) }];
  const [low, high] = start.compare(end) < 0 ? [start, end] : [end, start];
  const bounds = ladder.tiers
    .flatMap(({ at, back }) => [at, ...(back instanceof Exact ? [back] : [])])
    .filter((at) => at.compare(low) > 0 && at.compare(high) < 0);
  const points = [low, ...bounds.sort((a, b) => a.compare(b)), high];
  const pieces = points.slice(1).map((to, index) => ({ from: points[index]!, to }));
  const middle = ({ from, to }: { from: Exact; to: Exact }) => from.plus(to).over(Exact.of(2));
  const nothing = low.minus(Exact.of(10n ** 30n));
  if (ladder.crossing === 'lower') return [{ share: Exact.one, tier: tierAt(ladder, middle(pieces[0]!), nothing) }];
  if (ladder.crossing === 'higher')
    return [{ share: Exact.one, tier: tierAt(ladder, middle(pieces.at(-1)!), nothing) }];
  const length = high.minus(low);
  return pieces.map((piece) => ({
    share: piece.to.minus(piece.from).over(length),
    tier: tierAt(ladder, middle(piece), reached),
  }));
}

/**
 * The value of a curve at a point of the axis: 0 below its first point; if two points have the same place, the later
 * one applies.
 */
export function curveAt(points: readonly { at: Exact; value: Exact }[], beyond: string, point: Exact): Exact {
  const line = (a: { at: Exact; value: Exact }, b: { at: Exact; value: Exact }) =>
    a.value.plus(b.value.minus(a.value).times(point.minus(a.at)).over(b.at.minus(a.at)));
  if (point.compare(points[0]!.at) < 0) return Exact.zero;
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const [from, to] = [points[i]!, points[i + 1]];
    if (from.at.compare(point) > 0) continue;
    if (to !== undefined) return line(from, to);
    const before = points.filter(({ at }) => !at.equals(from.at)).at(-1);
    return beyond === 'continue' && before !== undefined ? line(before, from) : from.value;
  }
  return Exact.zero;
}

/** The points of a curve on the axis; null if they are shares of a missing quota. */
export function curvePoints(
  { component }: Terms,
  quota: Exact | null,
  unit: Exact,
  paidIn: string,
): { at: Exact; value: Exact }[] | null {
  const points = component.curve!.map(({ at, earns, rate, pays }) => {
    const isShare = at.endsWith('%');
    if (isShare && (quota === null || quota.sign() <= 0)) return null;
    return {
      at: boundOf(at, quota, unit)!,
      value: earns !== undefined ? Exact.parse(earns).times(minorOf(paidIn)) : Exact.parse(rate ?? pays!),
    };
  });
  return points.includes(null) ? null : (points as { at: Exact; value: Exact }[]);
}

/** The earnings of a whole window at a point: an amount, or a rate for all of it. */
export function earnedAt({ component }: Terms, points: readonly { at: Exact; value: Exact }[], point: Exact): Exact {
  const value = curveAt(points, component.beyond ?? 'flat', point);
  return component.curve![0]!.earns !== undefined ? value : value.times(point);
}
