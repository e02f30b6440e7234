import type { Credit } from '../credits/credits.js';
import type { Terms } from './entitlements.js';
import type { Exceptional, Line } from './lines.js';

/** The computed lines of a window, kept while its records are the same. */
export interface Known {
  readonly records: readonly Credit[];
  readonly axis: readonly Credit[];
  readonly lines: readonly Line[];
  readonly exceptions: readonly Exceptional[];
}

/**
 * The windows of a component by their first day, kept while only deals change. Null if lines are changed after they are
 * computed.
 */
export function knownWindows({ world, participant, component }: Terms): Map<string, Known> | null {
  // An answer about a window can change without a change of its records.
  if (component.rounding.perTotal || component.isWindowed) return null;
  const stamp = Math.max(world.touched.settings, world.touched.quotas(participant));
  return world.remember(`windows ${component.key} ${participant}`, stamp, () => new Map<string, Known>());
}

export function same<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
