import type { Membership } from './groups.rules.js';
import type { Scope } from './scope.js';

/**
 * Whether a sum may be shown: only to callers who see each of its members on each of their days in it. Even a sum of
 * many other people reveals one of them, as soon as another sum, or the same sum on another day, contains the rest.
 */
export function maySeeSum(
  scope: Pick<Scope, 'everyone' | 'covers'>,
  { members }: { readonly members: readonly Membership[] },
): boolean {
  return scope.everyone || members.every(({ participant, days }) => scope.covers(participant, days));
}
