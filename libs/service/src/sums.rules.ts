import type { Membership } from './groups.rules.js';
import type { Scope } from './scope.js';

/**
 * Whether a sum may be seen: by whoever sees each of its members on each of their days in it, however many they are. A sum of
 * some others, be they many, tells of one of them as soon as another sum, or the same one of another day, holds the rest.
 */
export function maySeeSum(
  scope: Pick<Scope, 'everyone' | 'covers'>,
  { members }: { readonly members: readonly Membership[] },
): boolean {
  return scope.everyone || members.every(({ participant, days }) => scope.covers(participant, days));
}
