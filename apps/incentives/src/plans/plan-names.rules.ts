import type { PlanDocument } from '@attain/contracts';

/** Role, manager, team and region from a day on; `to` null is open. */
export interface Place {
  from: string;
  to: string | null;
  role: string | null;
  team: string | null;
}

/** Whether a version names the participant: by id, or by a role or team held on any of its days. */
export function names(
  { assignedTo, effective }: Pick<PlanDocument, 'assignedTo' | 'effective'>,
  participant: string,
  places: readonly Place[],
): boolean {
  const { roles = [], teams = [], people = [], except = [] } = assignedTo;
  if (except.includes(participant)) return false;
  if (people.includes(participant)) return true;
  const meets = ({ from, to }: Place) =>
    (to === null || to >= effective.from) && (effective.to === undefined || from <= effective.to);
  return places.some(
    (place) =>
      meets(place) &&
      ((place.role !== null && roles.includes(place.role)) || (place.team !== null && teams.includes(place.team))),
  );
}
