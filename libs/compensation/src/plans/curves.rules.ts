import { Exact } from '@attain/values';

/** The values at the points of a curve: an amount, a rate for all of the axis, or a share of a target. */
export type CurveKind = 'earns' | 'rate' | 'pays';
interface CurvePoint {
  readonly at: Exact;
  /** Whether `at` is a share of the quota instead of a point of the axis. */
  readonly percent: boolean;
  /** Minor units of the plan's currency for `earns`, else a share. */
  readonly value: Exact;
  /** `at` as the plan writes it. */
  readonly written: string;
}
export interface Curve {
  readonly kind: CurveKind;
  readonly points: readonly CurvePoint[];
  /** The values behind the last point: its value, or the continued line. */
  readonly beyond: 'flat' | 'continue';
}

/** A curve with its points on the axis of a window. */
export interface PlacedCurve {
  readonly kind: CurveKind;
  readonly points: readonly { readonly at: Exact; readonly value: Exact; readonly written: string }[];
  readonly beyond: Curve['beyond'];
}

/** Null if points are shares of a quota that does not exist or is 0. */
export function placed({ kind, points, beyond }: Curve, quota: Exact | null): PlacedCurve | null {
  const isFounded = quota !== null && quota.sign() > 0;
  if (!isFounded && points.some(({ percent }) => percent)) return null;
  return {
    kind,
    beyond,
    points: points.map(({ at, percent, value, written }) => ({ at: percent ? at.times(quota!) : at, value, written })),
  };
}

/**
 * The value at a point of the axis: 0 below the first point; if two points have the same place, the later one applies.
 */
export function valueAt({ points, beyond }: PlacedCurve, at: Exact): Exact {
  const next = points.findIndex((point) => point.at.compare(at) > 0);
  if (next === 0) return Exact.zero;
  const last = points.length - 1;
  if (next > 0) return onLine(points[next - 1]!, points[next]!, at);
  const before = beyond === 'flat' ? -1 : points.findLastIndex((point) => !point.at.equals(points[last]!.at));
  return before < 0 ? points[last]!.value : onLine(points[before]!, points[last]!, at);
}

/** The earnings up to a point of the axis, in minor units; a rate pays for all of the axis up to there. */
export function earnedUpTo(curve: PlacedCurve, at: Exact): Exact {
  const value = valueAt(curve, at);
  return curve.kind === 'rate' ? value.times(at) : value;
}

/** A part of a stretch of the axis between two points of the curve. */
export interface CurvePart {
  readonly length: Exact;
  readonly amount: Exact;
  /** The points as the plan writes them; null before the first one and behind the last one. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The earnings of a record that moves the axis from `start` to `end`, by parts; they sum to the earnings of the curve
 * between both points.
 */
export function curveParts(curve: PlacedCurve, start: Exact, end: Exact): readonly CurvePart[] {
  const isUp = start.compare(end) <= 0;
  const [low, high] = isUp ? [start, end] : [end, start];
  const sign = isUp ? Exact.one : Exact.of(-1);
  const { points } = curve;
  const parts: CurvePart[] = [];
  let [from, earned] = [low, earnedUpTo(curve, low)];
  for (let index = 0; index <= points.length; index += 1) {
    const bound = points[index]?.at;
    if (bound !== undefined && bound.compare(from) <= 0) continue;
    const to = bound === undefined || bound.compare(high) > 0 ? high : bound;
    const upTo = earnedUpTo(curve, to);
    const length = to.minus(from);
    if (!length.isZero() || parts.length === 0) {
      const part = {
        length: length.times(sign),
        amount: upTo.minus(earned).times(sign),
        from: points[index - 1]?.written ?? null,
        to: points[index]?.written ?? null,
      };
      parts.push(part);
    }
    [from, earned] = [to, upTo];
    if (to.compare(high) >= 0) break;
  }
  return parts;
}

function onLine(a: { at: Exact; value: Exact }, b: { at: Exact; value: Exact }, at: Exact): Exact {
  const rise = b.value.minus(a.value);
  return a.value.plus(rise.times(at.minus(a.at)).over(b.at.minus(a.at)));
}
