import { Exact } from '@attain/values';
import type { Component } from '../plans/component.js';
import { type Ladder, payingStep, stepAt } from '../plans/tiers.rules.js';
import { areExact, type Entitling, NOTHING_RETROACTIVE, type Sizes, type WholeRounding } from './entitling.js';
import type { RateColumns } from './rate-columns.js';
import { commonDenominator, dividedRounded, scaled } from './slopes.rules.js';

/** The axis cut at the points where another tier pays: `tiers[reached][piece]`, -1 if none pays. */
export interface Pieces {
  readonly scale: number;
  /** The beginning of each piece, lowest first; the first begins at −∞. */
  readonly from: Float64Array;
  readonly tiers: readonly Int32Array[];
  readonly retroactive: Float64Array;
}

/** Without tiers, the base rate applies. */
export function flatEntitling(
  rates: RateColumns,
  { largestPaid }: Sizes,
  { mode, step }: WholeRounding,
): Entitling | null {
  if (!areExact(largestPaid * rates.largest)) return null;
  const { isFixed, units } = rates;
  const [base] = rates.rates;
  const amount = (index: number, paid: number) => {
    const at = isFixed ? 0 : index;
    return dividedRounded(paid * base![at]!, units[at]! * step, mode) * step;
  };
  return { scale: 1, retroactive: NOTHING_RETROACTIVE, amount };
}

/**
 * Tiers of a window with a rate for each record: the paid amount is spread evenly over the stretch of the axis.
 * `isOwn`: the paid measure is the axis.
 */
export function ladderEntitling(
  pieces: Pieces,
  { crossing }: Pick<Component, 'crossing'>,
  rates: RateColumns,
  sizes: Sizes,
  rounding: WholeRounding,
  isOwn: boolean,
): Entitling | null {
  const { scale, retroactive } = pieces;
  const reach = Math.max(sizes.axis * scale, ...pieces.from.subarray(1).map(Math.abs));
  const stretch = crossing !== 'split' ? 1 : isOwn ? scale : scale * Math.max(1, sizes.largestAxis);
  if (!areExact(reach, sizes.largestPaid * rates.largest * stretch)) return null;
  if (crossing !== 'split')
    return { scale, retroactive: NOTHING_RETROACTIVE, amount: whole(pieces, crossing === 'higher', rates, rounding) };
  const amount = isOwn
    ? ((rates.isFixed ? slicedAlike(pieces, rates, reach, rounding) : null) ?? sliced(pieces, rates, rounding))
    : spread(pieces, rates, rounding);
  return { scale, retroactive, amount };
}

/**
 * Like `sliced` if all records have the same rates: the difference between the pay up to both points, which is `base +
 * point * rate` in each piece. Null if such a sum is not exact for points up to `reach`.
 */
function slicedAlike(
  { scale, from, tiers }: Pieces,
  rates: RateColumns,
  reach: number,
  { mode, step }: WholeRounding,
): Entitling['amount'] | null {
  const last = from.length - 1;
  const lines = tiers.map((tierOf) => {
    const rate = Float64Array.from(tierOf, (tier) => (tier < 0 ? 0 : rates.rates[tier]![0]!));
    const base = new Float64Array(rate.length);
    for (let piece = 1; piece <= last; piece += 1)
      base[piece] = base[piece - 1]! + from[piece]! * (rate[piece - 1]! - rate[piece]!);
    return { rate, base };
  });
  const most = lines.reduce((size, { base }) => base.reduce((sum, one) => sum + Math.abs(one), size), 0);
  const unit = scale * rates.units[0]! * step;
  if (!areExact((most + reach * rates.largest) * 2, unit)) return null;
  return (_index, _paid, start, end, reached) => {
    const { rate, base } = lines[reached]!;
    let [one, other] = [last, last];
    while (from[one]! > start) one -= 1;
    while (from[other]! > end) other -= 1;
    const earned = base[other]! + end * rate[other]! - base[one]! - start * rate[one]!;
    return dividedRounded(earned, unit, mode) * step;
  };
}

/** Each slice of the axis at its own rate; the paid measure is the axis. */
function sliced(pieces: Pieces, rates: RateColumns, { mode, step }: WholeRounding): Entitling['amount'] {
  return (index, _, start, end, reached) => {
    const at = rates.isFixed ? 0 : index;
    const earned =
      end >= start
        ? alongPieces(pieces, rates, at, start, end, reached)
        : -alongPieces(pieces, rates, at, end, start, reached);
    return dividedRounded(earned, pieces.scale * rates.units[at]! * step, mode) * step;
  };
}

/** Like `sliced` if the axis is another measure; a record that does not move the axis is paid at its place. */
function spread(pieces: Pieces, rates: RateColumns, { mode, step }: WholeRounding): Entitling['amount'] {
  return (index, paid, start, end, reached) => {
    const at = rates.isFixed ? 0 : index;
    const unit = rates.units[at]! * step;
    if (start === end)
      return dividedRounded(paid * rateOf(pieces, rates, at, pieceAt(pieces, start), reached), unit, mode) * step;
    const [low, high] = start < end ? [start, end] : [end, start];
    return dividedRounded(paid * alongPieces(pieces, rates, at, low, high, reached), (high - low) * unit, mode) * step;
  };
}

/**
 * A record that crosses a bound is paid as a whole: by the tier of its beginning, or by the tier just below its end.
 */
function whole(
  pieces: Pieces,
  isHigher: boolean,
  rates: RateColumns,
  { mode, step }: WholeRounding,
): Entitling['amount'] {
  return (index, paid, start, end) => {
    const at = rates.isFixed ? 0 : index;
    const piece =
      isHigher && start !== end ? pieceBelow(pieces, Math.max(start, end)) : pieceAt(pieces, Math.min(start, end));
    return dividedRounded(paid * rateOf(pieces, rates, at, piece, 0), rates.units[at]! * step, mode) * step;
  };
}

function alongPieces(
  pieces: Pieces,
  rates: RateColumns,
  at: number,
  low: number,
  high: number,
  reached: number,
): number {
  const { from } = pieces;
  let piece = pieceAt(pieces, low);
  let [earned, begin] = [0, low];
  for (; ; piece += 1) {
    const next = piece + 1 < from.length ? from[piece + 1]! : Infinity;
    const end = next < high ? next : high;
    earned += (end - begin) * rateOf(pieces, rates, at, piece, reached);
    if (end >= high) return earned;
    begin = end;
  }
}

function rateOf({ tiers }: Pieces, { rates }: RateColumns, at: number, piece: number, reached: number): number {
  const tier = tiers[reached]![piece]!;
  return tier < 0 ? 0 : rates[tier]![at]!;
}

function pieceAt({ from }: Pieces, point: number): number {
  let piece = from.length - 1;
  while (from[piece]! > point) piece -= 1;
  return piece;
}

// A record that ends on a bound does not cross it.
function pieceBelow({ from }: Pieces, point: number): number {
  let piece = from.length - 1;
  while (from[piece]! >= point) piece -= 1;
  return piece;
}

/** Null if the bounds are not quotients of small whole numbers. */
export function piecesOf(ladder: Ladder): Pieces | null {
  const scale = commonDenominator(ladder.cuts);
  if (scale === null) return null;
  const cuts = ladder.cuts.filter((cut, index) => index === 0 || !cut.equals(ladder.cuts[index - 1]!));
  const from = Float64Array.of(Number.NEGATIVE_INFINITY, ...cuts.map((cut) => scaled(cut, scale)));
  const steps = ladder.steps.filter(({ back }) => back !== undefined);
  const retroactive = Float64Array.from(steps, (step) => scaled(step.from, scale));
  const [lowest] = cuts;
  const points = lowest === undefined ? [Exact.zero] : [lowest.minus(Exact.one), ...cuts];
  const tiers = [null, ...steps].map((step) =>
    Int32Array.from(
      points,
      (point) => (step === null ? stepAt(ladder, point) : payingStep(ladder, point, step.from))?.tier ?? -1,
    ),
  );
  return { scale, from, tiers, retroactive };
}
