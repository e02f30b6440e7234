import { Exact } from './exact.js';

/** An amount in whole units and ten-thousandths of one, so that a store's own sums are exact in any currency. */
export interface Summand {
  readonly units: number;
  readonly parts: number;
}

const PER_UNIT = 10_000;
/** The range in which floating point is exact to the ten-thousandth. */
const SHORT = /^-?\d{1,11}(\.\d{1,4})?$/;

/** Of a plain decimal, rounded half-up to the ten-thousandth; null beyond 2^53, where sums would be wrong. */
export function summandOf(amount: string): Summand | null {
  if (SHORT.test(amount)) {
    const parts = Math.round(Number(amount) * PER_UNIT);
    const units = Math.floor(parts / PER_UNIT);
    return { units, parts: parts - units * PER_UNIT };
  }
  const exact = Exact.parse(amount);
  const units = exact.floor();
  if (!Number.isSafeInteger(Number(units))) return null;
  return {
    units: Number(units),
    parts: Number(exact.minus(Exact.of(units)).times(Exact.of(PER_UNIT)).round('half-up')),
  };
}

export function amountOf({ units, parts }: Summand): Exact {
  return Exact.of(units).plus(Exact.of(parts, PER_UNIT));
}
