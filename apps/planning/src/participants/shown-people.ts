import type { ReadModel } from '@attain/eventsourcing';
import type { Scope } from '@attain/service';
import type { LocalDate } from '@attain/values';
import type { ParticipantDocument } from './participants.projection.js';

/**
 * The people whom a scope shows, on a day if one is given, reduced to the asked one; undefined if it shows everybody. A
 * team may have the name of a person, so a name counts as a person only if the person exists.
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
