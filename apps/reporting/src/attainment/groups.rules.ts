import type { PersonRow, WhatCounts } from '@attain/compensation';
import { compareBytes, type Period } from '@attain/values';

export const groupings = ['participant', 'team', 'region', 'company'] as const;
export type Grouping = (typeof groupings)[number];

/** Somebody, or several, who attain together. */
export interface Group {
  name: string;
  for: WhatCounts['for'];
  /** Who was in it on some day of the period. */
  people: string[];
}

/** Everybody who was there in a period, alone or by team, region or company, in order of name. */
export function groupsOf(rows: readonly PersonRow[], by: Grouping, { from, to }: Pick<Period, 'from' | 'to'>): Group[] {
  const people = new Map<string, Set<string>>();
  for (const row of rows) {
    const name = by === 'participant' ? row.participant : by === 'company' ? 'company' : row[by];
    if (name === null || row.from > to || (row.to !== null && row.to < from)) continue;
    people.set(name, (people.get(name) ?? new Set()).add(row.participant));
  }
  return [...people]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([name, members]) => ({ name, for: whatFor(by, name), people: [...members].sort(compareBytes) }));
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
