import type { ReadModel } from '@attain/eventsourcing';
import type { Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import type { ParticipantDocument } from './participants.projection.js';

/**
 * The people whom a scope shows, also on a day where one is asked for, among the one that is asked for; undefined where it shows
 * everybody. A team may be called like a person: what is the team's is not theirs unless the person exists.
 */
export async function shownPeople(
  persons: ReadModel<ParticipantDocument>,
  scope: Scope,
  asked: string | undefined,
  on?: LocalDate,
): Promise<string[] | undefined> {
  if (scope.everyone) return undefined;
  const ids = [...scope.participants].filter(
    (id) => (asked === undefined || id === asked) && (on === undefined || scope.covers(id, on)),
  );
  const known = await persons.getMany(ids);
  return ids.filter((id) => known.has(id));
}
