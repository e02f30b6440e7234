import type { LocalDate } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import type { Rounding } from '@attain/values';
import { areExact } from './entitling.js';
import { dividedRounded } from './slopes.rules.js';

/** What each record of a component earns, in minor units; none of them has a line on another day than its own. */
export interface EarnedColumns {
  readonly list: readonly Credit[];
  readonly payable: Uint8Array;
  readonly first: number;
  readonly earned: Float64Array;
  readonly taken: Float64Array | null;
}
/** Cuts, or what a multiplier changes, record by record. */
export interface Cuts {
  readonly record: number[];
  readonly day: LocalDate[];
  readonly amount: number[];
}
/** From the record at `first` up to and without `after` the same days hold. */
export interface Stretch {
  readonly first: number;
  readonly after: number;
}

export function noCuts(): Cuts {
  return { record: [], day: [], amount: [] };
}

function add(cuts: Cuts, record: number, day: LocalDate, amount: number): void {
  cuts.record.push(record);
  cuts.day.push(day);
  cuts.amount.push(amount);
}

function earnedBy({ first, earned, taken }: EarnedColumns, index: number): number {
  return earned[index - first]! + (taken?.[index - first] ?? 0);
}

/** The first records of each window are paid; what every other one earns is taken back on a day that its own date decides. */
export function countCutsOf(
  columns: EarnedColumns,
  limit: number,
  dayOf: (date: LocalDate) => { window: LocalDate; day: LocalDate },
): Cuts {
  const { list, payable, first, earned } = columns;
  const cuts = noCuts();
  let [date, window, number] = ['', '', 0];
  let found = { window: '', day: '' };
  for (let i = first; i < first + earned.length; i += 1) {
    const credit = list[i]!;
    if (payable[i] === 0 || credit.undone) continue;
    if (credit.date !== date) [date, found] = [credit.date, dayOf(credit.date)];
    if (found.window !== window) [window, number] = [found.window, 0];
    number += 1;
    const amount = earnedBy(columns, i);
    if (number > limit && amount !== 0) add(cuts, i, found.day, -amount);
  }
  return cuts;
}

/** What each record earns above the cap of a deal. */
export function dealCutsOf(columns: EarnedColumns, cap: number): Cuts {
  const { list, payable, first, earned } = columns;
  const cuts = noCuts();
  for (let i = first; i < first + earned.length; i += 1) {
    if (payable[i] === 0) continue;
    const cut = cutOf(columns, i, earnedBy(columns, i) - cap);
    if (cut !== 0) add(cuts, i, list[i]!.date, -cut);
  }
  return cuts;
}

/** What of an excess falls on a record: on its last line first, and never more than it earns. */
function cutOf({ first, earned, taken }: EarnedColumns, index: number, excess: number): number {
  const lines = [taken?.[index - first] ?? 0, earned[index - first]!];
  let [cut, left, rest] = [0, lines[0]! + lines[1]!, excess];
  for (const amount of lines) {
    const most = Math.min(rest, amount, left);
    if (most <= 0) continue;
    cut += most;
    left -= most;
    rest -= most;
  }
  return cut;
}

/**
 * What a window earns above its cap at the end of each pay period in it, from the last record backwards; what a later end changes is a
 * line there.
 */
export function windowCutsOf(
  columns: EarnedColumns,
  cap: number,
  { first, after }: Stretch,
  ends: readonly { readonly after: number; readonly day: LocalDate }[],
  cuts: Cuts,
): void {
  const { payable } = columns;
  const before = new Float64Array(after - first);
  const now = new Float64Array(after - first);
  let [total, next, isCut] = [0, first, false];
  for (const end of ends) {
    for (; next < end.after; next += 1) if (payable[next] === 1) total += earnedBy(columns, next);
    let rest = total - cap;
    if (rest <= 0 && !isCut) continue;
    isCut = true;
    now.fill(0);
    for (let i = end.after - 1; i >= first && rest > 0; i -= 1) {
      if (payable[i] === 0) continue;
      now[i - first] = cutOf(columns, i, rest);
      rest -= now[i - first]!;
    }
    for (let i = first; i < end.after; i += 1) {
      const change = now[i - first]! - before[i - first]!;
      if (change !== 0) add(cuts, i, end.day, -change);
    }
    before.set(now);
  }
}

/** What a multiplier of each pay period makes of the records of a window: `numerator / denominator` of what they earn is added. */
export interface Factor {
  readonly to: LocalDate;
  readonly numerator: number;
  readonly denominator: number;
}

/** False where a number would not be exact. */
export function multipliedBy(
  columns: EarnedColumns,
  factors: readonly Factor[],
  { first, after }: Stretch,
  { mode, step }: { mode: Rounding; step: number },
  cuts: Cuts,
): boolean {
  const { list, payable } = columns;
  for (let i = first; i < after; i += 1) {
    if (payable[i] === 0) continue;
    const earned = earnedBy(columns, i);
    const { date } = list[i]!;
    let given = 0;
    for (const { to, numerator, denominator } of factors) {
      if (to < date) continue;
      if (!areExact(Math.abs(earned * numerator))) return false;
      const amount = dividedRounded(earned * numerator, denominator * step, mode) * step;
      if (amount !== given) add(cuts, i, to, amount - given);
      given = amount;
    }
  }
  return true;
}
