import type { LocalDate } from '@attain/values';
import type { Entry } from './entries.js';

/** Later than any date. */
export const OPEN: LocalDate = '9999-12-31';
/** The position of a cut that includes every known fact. */
export const LIVE = Number.MAX_SAFE_INTEGER;

/**
 * The facts that count, and the dates up to which they count. An ordinary cut includes the facts up to a position and
 * dates up to `before` (= `after`). While differences are attributed, the facts in `applied` count too, with dates up
 * to `after`.
 */
export interface View {
  readonly position: number;
  readonly before: LocalDate;
  readonly after: LocalDate;
  readonly applied: Pick<ReadonlySet<number>, 'has'> | null;
  /** Periods that close first and have no closing in the log yet, by name, with the view of their closing. */
  readonly closing?: ReadonlyMap<string, Pick<View, 'position'> & { readonly effective: LocalDate }> | undefined;
}

export function sees(view: View, at: number): boolean {
  return at <= view.position || (view.applied !== null && view.applied.has(at));
}

/** The last date up to which the fact at a position counts. */
export function reach(view: View, at: number): LocalDate {
  return view.applied !== null && view.applied.has(at) ? view.after : view.before;
}

/** The last entry in a view. */
export function latest<E extends Entry>(view: View, entries: readonly E[]): E | undefined {
  for (let i = entries.length - 1; i >= 0; i -= 1) if (sees(view, entries[i]!.at)) return entries[i];
  return undefined;
}
