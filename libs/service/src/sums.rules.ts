import type { LocalDate } from '@attain/values';
import type { Scope } from './scope.js';
import type { Days } from './spans.rules.js';

/** People below which a sum tells of one of them. */
const fewest = 3;

/** Whether a sum over these people may be seen: by whoever sees each of them at that time, and by others where they are three or more. */
export function maySeeSum(scope: Pick<Scope, 'everyone' | 'covers'>, people: Iterable<string>, when: LocalDate | Days): boolean {
  const distinct = [...new Set(people)];
  return scope.everyone || distinct.length >= fewest || distinct.every((participant) => scope.covers(participant, when));
}
