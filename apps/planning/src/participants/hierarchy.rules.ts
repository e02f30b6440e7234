import { dayAfter, type LocalDate } from '@attain/values';
import type { AssignmentRows } from './assignment.rules.js';

export type RowsOf = (participant: string) => AssignmentRows | undefined;

/** Who manages somebody on a day: by the row that holds then. */
function managerOn(rows: AssignmentRows, date: LocalDate): string | null {
  return rows.find((row) => row.from <= date && (row.to === null || row.to >= date))?.manager ?? null;
}

/**
 * The first cycle that leads back to a participant through the managers of any one day, and that day; undefined when
 * there is none. Only days on which somebody's row begins or has just ended can bring a cycle, so only these are looked at.
 */
export function cycleOf(
  participant: string,
  rowsOf: RowsOf,
): { date: LocalDate; cycle: readonly string[] } | undefined {
  const days = new Set<LocalDate>();
  const seen = new Set<string>();
  const waiting = [participant];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const row of rowsOf(next) ?? []) {
      days.add(row.from);
      if (row.to !== null && row.to < '9999-12-31') days.add(dayAfter(row.to));
      if (row.manager !== null) waiting.push(row.manager);
    }
  }
  for (const date of [...days].sort()) {
    const cycle = [participant];
    for (
      let manager = managerOf(participant);
      manager !== null && cycle.length <= seen.size;
      manager = managerOf(manager)
    ) {
      cycle.push(manager);
      if (manager === participant) return { date, cycle };
    }
    function managerOf(of: string): string | null {
      return managerOn(rowsOf(of) ?? [], date);
    }
  }
  return undefined;
}
