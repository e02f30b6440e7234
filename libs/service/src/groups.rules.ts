import type { PersonRow, WhatCounts } from '@attain/compensation';
import { compareBytes, dayBefore, type LocalDate } from '@attain/values';
import type { Days } from './spans.rules.js';

export const groupings = ['participant', 'team', 'region', 'company'] as const;
export type Grouping = (typeof groupings)[number];

/** The days on which a person was in a group; the group's sums include the person's credits of those days. */
export interface Membership {
  readonly participant: string;
  readonly days: Days;
}
/** One or more people with a common attainment. */
export interface Group {
  readonly name: string;
  readonly for: WhatCounts['for'];
  readonly members: readonly Membership[];
}

/** The people who were present on some of the days, alone or by team, region or company, in order of name. */
export function groupsOf(rows: readonly PersonRow[], by: Grouping, { from, to }: Days): Group[] {
  const groups = new Map<string, Membership[]>();
  for (const [index, row] of rows.entries()) {
    const name = by === 'participant' ? row.participant : by === 'company' ? 'company' : row[by];
    const days = { from: row.from > from ? row.from : from, to: earlier(lastDay(row, rows[index + 1]), to) };
    if (name === null || days.from > days.to) continue;
    groups.set(name, [...(groups.get(name) ?? []), { participant: row.participant, days }]);
  }
  return [...groups]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, members]) => ({ name, for: whatFor(by, name), members }));
}

export function peopleOf({ members }: Group): string[] {
  return [...new Set(members.map(({ participant }) => participant))].sort(compareBytes);
}

/** A row ends at the latest before the participant's next row begins. */
function lastDay({ participant, to }: PersonRow, next: PersonRow | undefined): LocalDate | null {
  if (next?.participant !== participant) return to;
  return earlier(to, dayBefore(next.from));
}

function earlier(date: LocalDate | null, other: LocalDate): LocalDate {
  return date === null || date > other ? other : date;
}

function whatFor(by: Grouping, name: string): WhatCounts['for'] {
  switch (by) {
    case 'participant':
      return { participant: name };
    case 'team':
      return { team: name };
    case 'region':
      return { region: name };
    case 'company':
      return { company: true };
  }
}
