import type { Deal, SupposedDeal } from '@attain/client';

/** A deal as the reader supposes it to be won. */
export interface Supposed {
  /** Of a recorded deal its source and id; else a number of the page's own. */
  key: string;
  deal: Deal | undefined;
  amount: string;
  closed: string;
}

export function keyOf({ source, id }: Pick<Deal, 'source' | 'id'>): string {
  return `${source}:${id}`;
}

/** What the server is asked; a deal without an amount keeps the recorded one. */
export function askedOf({ deal, amount, closed }: Supposed): SupposedDeal {
  const fields: Record<string, string> = amount === '' ? {} : { amount };
  return deal === undefined ? { closed, fields } : { source: deal.source, id: deal.id, closed, fields };
}
