import type { DealEvent } from '@attain/contracts';
import type { Decoded, Projection } from '@attain/eventsourcing';
import { summandOf } from '@attain/values';
import { dealDecider, type DealState, type DealStatus } from './deal.decider.js';
import type { Reversal } from './reversals.rules.js';
import type { Shares } from './splits.rules.js';

/** A deal in its present state. Fields are texts, null if blank; `own` are those that the company defines. */
export type DealDocument = {
  readonly source: string;
  readonly id: string;
  readonly status: DealStatus;
  readonly name: string | null;
  readonly account: string | null;
  readonly product: string | null;
  readonly stage: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly quantity: string | null;
  readonly owner: string | null;
  readonly opened: string | null;
  readonly closed: string | null;
  readonly type: string | null;
  readonly region: string | null;
  readonly territory: string | null;
  readonly time: string | null;
  readonly own: Readonly<Record<string, string>>;
  readonly revenue: Shares;
  readonly overlay: Shares;
  readonly reversals: Readonly<Record<string, Reversal>>;
  /** The amount for sums; both null without an amount, or if it is too large to be summed. */
  readonly units: number | null;
  readonly parts: number | null;
};

const texts = [
  'name',
  'account',
  'product',
  'stage',
  'amount',
  'currency',
  'quantity',
  'owner',
  'opened',
  'closed',
  'type',
  'region',
  'territory',
  'time',
] as const;
const standard: ReadonlySet<string> = new Set(texts);

export const dealsProjection: Projection<DealDocument, DealEvent> = {
  name: 'deals',
  version: 2,
  categories: ['deal'],
  // Each index costs an import some of its time; a filter that none of them serves scans.
  indexes: [
    ['owner', 'closed'],
    ['status', 'stage'],
    // The order of the list of all deals.
    ['closed'],
  ],
  blank: {
    ...Object.fromEntries(texts.map((field) => [field, null])),
    own: {},
    revenue: {},
    overlay: {},
    reversals: {},
    units: null,
    parts: null,
  },
  keys: ({ stream }) => [stream.slice('deal-'.length)],
  evolve(document, event: Decoded<DealEvent>) {
    const place = event.type === 'DealOpened' ? event.data : document;
    // As the decider does it, without a detour over its state.
    if (document && event.type === 'DealWon') return { ...document, status: 'won', closed: event.data.closed };
    if (place === undefined) throw new Error(`${event.type} of a deal that was never opened`);
    const state = dealDecider.evolve(document ? stateOf(document) : dealDecider.initial, event as DealEvent);
    return state.status === 'none' ? undefined : documentOf(place.source, place.id, state.status, state);
  },
};

/** The deal as its decider knows it. */
export function stateOf(document: DealDocument): DealState {
  const fields: Record<string, string> = { ...document.own };
  for (const field of texts) {
    const value = document[field];
    if (value !== null) fields[field] = value;
  }
  const { status, revenue, overlay, reversals } = document;
  return { status, fields, revenue, overlay, reversals };
}

/** Whether a row of its source changes nothing. */
export function isUnchanged(
  document: DealDocument,
  status: DealStatus,
  fields: Readonly<Record<string, string>>,
): boolean {
  if (document.status !== status) return false;
  let own = 0;
  for (const field in fields) {
    if (standard.has(field)) continue;
    own += 1;
    if (document.own[field] !== fields[field]) return false;
  }
  return (
    texts.every((field) => document[field] === (fields[field] ?? null)) && Object.keys(document.own).length === own
  );
}

function documentOf(
  source: string,
  id: string,
  status: DealStatus,
  { fields, revenue, overlay, reversals }: DealState,
): DealDocument {
  const own: Record<string, string> = {};
  for (const field in fields) if (!standard.has(field)) own[field] = fields[field]!;
  const text = (field: string) => fields[field] ?? null;
  const { amount } = fields;
  const currency = text('currency');
  return {
    source,
    id,
    status,
    name: text('name'),
    account: text('account'),
    product: text('product'),
    stage: text('stage'),
    amount: text('amount'),
    currency,
    quantity: text('quantity'),
    owner: text('owner'),
    opened: text('opened'),
    closed: text('closed'),
    type: text('type'),
    region: text('region'),
    territory: text('territory'),
    time: text('time'),
    own,
    revenue,
    overlay,
    reversals,
    ...summed(amount),
  };
}

function summed(amount: string | undefined): Pick<DealDocument, 'units' | 'parts'> {
  return (amount === undefined ? null : summandOf(amount)) ?? { units: null, parts: null };
}
