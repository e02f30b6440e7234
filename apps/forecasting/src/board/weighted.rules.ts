import { Exact } from '@attain/values';

/** Deals with the same values of all fields of the board; `amount` is the sum of their amounts. */
export interface OpenDeals {
  key: string | null;
  stage: string | null;
  product: string | null;
  currency: string;
  deals: number;
  /** Of these, the deals without an amount. */
  unpriced: number;
  amount: Exact;
}
export interface Stage {
  name: string;
  probability: Exact | null;
  category: string | null;
}
/** The average amount of deals won so far. */
export interface WonAverage {
  product: string | null;
  currency: string;
  deals: number;
  amount: Exact;
}

/** The assumed amount of a deal without one, and the number of won deals that it is based on. */
interface Assumption {
  product: string | null;
  currency: string;
  /** The number of deals with the assumed amount. */
  deals: number;
  each: Exact;
  basis: 'won deals of the product' | 'all won deals';
  won: number;
}
interface WeightedRow {
  key: string | null;
  currency: string;
  deals: number;
  /** The sum of the stated amounts. */
  amount: Exact;
  /** The assumed amounts of deals without an amount. */
  assumed: Exact;
  /** (amount + assumed) × probability of the stage. */
  weighted: Exact;
}
export interface Weighted {
  rows: WeightedRow[];
  assumptions: Assumption[];
  /** Deals in the rows that could not be weighted. */
  left: { deals: number; currency: string; amount: Exact; why: string }[];
}

/**
 * Weighted pipeline: amount × probability of the stage, summed by key and currency. A deal without an amount counts with the
 * average of the won deals of its product in its currency, else of all won deals in it. Every deal is in a row. A deal whose
 * stage has no probability has no weight there, and is named.
 */
export function weigh(groups: readonly OpenDeals[], stages: readonly Stage[], won: readonly WonAverage[]): Weighted {
  const probabilities = new Map(stages.map(({ name, probability }) => [name, probability]));
  const rows = new Map<string, WeightedRow>();
  const assumptions = new Map<string, Assumption>();
  const left: Weighted['left'] = [];

  for (const group of groups) {
    const { key, currency, stage } = group;
    const probability = stage === null ? null : (probabilities.get(stage) ?? null);
    const each = probability !== null && group.unpriced > 0 ? averageOf(group, won) : undefined;
    if (probability === null)
      left.push({
        deals: group.deals,
        currency,
        amount: group.amount,
        why: stage === null ? 'no stage' : `the stage ${JSON.stringify(stage)} has no probability`,
      });
    else if (each) addTo(assumptions, each, group.unpriced);
    else if (group.unpriced > 0)
      left.push({
        deals: group.unpriced,
        currency,
        amount: Exact.zero,
        why: 'no amount, and nothing won to assume one from',
      });

    const assumed = each ? each.each.times(Exact.of(group.unpriced)) : Exact.zero;
    const at = JSON.stringify([key, currency]);
    const row = rows.get(at) ?? {
      key,
      currency,
      deals: 0,
      amount: Exact.zero,
      assumed: Exact.zero,
      weighted: Exact.zero,
    };
    rows.set(at, {
      ...row,
      deals: row.deals + group.deals,
      amount: row.amount.plus(group.amount),
      assumed: row.assumed.plus(assumed),
      weighted: row.weighted.plus(group.amount.plus(assumed).times(probability ?? Exact.zero)),
    });
  }
  return { rows: [...rows.values()], assumptions: [...assumptions.values()], left };
}

function averageOf(
  { product, currency }: OpenDeals,
  won: readonly WonAverage[],
): Omit<Assumption, 'deals'> | undefined {
  const here = won.filter((average) => average.currency === currency && average.deals > 0);
  const own = product === null ? [] : here.filter((average) => average.product === product);
  const basis = own.length > 0 ? own : here;
  const deals = basis.reduce((sum, average) => sum + average.deals, 0);
  if (deals === 0) return undefined;
  const amount = basis.reduce((sum, average) => sum.plus(average.amount), Exact.zero);
  return {
    product,
    currency,
    each: amount.over(Exact.of(deals)),
    basis: own.length > 0 ? 'won deals of the product' : 'all won deals',
    won: deals,
  };
}

function addTo(assumptions: Map<string, Assumption>, assumption: Omit<Assumption, 'deals'>, deals: number): void {
  const at = JSON.stringify([assumption.product, assumption.currency]);
  assumptions.set(at, { ...assumption, deals: (assumptions.get(at)?.deals ?? 0) + deals });
}

/** A category that is not named here, `omitted` for one, is in no roll-up. */
const rollUps: readonly { name: string; of: readonly string[] }[] = [
  { name: 'closed only', of: ['closed'] },
  { name: 'commit forecast', of: ['closed', 'commit'] },
  { name: 'most likely forecast', of: ['closed', 'commit', 'most likely'] },
  { name: 'best case forecast', of: ['closed', 'commit', 'most likely', 'best case'] },
  { name: 'open pipeline', of: ['commit', 'most likely', 'best case', 'pipeline'] },
];

/** Categories rolled up as Salesforce does: each forecast contains the surer categories too, the open pipeline all deals that are not closed. */
export function rollUp(amounts: ReadonlyMap<string, Exact>): { name: string; amount: Exact }[] {
  return rollUps.map(({ name, of }) => ({
    name,
    amount: of.reduce((sum, category) => sum.plus(amounts.get(category) ?? Exact.zero), Exact.zero),
  }));
}
