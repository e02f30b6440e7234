import type { DealEvent, DealFields } from '@attain/contracts';
import type { Decoded, Projection } from '@attain/eventsourcing';
import { summandOf } from '@attain/values';

/**
 * A deal as the board and its averages need it. `units` and `parts` (ten-thousandths) make up the amount, so that sums are exact
 * in any currency; `unpriced` is 1 when it has none.
 */
export type BoardDeal = {
  deal: string;
  status: 'open' | 'won' | 'lost';
  stage: string | null;
  product: string | null;
  account: string | null;
  owner: string | null;
  currency: string | null;
  units: number;
  parts: number;
  unpriced: 0 | 1;
  closed: string | null;
};

export const boardDealsProjection: Projection<BoardDeal, DealEvent> = {
  name: 'board-deals',
  version: 1,
  indexes: [
    ['status', 'closed'],
    ['status', 'owner'],
  ],
  blank: { stage: null, product: null, account: null, owner: null, currency: null, closed: null },
  categories: ['deal'],
  keys: (event) => [dealOf(event)],
  evolve(document, event, key) {
    if (event.type === 'DealOpened') return opened(key, event.data.fields);
    if (!document) return undefined;
    switch (event.type) {
      case 'DealStageChanged':
        return { ...document, stage: event.data.stage };
      case 'DealRepriced':
        return { ...document, currency: event.data.currency, ...amount(event.data.amount) };
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
        return { ...document, status: 'open' };
      case 'DealRetracted':
        return undefined;
      case 'DealSplit':
      case 'DealReversed':
      case 'DealReversalRetracted':
        return document;
    }
  },
};

function dealOf(event: Decoded<DealEvent>): string {
  return event.stream.slice('deal-'.length);
}

function opened(deal: string, fields: DealFields): BoardDeal {
  return {
    deal,
    status: 'open',
    stage: fields['stage'] ?? null,
    product: fields['product'] ?? null,
    account: fields['account'] ?? null,
    owner: fields['owner'] ?? null,
    currency: fields['currency'] ?? null,
    closed: fields['closed'] ?? null,
    ...amount(fields['amount'] ?? null),
  };
}

function amount(text: string | null): Pick<BoardDeal, 'units' | 'parts' | 'unpriced'> {
  if (text === null || text === '') return { units: 0, parts: 0, unpriced: 1 };
  const summand = summandOf(text);
  if (!summand) throw new RangeError(`an amount too large to be summed: ${text}`);
  return { ...summand, unpriced: 0 };
}
