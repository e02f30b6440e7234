import { completedMonths, type LocalDate } from '@attain/values';
import type { PersonFact, RelationFact, Stream } from './entries.js';
import { OPEN, sees, type View } from './view.js';

/** One effective-dated row of a participant, in force from `from` to `to` (inclusive; null for open). */
export interface PersonRow {
  participant: string;
  from: LocalDate;
  to: LocalDate | null;
  role: string | null;
  manager: string | null;
  team: string | null;
  region: string | null;
  currency: string | null;
}

/** A participant's row with its other columns in people.csv and the event that stated it. */
export interface Row extends PersonRow {
  readonly fields: Readonly<Record<string, string>>;
  readonly event: string;
}

/** A row without its other columns. */
export function personRow({ participant, from, to, role, manager, team, region, currency }: PersonRow): PersonRow {
  return { participant, from, to, role, manager, team, region, currency };
}

/** A participant's rows by day; each ends before the next one begins. */
export function rowsOf(entries: Stream<PersonFact>, view: View): readonly Row[] {
  const rows = new Map<LocalDate, Row>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    if (fact.type === 'ParticipantAssigned') rows.set(fact.data.from, { ...fact.data, event: fact.id });
    else rows.delete(fact.data.from);
  }
  return [...rows.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** The row in force on a day: the last one that has begun, unless it has ended. */
export function rowAt(rows: readonly Row[], date: LocalDate): Row | undefined {
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    const row = rows[i]!;
    if (row.from <= date) return (row.to ?? OPEN) >= date ? row : undefined;
  }
  return undefined;
}

/** Whole months since a participant's first day. */
export function tenure(rows: readonly Row[], date: LocalDate): number {
  const first = rows[0];
  return first === undefined || first.from > date ? 0 : completedMonths(first.from, date);
}

/** The managers above a person on a day, the nearest first; a circle ends where it closes. */
export function managersAbove(person: string, managerOf: (person: string) => string | null): readonly string[] {
  const above: string[] = [];
  for (
    let next = managerOf(person);
    next !== null && next !== person && !above.includes(next);
    next = managerOf(next)
  ) {
    above.push(next);
  }
  return above;
}

export interface Relation {
  readonly relation: string;
  readonly other: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** A person's named relations: identified by relation, other and first day. */
export function relationsOf(entries: Stream<RelationFact>, view: View): readonly Relation[] {
  const relations = new Map<string, Relation>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    const key = JSON.stringify([fact.data.relation, fact.data.other, fact.data.from]);
    if (fact.type === 'RelationRecorded') relations.set(key, fact.data);
    else relations.delete(key);
  }
  return [...relations.values()];
}
