import type { CauseKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import type { DealFact, Entry } from './entries.js';
import { reach, sees, type View } from './view.js';

export type DealFields = Readonly<Record<string, string>>;
export interface Share {
  readonly participant: string;
  readonly share: Exact;
}
export interface Reversal {
  readonly id: string;
  readonly kind: Extract<CauseKind, 'cancelled' | 'refunded' | 'churned' | 'credited'>;
  readonly date: LocalDate;
  /** In the deal's currency, major units; null: all that is left. */
  readonly amount: Exact | null;
  readonly at: number;
}

/** What was ever said of one deal, in the order in which it was recorded. */
export class Deal {
  readonly entries: Entry<DealFact>[] = [];
  /** Whoever was its owner or stood in one of its splits. */
  readonly holders: string[] = [];
  /** All of it that is known; undefined when it is no longer there. */
  current: DealState | undefined = undefined;
  constructor(
    readonly stream: string,
    readonly source: string,
    readonly id: string,
  ) {}
}

/** A deal as a view knows it: of its fields and its status the latest. */
export interface DealState {
  readonly deal: Deal;
  readonly status: 'open' | 'won' | 'lost';
  readonly fields: DealFields;
  /** Empty without a split: then the owner has it all. */
  readonly revenue: readonly Share[];
  readonly overlay: readonly Share[];
  readonly reversals: readonly Reversal[];
  /** Position of the fact that gave the status. */
  readonly turned: number;
}

const NONE: readonly never[] = [];

/** Undefined when it is not known yet, or no longer there. */
export function dealAt(deal: Deal, view: View): DealState | undefined {
  const { entries } = deal;
  // Most views see all of most deals.
  if (view.applied === null && entries[entries.length - 1]!.at <= view.position) return deal.current;
  let state: DealState | undefined;
  for (const { at, fact } of entries) if (sees(view, at)) state = evolved(state, deal, at, fact);
  return state;
}

/** What a fact makes of a deal. */
export function evolved(before: DealState | undefined, deal: Deal, at: number, fact: DealFact): DealState | undefined {
  if (fact.type === 'DealOpened') {
    return { deal, status: 'open', fields: fact.data.fields, revenue: NONE, overlay: NONE, reversals: NONE, turned: at };
  }
  if (before === undefined) return undefined;
  switch (fact.type) {
    case 'DealRetracted':
      return undefined;
    case 'DealStageChanged':
      return { ...before, fields: merged(before.fields, { stage: fact.data.stage }) };
    case 'DealRepriced':
    case 'DealRedated':
    case 'DealReassigned':
      return { ...before, fields: merged(before.fields, fact.data) };
    case 'DealAmended':
      return { ...before, fields: merged(before.fields, fact.data.fields) };
    case 'DealSplit':
      return { ...before, revenue: sharesOf(fact.data.revenue), overlay: sharesOf(fact.data.overlay) };
    case 'DealWon': {
      const { revenue, overlay, reversals } = before;
      return { deal, status: 'won', fields: merged(before.fields, fact.data), revenue, overlay, reversals, turned: at };
    }
    case 'DealLost':
      return { ...before, status: 'lost', turned: at, fields: fact.data.closed === null ? before.fields : merged(before.fields, fact.data) };
    case 'DealReopened':
      // What happened after it was won is void with the winning.
      return { ...before, status: 'open', turned: at, reversals: NONE };
    case 'DealReversed': {
      const { reversal: id, kind, date, amount } = fact.data;
      const reversal: Reversal = { id, kind, date, amount: amount === null ? null : Exact.parse(amount), at };
      return { ...before, reversals: [...before.reversals.filter((other) => other.id !== id), reversal] };
    }
    case 'DealReversalRetracted': {
      const { reversal: id } = fact.data;
      return { ...before, reversals: before.reversals.filter((other) => other.id !== id) };
    }
  }
}

/** The reversals that a view sees and whose dates it reaches. */
export function reversalsIn(state: DealState, view: View): readonly Reversal[] {
  if (state.reversals.length === 0) return NONE;
  return state.reversals.filter((reversal) => reversal.date <= reach(view, reversal.at));
}

/**
 * The part of the record that its reversals leave, from 1 to 0: each takes its amount of the deal's amount, one without
 * an amount all that is left, together at most the whole. Of a deal without an amount only a whole reversal takes anything.
 */
export function partLeft(state: DealState, view: View): Exact {
  const reversals = reversalsIn(state, view);
  if (reversals.length === 0) return Exact.one;
  const amount = amountOf(state.fields);
  let left = Exact.one;
  for (const reversal of reversals) {
    if (reversal.amount === null) return Exact.zero;
    if (amount.isZero()) continue;
    left = left.minus(reversal.amount.over(amount).abs());
    if (left.sign() <= 0) return Exact.zero;
  }
  return left;
}

/** A blank amount counts as 0. */
export function amountOf(fields: DealFields): Exact {
  const text = fields['amount'];
  return text === undefined || text === '' ? Exact.zero : Exact.parse(text);
}

function merged(fields: DealFields, changes: Readonly<Record<string, string | null | undefined>>): DealFields {
  let changed: Record<string, string> | undefined;
  for (const name in changes) {
    const value = changes[name];
    if (value === undefined || (value ?? '') === (fields[name] ?? '')) continue;
    changed ??= { ...fields };
    if (value === null) delete changed[name];
    else changed[name] = value;
  }
  return changed ?? fields;
}

function sharesOf(shares: Readonly<Record<string, string>>): readonly Share[] {
  return Object.entries(shares)
    .map(([participant, share]) => ({ participant, share: Exact.parse(share) }))
    .filter(({ share }) => !share.isZero());
}
