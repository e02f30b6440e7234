import type { RecordKind } from '@attain/contracts';
import type { LocalDate } from '@attain/values';
import type { CreditRules } from '../plans/credit-rules.js';
import type { Facts } from '../facts/facts.js';
import type { SourceRecord } from '../facts/records.js';
import type { World } from '../plans/world.js';

/** Credit rules as plans write them: sales, overlay, reports, `through mentor`, all, `{ all: condition }`. */
export type CreditRule = string | { all: string };

export interface WhatCounts {
  /** A person, a team, a region, or `company`. */
  for: { participant: string } | { team: string } | { region: string } | { company: true };
  measure: string;
  /** Any window of the calendar, by name. */
  period: string;
  /** Default: the quota's credit, else sales. */
  as?: readonly CreditRule[];
}

/** Whose records count: a participant's, or those of everybody who belongs to a team or a region on the credit date. */
export interface Subject {
  readonly key: string;
  /** The participant, for `my.…`; null for a group. */
  readonly me: string | null;
  /** The name by which a quota refers to the subject. */
  readonly name: string;
  holds(person: string, date: LocalDate): boolean;
}

export function participant(id: string): Subject {
  return { key: `participant ${id}`, me: id, name: id, holds: (person) => person === id };
}

export function subjectOf(what: WhatCounts['for'], world: World): Subject {
  if ('participant' in what) return participant(what.participant);
  if ('team' in what) {
    const { team } = what;
    return {
      key: `team ${team}`,
      me: null,
      name: team,
      holds: (person, date) => world.row(person, date)?.team === team,
    };
  }
  if ('region' in what) {
    const { region } = what;
    return {
      key: `region ${region}`,
      me: null,
      name: region,
      holds: (person, date) => world.row(person, date)?.region === region,
    };
  }
  return { key: 'company', me: null, name: 'company', holds: () => true };
}

/** The records of some kinds that may count for a subject, without repetition. */
export function recordsFor(
  world: World,
  subject: Subject,
  rules: CreditRules,
  kinds: readonly RecordKind[],
): Iterable<SourceRecord> {
  const { facts } = world;
  if (rules.all || rules.where.length > 0 || subject.key === 'company') {
    return kinds.length === 1 ? facts.ofKind[kinds[0]!] : kinds.flatMap((kind) => facts.ofKind[kind]);
  }
  const persons = new Set<string>();
  const own = subject.me !== null ? [subject.me] : everMembers(world, subject);
  if (rules.sales || rules.overlay) own.forEach((person) => persons.add(person));
  if (rules.reports) for (const person of everBelow(world, own)) persons.add(person);
  if (rules.through.length > 0) for (const person of everRelated(world, rules.through, own)) persons.add(person);
  if (persons.size === 1) return facts.recordsOf.get([...persons][0]!) ?? [];
  return heldBy(facts, persons);
}

function* heldBy({ recordsOf }: Facts, persons: ReadonlySet<string>): Generator<SourceRecord> {
  const shared = new Set<SourceRecord>();
  for (const person of persons) {
    for (const record of recordsOf.get(person) ?? []) {
      if (shared.has(record)) continue;
      if (record.holders.length > 1) shared.add(record);
      yield record;
    }
  }
}

/** The position of the last fact that can change the credits of a subject. */
export function stampOf(world: World, subject: Subject, rules: CreditRules): number {
  const { touched } = world;
  const ownOnly =
    subject.me !== null && !rules.reports && !rules.all && rules.through.length === 0 && rules.where.length === 0;
  return Math.max(touched.settings, ownOnly ? touched.records(subject.me!) : touched.anyRecord);
}

function everMembers(world: World, subject: Subject): string[] {
  return [...world.facts.people.keys()].filter((person) =>
    world.rows(person).some((row) => subject.holds(person, row.from)),
  );
}

// A row in force later can be hidden on its first day only by a still later row, which is checked by itself.
function everBelow(world: World, managers: readonly string[]): Set<string> {
  const reports = world.remember(
    'reports',
    world.touched.settings,
    () => {
      const below = new Map<string, Set<string>>();
      for (const person of world.facts.people.keys()) {
        for (const { manager } of world.rows(person)) {
          if (manager === null) continue;
          const direct = below.get(manager) ?? new Set();
          below.set(manager, direct.add(person));
        }
      }
      return below;
    },
    'facts',
  );
  const found = new Set<string>();
  const open = [...managers];
  for (let manager = open.pop(); manager !== undefined; manager = open.pop()) {
    for (const person of reports.get(manager) ?? []) {
      if (found.has(person)) continue;
      found.add(person);
      open.push(person);
    }
  }
  return found;
}

function everRelated(world: World, names: readonly string[], others: readonly string[]): string[] {
  return [...world.facts.relations.keys()].filter((person) =>
    world.relations(person).some(({ relation, other }) => names.includes(relation) && others.includes(other)),
  );
}
