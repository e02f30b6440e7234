import { compareBytes, Exact } from '@attain/values';
import { amountOf, type RecordState, type Reversal, type SourceRecord } from './records.js';
import { reach, type View } from './view.js';

/** How reversals change the credits of a record: they undo them, take them on their own date, or leave them. */
export type ReversalPolicy = 'undone' | 'dated' | 'kept';

/** A reversal and its part of the record, above 0 and at most 1. */
export interface TakenPart {
  readonly reversal: Reversal;
  readonly part: Exact;
}

const NONE: readonly never[] = [];

/** The reversals in a view whose dates have come. */
export function reversalsIn(state: RecordState, view: View): readonly Reversal[] {
  if (state.reversals.length === 0) return NONE;
  return state.reversals.filter((reversal) => reversal.date <= reach(view, reversal.at));
}

/**
 * The part that each reversal takes, by date: its amount divided by the record's amount, or all that is left if it
 * names none; together at most the whole. A record of 0 is taken only by a whole reversal. Reversals that take nothing
 * are left out.
 */
export function takenParts(state: RecordState, view: View): readonly TakenPart[] {
  const reversals = reversalsIn(state, view);
  if (reversals.length === 0) return NONE;
  // A reversal of a deal takes its part of each of the deal's items.
  const amount = amountOf((state.record.of === 'items' ? state.deal! : state).fields);
  const taken: TakenPart[] = [];
  let left = Exact.one;
  for (const reversal of [...reversals].sort((a, b) => compareBytes(a.date, b.date) || compareBytes(a.id, b.id))) {
    if (reversal.amount !== null && amount.isZero()) continue;
    const own = reversal.amount === null ? left : reversal.amount.over(amount).abs();
    const part = own.compare(left) > 0 ? left : own;
    if (part.isZero()) continue;
    taken.push({ reversal, part });
    left = left.minus(part);
  }
  return taken;
}

/** The part of the record that is left after its reversals, from 1 to 0. */
export function partLeft(state: RecordState, view: View): Exact {
  return takenParts(state, view).reduce((left, { part }) => left.minus(part), Exact.one);
}

/** The sources that the facts name. */
interface Known {
  readonly sources: ReadonlySet<string>;
}

/** A reversal's own id. An imported one is named `SOURCE:ID` within its record. */
export function reversalId({ sources }: Known, reversal: string): string {
  const colon = reversal.indexOf(':');
  return colon > 0 && sources.has(reversal.slice(0, colon)) ? reversal.slice(colon + 1) : reversal;
}

/** A reversal as a record of its own: in the source that its id names, else in that of its record. */
export function reversalRef(
  known: Known,
  { source }: SourceRecord,
  { id }: Pick<Reversal, 'id'>,
): { source: string; id: string } {
  const own = reversalId(known, id);
  return own === id ? { source, id } : { source: id.slice(0, id.length - own.length - 1), id: own };
}
