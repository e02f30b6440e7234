import type { Lookups } from '../imports/cells.rules.js';
import type { As } from '../imports/fields.rules.js';
import type { ColumnProfile } from './profile.rules.js';

const MOST_REPLACED = 500;
const BESIDE = /^(.*\S)\s*[(<]([^()<>]+)[)>]$/;

export interface PersonGuess {
  readonly column: string | { from: string; find?: string; replace?: Readonly<Record<string, string>> };
  readonly reason: string;
  readonly isClear: boolean;
}

/** Fields that name a person who is known already. */
export function personFields(as: As): readonly string[] {
  if (as === 'people') return [];
  return as === 'quotas' ? ['for'] : ['owner', 'participant'];
}

/** How a column names people: by id, by name, by address, or by a name with an address beside it. */
export function ownerColumn({ header, texts }: ColumnProfile, lookups: Lookups): PersonGuess {
  const known = (column: string) => lookups.people(column);
  if (known('id') === undefined)
    return { column: header, reason: 'no people are known yet: import people first', isClear: false };
  const found = ['id', 'name', 'email'].map((column) => {
    const people = known(column);
    return { column, count: texts.filter((text) => people?.get(text)?.length === 1).length };
  });
  const best = found.reduce((a, b) => (b.count > a.count ? b : a));
  const replace = besideNames(texts, known('name'));
  const replaced = Object.keys(replace).length;
  if (replaced > best.count && replaced <= MOST_REPLACED)
    return {
      column: { from: header, find: 'people.name', replace },
      reason: `${replaced} of ${texts.length} texts begin with the name of a person`,
      isClear: replaced === texts.length,
    };
  const isClear = best.count === texts.length;
  if (best.column === 'id' && best.count > 0)
    return { column: header, reason: `${best.count} of ${texts.length} texts are ids of people`, isClear };
  const column = best.count > 0 ? best.column : 'name';
  return {
    column: { from: header, find: `people.${column}` },
    reason: `${best.count} of ${texts.length} texts are the ${column} of a person`,
    isClear,
  };
}

/** `Nora Quinn (nora@example.com)` → `Nora Quinn`, where somebody has that name. */
function besideNames(
  texts: readonly string[],
  names: ReadonlyMap<string, readonly string[]> | undefined,
): Record<string, string> {
  const replace: Record<string, string> = {};
  for (const text of texts) {
    const name = BESIDE.exec(text)?.[1];
    if (name !== undefined && names?.get(name)?.length === 1) replace[text] = name;
  }
  return replace;
}
