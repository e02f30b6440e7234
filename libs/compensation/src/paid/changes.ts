import type { LocalDate } from '@attain/values';
import type { SourceRecord } from '../facts/records.js';
import { isHeld, type Line } from '../earned/lines.js';
import type { Entry } from '../facts/entries.js';
import type { World } from '../plans/world.js';

/** The amount of a record, with the world in which it was computed. */
export interface Side {
  readonly world: World;
  /** At least the lines that the other side does not have. */
  readonly lines: readonly Line[];
  /** All lines of the record, which are explained in the world of this side. */
  readonly whole: () => Group;
}

/** The period in which a line is compared; null if it is not compared. */
export type Select = (line: Line) => string | null;

/**
 * The change by one fact in the earnings of one record in one period by one component, in minor units of the plan's
 * currency.
 */
export interface Change {
  readonly plan: string;
  readonly component: string;
  readonly period: string;
  /** A line of the record with the fact; the line without it if there is none with it. */
  readonly line: Line;
  readonly before: Side;
  readonly after: Side;
  /** The change of the earned amount. */
  readonly amount: bigint;
  /** The change of the held amount: above 0 if less is held. */
  readonly released: bigint;
  readonly cause: Entry;
  /** The approval without which a late change is not paid. */
  readonly approval?: Entry;
}

/** The lines of one record in one period by one component. */
export interface Group {
  readonly period: string;
  readonly lines: Line[];
  /** The earned amount, and the held part of it, which is below 0. */
  amount: bigint;
  held: bigint;
}
/** The record of lines, or the first day of the window for lines without a record. */
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
