import type { Credit } from '../credits/credits.js';
import type { Terms } from './entitlements.js';
import type { Exceptional, Line } from './lines.js';

/** A window as it was computed: it stays while its records do. */
export interface Known {
  readonly records: readonly Credit[];
  readonly axis: readonly Credit[];
  readonly lines: readonly Line[];
  readonly exceptions: readonly Exceptional[];
}

/** The windows of a component by their first day, while nothing but deals changes. Null where lines are changed after they are computed. */
export function knownWindows({ world, participant, component }: Terms): Map<string, Known> | null {
  // What is asked about a window changes without its records.
  if (component.rounding.perTotal || component.isWindowed) return null;
  const stamp = Math.max(world.touched.settings, world.touched.quotas(participant));
  return world.remember(`windows ${component.key} ${participant}`, stamp, () => new Map<string, Known>());
}

export function same<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
