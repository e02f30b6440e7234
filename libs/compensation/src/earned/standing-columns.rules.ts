import type { Cuts } from './cut-columns.rules.js';
import type { Entitling } from './entitling.js';

/** Records in their order: the paid amount of each and its movement of the axis, both full and after reversals. */
export interface StandingColumns {
  readonly full: Float64Array;
  readonly left: Float64Array;
  readonly axisFull: Float64Array;
  readonly axisLeft: Float64Array;
  readonly payable: Uint8Array;
}
/** The earnings of the records of a version, from the record at `offset` on. */
export interface Earning {
  readonly offset: number;
  /** The earnings of each record when it enters, on its full amount. */
  readonly earned: Float64Array;
  /** The part of them that its reversal takes back. */
  readonly taken: Float64Array | null;
  readonly trueUps: TrueUps;
  /** The changes of earlier records at the ends of pay periods, because of answers about the window. */
  readonly answered: Cuts;
}
/** The changes of earlier records' entitlements by later records, in the order of a statement. */
export interface TrueUps {
  readonly record: number[];
  readonly cause: number[];
  readonly amount: number[];
}

/**
 * Lets the records of a window enter one after another, and trues up earlier ones when the axis reaches a retroactive
 * tier. Returns the sum of all.
 */
export function enterWindow(
  columns: StandingColumns,
  { scale, retroactive, amount }: Entitling,
  { offset, earned, taken, trueUps }: Earning,
  first: number,
  after: number,
): { minor: number; reversed: number } {
  const { full, left, axisFull, axisLeft, payable } = columns;
  const isTruedUp = retroactive.length > 0;
  const [starts, entitled] = isTruedUp ? scratch(after - first) : NOTHING;
  let [sum, minor, reversed] = [0, 0, 0];
  let reached = stepsReached(retroactive, 0);
  for (let i = first; i < after; i += 1) {
    const end = sum + axisLeft[i]! * scale;
    const now = isTruedUp ? stepsReached(retroactive, end) : 0;
    if (payable[i] === 1) {
      const fullEnd = sum + axisFull[i]! * scale;
      const own = amount(i, full[i]!, sum, fullEnd, isTruedUp ? stepsReached(retroactive, fullEnd) : 0);
      let kept = own;
      if (full[i] !== left[i] || fullEnd !== end) {
        kept = amount(i, left[i]!, sum, end, now);
        taken![i - offset] = kept - own;
        reversed += 1;
      }
      earned[i - offset] = own;
      minor += kept;
      if (isTruedUp) [starts[i - first], entitled[i - first]] = [sum, kept];
    }
    sum = end;
    if (now === reached) continue;
    reached = now;
    for (let j = first; j < i; j += 1) {
      if (payable[j] === 0) continue;
      const start = starts[j - first]!;
      const anew = amount(j, left[j]!, start, start + axisLeft[j]! * scale, reached);
      const change = anew - entitled[j - first]!;
      if (change === 0) continue;
      entitled[j - first] = anew;
      minor += change;
      trueUps.record.push(j);
      trueUps.cause.push(i);
      trueUps.amount.push(change);
    }
  }
  return { minor, reversed };
}

const NOTHING = [new Float64Array(0), new Float64Array(0)] as const;
let [one, other] = NOTHING;

/**
 * Two reused columns. Each window overwrites them before it reads them, because allocating two for each window takes
 * longer than filling them.
 */
export function scratch(size: number): readonly [Float64Array, Float64Array] {
  if (one.length < size) [one, other] = [new Float64Array(size * 2), new Float64Array(size * 2)];
  return [one, other];
}

/** Each record in a window of its own. */
export function enterAlone(
  { full, left, axisFull, axisLeft, payable }: StandingColumns,
  { scale, retroactive, amount }: Entitling,
  { offset, earned, taken }: Earning,
  first: number,
  after: number,
): { minor: number; reversed: number } {
  let [minor, reversed] = [0, 0];
  for (let i = first; i < after; i += 1) {
    if (payable[i] === 0) continue;
    const fullEnd = axisFull[i]! * scale;
    const own = amount(i, full[i]!, 0, fullEnd, stepsReached(retroactive, fullEnd));
    let kept = own;
    if (full[i] !== left[i] || axisFull[i] !== axisLeft[i]) {
      const end = axisLeft[i]! * scale;
      kept = amount(i, left[i]!, 0, end, stepsReached(retroactive, end));
      taken![i - offset] = kept - own;
      reversed += 1;
    }
    earned[i - offset] = own;
    minor += kept;
  }
  return { minor, reversed };
}

export function stepsReached(bounds: Float64Array, point: number): number {
  let count = 0;
  while (count < bounds.length && bounds[count]! <= point) count += 1;
  return count;
}
