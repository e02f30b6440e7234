import { compareBytes, type Exact } from '@attain/values';

export interface Ranked {
  rank: number;
  name: string;
  attained: Exact;
}

/** The highest attainment first; equal ones share the rank and the next is counted behind all of them (1, 2, 2, 4), in order of name. */
export function rank(standings: readonly { name: string; attained: Exact }[]): Ranked[] {
  const sorted = [...standings].sort((a, b) => b.attained.compare(a.attained) || compareBytes(a.name, b.name));
  let last: Ranked | undefined;
  return sorted.map(({ name, attained }, index) => {
    last = { rank: last?.attained.equals(attained) ? last.rank : index + 1, name, attained };
    return last;
  });
}
