import type { Rounding } from '@attain/values';
import type { Component } from '../plans/component.js';

/** How the records of a window are paid, in whole numbers: points of the axis are in `1 / scale`. */
export interface Entitling {
  readonly scale: number;
  /** The beginnings of retroactive tiers, lowest first. */
  readonly retroactive: Float64Array;
  /**
   * The minor units that a record earns for `paid` while it moves the axis from `start` to `end`, after `reached`
   * retroactive tiers.
   */
  amount(index: number, paid: number, start: number, end: number, reached: number): number;
}

/** Rounds to a multiple of a whole number of minor units. */
export interface WholeRounding {
  readonly mode: Rounding;
  readonly step: number;
}

export function wholeRounding({ rounding: { mode, step } }: Component): WholeRounding {
  return { mode, step: step.wholeNumber()! };
}

/** Bounds of all numbers of a window: the sum of the absolute amounts, and the largest of them. */
export interface Sizes {
  readonly axis: number;
  readonly largestPaid: number;
  readonly largestAxis: number;
}

const HALF = 2 ** 52;

/**
 * Whether numbers up to these bounds, and differences of two of them, are whole numbers that a float holds. A
 * denominator may be larger, because it only divides such numbers and a result below one half becomes 0.
 */
export function areExact(...bounds: readonly number[]): boolean {
  return bounds.every((bound) => bound <= HALF);
}

export const NOTHING_RETROACTIVE = new Float64Array(0);
