import { Exact } from '@attain/values';

export type { Source } from './source.answers.js';

/** Parameters as text, absent ones left out, in the order given. */
export function parametersOf(asked: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Sums of what may be added: of one currency, or of one measure. */
export function totals(amounts: readonly { amount: Exact; of: string }[]): Record<string, string> {
  const sums = new Map<string, Exact>();
  for (const { amount, of } of amounts) sums.set(of, (sums.get(of) ?? Exact.zero).plus(amount));
  return Object.fromEntries([...sums].map(([of, sum]) => [of, sum.toString()]));
}
