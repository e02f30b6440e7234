import { Exact } from '@attain/values';

/** Where an answer comes from: asked again at this position with these parameters, it is the same. */
export interface Source {
  report: string;
  parameters: Readonly<Record<string, string>>;
  /** Every event up to here is in the answer, none after it. */
  position: string;
  rows: number;
  /** What `controlTotal` sums, and the sum by currency (under `number` where it has none). */
  totalOf: string;
  controlTotal: Readonly<Record<string, string>>;
}

/** Parameters as text, absent ones left out, in the order given. */
export function parametersOf(asked: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Sums by currency, never across; `number` for what has none. */
export function totals(amounts: readonly { amount: Exact; currency: string | null }[]): Record<string, string> {
  const sums = new Map<string, Exact>();
  for (const { amount, currency } of amounts) sums.set(currency ?? 'number', (sums.get(currency ?? 'number') ?? Exact.zero).plus(amount));
  return Object.fromEntries([...sums].map(([currency, sum]) => [currency, sum.toString()]));
}
