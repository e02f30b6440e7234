import type { LocalDate } from '@attain/values';
import type { LeaveFact, Stream } from './entries.js';
import { OPEN, reach, sees, type View } from './view.js';

/** Days of absence, from the first to the last. */
export interface Leave {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly event: string;
}

/** The leaves of a participant in a view whose first day has come, by day. */
export function leavesOf(entries: Stream<LeaveFact>, view: View): readonly Leave[] {
  const leaves = new Map<string, Leave>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    const { source, from } = fact.data;
    const key = JSON.stringify([source, from]);
    if (fact.type === 'LeaveRetracted') leaves.delete(key);
    else if (from <= reach(view, at)) leaves.set(key, { from, to: fact.data.to ?? OPEN, event: fact.id });
  }
  return [...leaves.values()].sort((a, b) => (a.from === b.from ? (a.to < b.to ? -1 : 1) : a.from < b.from ? -1 : 1));
}
