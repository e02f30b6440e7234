import type { CauseKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import type { Deal } from './facts.js';
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

interface Draft {
  status: DealState['status'];
  fields: DealFields;
  revenue: readonly Share[];
  overlay: readonly Share[];
  reversals: readonly Reversal[];
  turned: number;
}

const NONE: readonly never[] = [];

/** Undefined when it is not known yet, or no longer there. */
export function dealAt(deal: Deal, view: View): DealState | undefined {
  let draft: Draft | undefined;
  for (const { at, fact } of deal.entries) {
    if (!sees(view, at)) continue;
    if (fact.type === 'DealOpened') {
      draft = { status: 'open', fields: fact.data.fields, revenue: NONE, overlay: NONE, reversals: NONE, turned: at };
      continue;
    }
    if (draft === undefined) continue;
    switch (fact.type) {
      case 'DealRetracted':
        draft = undefined;
        break;
      case 'DealStageChanged':
        draft.fields = merged(draft.fields, { stage: fact.data.stage });
        break;
      case 'DealRepriced':
        draft.fields = merged(draft.fields, fact.data);
        break;
      case 'DealRedated':
        draft.fields = merged(draft.fields, fact.data);
        break;
      case 'DealReassigned':
        draft.fields = merged(draft.fields, fact.data);
        break;
      case 'DealAmended':
        draft.fields = merged(draft.fields, fact.data.fields);
        break;
      case 'DealSplit':
        draft.revenue = sharesOf(fact.data.revenue);
        draft.overlay = sharesOf(fact.data.overlay);
        break;
      case 'DealWon':
        draft.status = 'won';
        draft.turned = at;
        draft.fields = merged(draft.fields, fact.data);
        break;
      case 'DealLost':
        draft.status = 'lost';
        draft.turned = at;
        if (fact.data.closed !== null) draft.fields = merged(draft.fields, fact.data);
        break;
      case 'DealReopened':
        // What happened after it was won is void with the winning.
        draft.status = 'open';
        draft.turned = at;
        draft.reversals = NONE;
        break;
      case 'DealReversed': {
        const { reversal: id, kind, date, amount } = fact.data;
        const reversal: Reversal = { id, kind, date, amount: amount === null ? null : Exact.parse(amount), at };
        draft.reversals = [...draft.reversals.filter((other) => other.id !== id), reversal];
        break;
      }
      case 'DealReversalRetracted': {
        const { reversal: id } = fact.data;
        draft.reversals = draft.reversals.filter((other) => other.id !== id);
        break;
      }
    }
  }
  return draft === undefined ? undefined : { deal, ...draft };
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
