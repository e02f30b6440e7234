import type { Exact, Rounding } from '@attain/values';
import type { Ladder } from '../plans/tiers.rules.js';

/**
 * The pay of a window's tiers up to a point of the axis, as straight lines in whole numbers: the input is `scale` times
 * the point, the result is `unit` times minor units. Only for tiers that pay their own slice at a fixed rate.
 */
export interface Slopes {
  readonly scale: number;
  readonly unit: number;
  /** The beginnings of the lines, lowest first; the first begins at −∞. */
  readonly from: Float64Array;
  readonly rate: Float64Array;
  /** The pay up to each beginning. */
  readonly paid: Float64Array;
}

/** Whole numbers for fixed rates: each `rates[i] / unit`. */
export interface Rates {
  readonly unit: number;
  readonly rates: readonly number[];
  readonly largest: number;
}

export function ratesOf(factors: readonly Exact[]): Rates | null {
  const unit = commonDenominator(factors);
  if (unit === null) return null;
  const rates = factors.map((factor) => scaled(factor, unit));
  return { unit, rates, largest: Math.max(1, ...rates.map(Math.abs)) };
}

/**
 * The lines of a ladder whose i-th tier pays `rates[i]`; null if its bounds are not quotients of small whole numbers.
 */
export function slopesOf(ladder: Ladder, { unit, rates }: Rates): Slopes | null {
  const { steps } = ladder;
  const scale = commonDenominator(steps.map((step) => step.from));
  if (scale === null) return null;
  const from = [Number.NEGATIVE_INFINITY];
  // A first tier that begins at 0 also applies below 0.
  const rate = [steps[0] !== undefined && steps[0].from.isZero() ? rates[steps[0].tier]! : 0];
  for (const [index, step] of steps.entries()) {
    const start = scaled(step.from, scale);
    if (index === 0 && start === 0) continue;
    from.push(start);
    rate.push(rates[step.tier]!);
  }
  const paid = [0];
  for (let i = 1; i < from.length; i += 1)
    paid.push(i === 1 ? 0 : paid[i - 1]! + (from[i]! - from[i - 1]!) * rate[i - 1]!);
  return {
    scale,
    unit: scale * unit,
    from: Float64Array.from(from),
    rate: Float64Array.from(rate),
    paid: Float64Array.from(paid),
  };
}

/** The pay from the first bound up to a point; the pay of a stretch is the difference of two of them. */
export function paidUpTo({ from, rate, paid }: Slopes, point: number): number {
  let i = from.length - 1;
  while (i > 0 && from[i]! > point) i -= 1;
  if (i > 0) return paid[i]! + (point - from[i]!) * rate[i]!;
  return from.length === 1 ? point * rate[0]! : (point - from[1]!) * rate[0]!;
}

/** The nearest whole number to a quotient of whole numbers below 2^53, symmetric in sign. */
export function dividedRounded(numerator: number, denominator: number, mode: Rounding): number {
  const size = numerator < 0 ? -numerator : numerator;
  let whole = Math.floor(size / denominator);
  let rest = size - whole * denominator;
  // The quotient of two such numbers can be one too high.
  if (rest < 0) {
    whole -= 1;
    rest += denominator;
  }
  const twice = rest - (denominator - rest);
  if (twice > 0 || (twice === 0 && (mode === 'half-up' || whole % 2 === 1))) whole += 1;
  return numerator < 0 ? 0 - whole : whole;
}

/** The columns of a window's records; those from `first` up to and without `after` are paid one after another. */
export interface Stretches {
  readonly full: Float64Array;
  readonly left: Float64Array;
  readonly payable: Uint8Array;
  readonly first: number;
  readonly after: number;
  /** Index of the record at which `earned` and `taken` begin. */
  readonly offset: number;
  readonly earned: Float64Array;
  readonly taken: Float64Array | null;
  /** Whether the sum restarts at 0 for each record. */
  readonly restarts: boolean;
}

/**
 * The earnings of each record of a window on its full amount, in minor units rounded to a multiple of `step`, and the
 * part that its reversal takes back; the running sum continues with the rest. Gives the same as `paidUpTo` and
 * `dividedRounded` at each record, but stays on the line of the sum.
 */
export function payStretches(
  slopes: Slopes,
  { mode, step }: { mode: Rounding; step: number },
  stretches: Stretches,
): { minor: number; reversed: number } {
  const { full, left, payable, first, after, offset, earned, taken, restarts } = stretches;
  const { scale, from } = slopes;
  const unit = slopes.unit * step;
  const inverse = 1 / unit;
  const isHalfUp = mode === 'half-up';
  const last = from.length - 1;
  const paidAtZero = paidUpTo(slopes, 0);
  let [sum, paid, minor, reversed] = [0, paidAtZero, 0, 0];
  let line = last;
  while (line > 0 && from[line]! > 0) line -= 1;
  let [low, high] = [from[line]!, line < last ? from[line + 1]! : Infinity];
  let [rate, base] = lineAt(slopes, line);
  for (let i = first; i < after; i += 1) {
    const kept = left[i]!;
    const end = sum + kept * scale;
    if (end >= high || end < low) {
      line = last;
      while (line > 0 && from[line]! > end) line -= 1;
      [low, high] = [from[line]!, line < last ? from[line + 1]! : Infinity];
      [rate, base] = lineAt(slopes, line);
    }
    const paidToEnd = base + end * rate;
    if (payable[i] === 1) {
      const numerator = paidToEnd - paid;
      const size = numerator < 0 ? -numerator : numerator;
      let whole = Math.floor(size * inverse);
      let rest = size - whole * unit;
      // The product with an inverse can be off by one.
      if (rest < 0) {
        whole -= 1;
        rest += unit;
      } else if (rest >= unit) {
        whole += 1;
        rest -= unit;
      }
      const twice = rest - (unit - rest);
      if (twice > 0 || (twice === 0 && (isHalfUp || whole % 2 === 1))) whole += 1;
      const amount = (numerator < 0 ? 0 - whole : whole) * step;
      if (kept === full[i]) {
        earned[i - offset] = amount;
        minor += amount;
      } else {
        const own = dividedRounded(paidUpTo(slopes, sum + full[i]! * scale) - paid, unit, mode) * step;
        earned[i - offset] = own;
        taken![i - offset] = amount - own;
        minor += amount;
        reversed += 1;
      }
    }
    if (restarts) continue;
    sum = end;
    paid = paidToEnd;
  }
  return { minor, reversed };
}

// A line as `base + point * rate`.
function lineAt({ from, rate, paid }: Slopes, line: number): [rate: number, base: number] {
  const anchor = line > 0 ? line : 1;
  return [rate[line]!, from.length === 1 ? 0 : paid[anchor]! - from[anchor]! * rate[line]!];
}

export function commonDenominator(numbers: readonly Exact[]): number | null {
  let common = 1;
  for (const number of numbers) {
    const ratio = number.ratio();
    if (ratio === undefined) return null;
    common *= ratio[1] / divisor(common, ratio[1]);
    if (common > 1e12) return null;
  }
  return common;
}

export function scaled(number: Exact, scale: number): number {
  const [numerator, denominator] = number.ratio()!;
  return numerator * (scale / denominator);
}

function divisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
