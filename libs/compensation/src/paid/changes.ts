import type { LocalDate } from '@attain/values';
import type { SourceRecord } from '../facts/records.js';
import { isHeld, type Line } from '../earned/lines.js';
import type { Entry } from '../facts/entries.js';
import type { World } from '../plans/world.js';

/** What a record amounted to, and the world in which it did. */
export interface Side {
  readonly world: World;
  /** At least the lines that the other side has not. */
  readonly lines: readonly Line[];
  /** All lines of the record, which are explained in the world of this side. */
  readonly whole: () => Group;
}

/** The period that a line is compared in; null: it is not compared. */
export type Select = (line: Line) => string | null;

/** What one fact changes in what one record earns in one period by one component, in minor units of the plan's currency. */
export interface Change {
  readonly plan: string;
  readonly component: string;
  readonly period: string;
  /** A line of the record: with the fact, or without it where it has none any more. */
  readonly line: Line;
  readonly before: Side;
  readonly after: Side;
  /** Of what is earned. */
  readonly amount: bigint;
  /** Of what is held, above 0 where less is. */
  readonly released: bigint;
  readonly cause: Entry;
  /** The approval without which a late change is not paid. */
  readonly approval?: Entry;
}

/** The lines of one record in one period by one component. */
export interface Group {
  readonly period: string;
  readonly lines: Line[];
  /** What they earn, and what of it they hold, below 0. */
  amount: bigint;
  held: bigint;
}
/** The record of lines, or the first day of the window of lines without one. */
export type GroupKey = SourceRecord | LocalDate;
/** By record and period. */
export type Groups = ReadonlyMap<GroupKey, readonly Group[]>;

export function grouped(lines: readonly Line[], select: Select): Groups {
  const groups = new Map<GroupKey, Group[]>();
  for (const line of lines) {
    const period = select(line);
    if (period === null) continue;
    const record = line.credit?.record ?? line.window ?? '';
    let own = groups.get(record);
    if (own === undefined) groups.set(record, (own = []));
    let group = own.find((one) => one.period === period);
    if (group === undefined) own.push((group = { period, lines: [], amount: 0n, held: 0n }));
    group.lines.push(line);
    if (isHeld(line)) group.held += line.amount;
    else group.amount += line.amount;
  }
  return groups;
}
