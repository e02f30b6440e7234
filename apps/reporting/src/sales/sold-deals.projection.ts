import type { DealEvent, DealFields } from '@attain/contracts';
import type { Projection } from '@attain/eventsourcing';
import { Exact, type Summand, summandOf } from '@attain/values';

/**
 * A deal as the sales reports sum it. An amount is `units` and `parts` (ten-thousandths), so that sums are exact in any currency;
 * `reversed…` is its cancelled, refunded, churned or credited amount.
 */
export type SoldDeal = {
  deal: string;
  status: 'open' | 'won' | 'lost';
  owner: string | null;
  product: string | null;
  account: string | null;
  currency: string | null;
  closed: string | null;
  amount: string | null;
  units: number;
  parts: number;
  reversals: readonly SoldReversal[];
  /** Whether there are any. */
  reversed: boolean;
  reversedUnits: number;
  reversedParts: number;
};

interface SoldReversal {
  reversal: string;
  date: string;
  amount: string | null;
}

export const soldDealsProjection: Projection<SoldDeal, DealEvent> = {
  name: 'sold-deals',
  version: 2,
  indexes: [
    ['status', 'closed'],
    ['owner', 'closed'],
  ],
  blank: { owner: null, product: null, account: null, currency: null, closed: null, amount: null, reversals: [] },
  categories: ['deal'],
  keys: (event) => [event.stream.slice('deal-'.length)],
  evolve(document, event, key) {
    if (event.type === 'DealOpened') return opened(key, event.data.fields);
    if (!document) return undefined;
    switch (event.type) {
      case 'DealRepriced':
        return summed({ ...document, amount: event.data.amount, currency: event.data.currency });
      case 'DealRedated':
        return event.data.closed === undefined ? document : { ...document, closed: event.data.closed };
      case 'DealReassigned':
        return { ...document, owner: event.data.owner };
      case 'DealAmended': {
        const { product = document.product, account = document.account } = event.data.fields;
        return { ...document, product, account };
      }
      case 'DealWon':
        return { ...document, status: 'won', closed: event.data.closed };
      case 'DealLost':
        return { ...document, status: 'lost', closed: event.data.closed ?? document.closed };
      case 'DealReopened':
        // Reversals after a win are void if the win is undone.
        return summed({ ...document, status: 'open', reversals: [] });
      case 'DealReversed': {
        const { reversal, date, amount } = event.data;
        return summed({
          ...document,
          reversals: [...document.reversals.filter((other) => other.reversal !== reversal), { reversal, date, amount }],
        });
      }
      case 'DealReversalRetracted':
        return summed({
          ...document,
          reversals: document.reversals.filter(({ reversal }) => reversal !== event.data.reversal),
        });
      case 'DealRetracted':
        return undefined;
      case 'DealStageChanged':
      case 'DealSplit':
        return document;
    }
  },
};

function opened(deal: string, fields: DealFields): SoldDeal {
  return summed({
    deal,
    status: 'open',
    owner: fields['owner'] ?? null,
    product: fields['product'] ?? null,
    account: fields['account'] ?? null,
    currency: fields['currency'] ?? null,
    closed: fields['closed'] ?? null,
    amount: fields['amount'] ?? null,
    units: 0,
    parts: 0,
    reversals: [],
    reversed: false,
    reversedUnits: 0,
    reversedParts: 0,
  });
}

function summed(deal: SoldDeal): SoldDeal {
  const [whole, taken] = [partsOf(amountOf(deal)), partsOf(reversedOf(deal))];
  return {
    ...deal,
    units: whole.units,
    parts: whole.parts,
    reversed: deal.reversals.length > 0,
    reversedUnits: taken.units,
    reversedParts: taken.parts,
  };
}

/** The reversed amount of a deal, by all or some of its reversals. */
export function reversedOf(deal: Pick<SoldDeal, 'amount' | 'reversals'>, reversals = deal.reversals): Exact {
  // A reversal without an amount takes all that is left.
  if (reversals.some(({ amount }) => amount === null)) return amountOf(deal);
  return reversals.reduce((sum, { amount }) => sum.plus(Exact.parse(amount ?? '0')), Exact.zero);
}

function amountOf({ amount }: Pick<SoldDeal, 'amount'>): Exact {
  return amount === null || amount === '' ? Exact.zero : Exact.parse(amount);
}

export function partsOf(amount: Exact): Summand {
  const summand = summandOf(amount.toDecimal(4, 'half-up'));
  if (!summand) throw new RangeError(`an amount too large to be summed: ${amount}`);
  return summand;
}
