import { Exact } from '@attain/values';

/** A check that a type cannot express; a path is relative to the value. */
export type Check<Value> = (value: Value, problem: (path: (string | number)[], message: string) => void) => void;

export function sumOfShares(shares: readonly string[], problem: (message: string) => void): void {
  const sum = shares.reduce((all, share) => all.plus(Exact.parse(share)), Exact.zero);
  if (!sum.equals(Exact.one))
    problem(`the shares sum to ${sum.times(Exact.of(100)).toDecimal(2, 'half-up')}%, not to 100%`);
}
