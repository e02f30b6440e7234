import type { Warning, WarningAbout, WarningCode } from '@attain/contracts';
import { dayBefore, type LocalDate } from '@attain/values';
import type { Row } from '../facts/people.rules.js';
import { OPEN } from '../facts/view.js';
import type { World } from '../plans/world.js';
import { dealName, type WonDeal } from './won-deals.js';
import { listed } from './words.js';

/** `participants`: everybody in the message; null if it shows the whole company. */
export function warning(
  code: WarningCode,
  about: WarningAbout,
  message: string,
  participants: readonly string[] | null,
): Warning {
  return {
    code,
    severity: 'warning',
    message,
    about,
    participants: participants === null ? null : [...new Set(participants)].slice(0, 200),
  };
}

export function aboutDeal({ source, id }: Pick<WonDeal, 'source' | 'id'>): WarningAbout {
  return { kind: 'record', source, id };
}

/** Somebody's row and the days on which it holds. */
export interface Presence {
  readonly person: string;
  readonly row: Row;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Everybody's rows, by participant in byte order and by `from`; each ends where the next one begins at the latest. */
export function presences(world: World): readonly Presence[] {
  return world.remember('presences', world.touched.settings, () =>
    [...world.facts.people.keys()].sort().flatMap((person) => {
      const rows = world.rows(person);
      return rows.map((row, index): Presence => {
        const next = rows[index + 1];
        const own = row.to ?? OPEN;
        return { person, row, from: row.from, to: next !== undefined && next.from <= own ? dayBefore(next.from) : own };
      });
    }),
  );
}

export function overlap(a: { from: LocalDate; to: LocalDate }, b: { from: LocalDate; to: LocalDate }): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** Most deals of a source that have a warning each; more of them have one together. */
const MOST_SINGLY = 10;

/** One warning for each deal, or one for each source with many such deals. */
export function byDeal(
  deals: readonly WonDeal[],
  code: WarningCode,
  one: (deal: WonDeal) => string,
  many: (count: number, source: string) => string,
): Warning[] {
  return [...Map.groupBy(deals, ({ source }) => source)].flatMap(([source, all]) => {
    if (all.length <= MOST_SINGLY)
      return all.map((deal) =>
        warning(code, aboutDeal(deal), one(deal), deal.holders.length === 0 ? null : deal.holders),
      );
    return [warning(code, aboutDeal(all[0]!), `${many(all.length, source)}: ${listed(all.map(dealName))}`, null)];
  });
}
