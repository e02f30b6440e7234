import type { FactOf, Stream } from './entries.js';
import { sees, type View } from './view.js';

/**
 * The hashes of the plan versions that a participant has signed. A signature counts for the whole version, whenever it
 * became known.
 */
export function signedBy(entries: Stream<FactOf<'PlanSigned'>>, view: View): ReadonlySet<string> {
  return new Set(entries.filter(({ at }) => sees(view, at)).map(({ fact }) => fact.data.hash));
}
