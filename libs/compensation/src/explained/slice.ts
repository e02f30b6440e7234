import type { StatementLine } from '@attain/contracts';

export type Trace = StatementLine['trace'];
export type Input = Trace['inputs'][number];
export type Slice = Trace['slices'][number];

/** An amount without a rate, such as a difference of roundings. */
export function slice(amount: string, credited = '0', rate = '0%'): Slice {
  return { tier: null, from: null, to: null, credited, rate, amount, adds: null };
}
