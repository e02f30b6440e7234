import type { Rounding } from '@attain/values';
import type { Component } from '../plans/component.js';

/** How the records of a window are paid, in whole numbers: points of the axis are counted in parts of `1 / scale`. */
export interface Entitling {
  readonly scale: number;
  /** Where retroactive tiers begin, lowest first. */
  readonly retroactive: Float64Array;
  /** Minor units that a record earns for `paid` while it moves the axis from `start` to `end` and that many retroactive tiers are reached. */
  amount(index: number, paid: number, start: number, end: number, reached: number): number;
}

/** Rounding to a multiple of a whole number of minor units. */
export interface WholeRounding {
  readonly mode: Rounding;
  readonly step: number;
}

export function wholeRounding({ rounding: { mode, step } }: Component): WholeRounding {
  return { mode, step: step.wholeNumber()! };
}

/** What bounds all numbers of a window: the sums of the amounts, as if all were above 0, and the largest of them. */
export interface Sizes {
  readonly axis: number;
  readonly largestPaid: number;
  readonly largestAxis: number;
}

const HALF = 2 ** 52;

/**
 * Whether numbers up to these, and differences of two of them, are whole numbers that a float holds. A denominator may be larger: it
 * only divides such numbers, and what is less than half of it is 0.
 */
export function areExact(...bounds: readonly number[]): boolean {
  return bounds.every((bound) => bound <= HALF);
}

export const NOTHING_RETROACTIVE = new Float64Array(0);
