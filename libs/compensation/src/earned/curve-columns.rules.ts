import { Exact } from '@attain/values';
import type { PlacedCurve } from '../plans/curves.rules.js';
import { areExact, type Entitling, NOTHING_RETROACTIVE, type Sizes, type WholeRounding } from './entitling.js';
import { commonDenominator, dividedRounded, scaled } from './slopes.rules.js';

/** The earnings of a curve up to a point `x` behind `from`: `square × x² + slope × x + base`. */
interface Line {
  readonly from: Exact;
  readonly square: Exact;
  readonly slope: Exact;
  readonly base: Exact;
}

/**
 * The lines of a curve in whole numbers: the input is in `1 / scale` of the axis, the result in `1 / unit` of a minor
 * unit.
 */
export interface CurveLines {
  readonly scale: number;
  readonly unit: number;
  readonly from: Float64Array;
  readonly square: Float64Array;
  readonly slope: Float64Array;
  readonly base: Float64Array;
}

/** Null if the lines are not quotients of small whole numbers. */
export function curveLines(curve: PlacedCurve): CurveLines | null {
  const lines = linesOf(curve);
  const scale = commonDenominator(lines.map(({ from }) => from));
  const unit = commonDenominator(lines.flatMap(({ square, slope, base }) => [square, slope, base]));
  if (scale === null || unit === null) return null;
  const column = (part: keyof Line, by: number) => Float64Array.from(lines, (line) => scaled(line[part], by));
  return {
    scale,
    unit,
    from: column('from', scale),
    square: column('square', unit),
    slope: column('slope', unit),
    base: column('base', unit),
  };
}

/** A record earns the rise of the curve between the record's start and its end. */
export function curveEntitling(
  { scale, unit, from, square, slope, base }: CurveLines,
  sizes: Sizes,
  { mode, step }: WholeRounding,
): Entitling | null {
  const earned = largest(square) * sizes.axis * sizes.axis + largest(slope) * sizes.axis + largest(base);
  if (!areExact(sizes.axis * scale, earned)) return null;
  const upTo = (point: number): number => {
    let line = from.length - 1;
    while (line >= 0 && from[line]! > point) line -= 1;
    if (line < 0) return 0;
    const x = point / scale;
    return (square[line]! * x + slope[line]!) * x + base[line]!;
  };
  return {
    scale,
    retroactive: NOTHING_RETROACTIVE,
    amount: (_, __, start, end) => dividedRounded(upTo(end) - upTo(start), unit * step, mode) * step,
  };
}

function largest(column: Float64Array): number {
  return column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/**
 * The lines between the points; the last line goes on behind the last point, and nothing is earned before the first
 * point.
 */
function linesOf({ kind, points, beyond }: PlacedCurve): Line[] {
  const lines: Line[] = [];
  const last = points.length - 1;
  points.forEach((point, index) => {
    const next = points[index + 1];
    // If two points have the same place, the later one applies.
    if (next?.at.equals(point.at) === true) return;
    const before =
      index === last && beyond === 'continue'
        ? points[points.findLastIndex(({ at }) => !at.equals(point.at))]
        : undefined;
    const rise = next !== undefined ? riseOf(point, next) : before !== undefined ? riseOf(before, point) : Exact.zero;
    const start = point.value.minus(rise.times(point.at));
    lines.push(
      kind === 'rate'
        ? { from: point.at, square: rise, slope: start, base: Exact.zero }
        : { from: point.at, square: Exact.zero, slope: rise, base: start },
    );
  });
  return lines;
}

function riseOf(
  a: { readonly at: Exact; readonly value: Exact },
  b: { readonly at: Exact; readonly value: Exact },
): Exact {
  return b.value.minus(a.value).over(b.at.minus(a.at));
}
