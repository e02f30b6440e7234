import type { Deal, SupposedDeal } from '@attain/client';

/** A deal with the supposed closing. */
export interface Supposed {
  /** The source and id of a recorded deal, else a number that the page gives. */
  key: string;
  deal: Deal | undefined;
  amount: string;
  closed: string;
}

export function keyOf({ source, id }: Pick<Deal, 'source' | 'id'>): string {
  return `${source}:${id}`;
}

/** The body of the request; a deal without an amount keeps the recorded one. */
export function askedOf({ deal, amount, closed }: Supposed): SupposedDeal {
  const fields: Record<string, string> = amount === '' ? {} : { amount };
  return deal === undefined ? { closed, fields } : { source: deal.source, id: deal.id, closed, fields };
}
