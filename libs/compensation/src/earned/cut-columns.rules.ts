import type { LocalDate } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import type { Rounding } from '@attain/values';
import { areExact } from './entitling.js';
import { dividedRounded } from './slopes.rules.js';

/** The earnings of each record of a component in minor units. No record has a line on another day than its own. */
export interface EarnedColumns {
  readonly list: readonly Credit[];
  /** Whether a reversal took all of some record. */
  readonly anyUndone: boolean;
  readonly payable: Uint8Array;
  readonly first: number;
  readonly earned: Float64Array;
  readonly taken: Float64Array | null;
}
/**
 * Changes of records' earnings, each on its day, in minor units: cuts, changes by a multiplier, or true-ups of answers
 * about a window.
 */
export class Cuts {
  count = 0;
  sum = 0;
  /** The sum of the absolute amounts. */
  size = 0;
  private records: Int32Array;
  private amounts: Float64Array;
  /** Cuts of one day follow each other; each day has the number of its first cut. */
  private readonly days: { readonly day: LocalDate; readonly first: number }[] = [];

  /** `expected`: the number of cuts before the columns must grow. */
  constructor(expected: number) {
    [this.records, this.amounts] = [new Int32Array(expected), new Float64Array(expected)];
  }

  add(record: number, day: LocalDate, amount: number): void {
    if (this.count === this.records.length) this.grow();
    if (this.days.at(-1)?.day !== day) this.days.push({ day, first: this.count });
    this.records[this.count] = record;
    this.amounts[this.count] = amount;
    this.count += 1;
    this.sum += amount;
    this.size += Math.abs(amount);
  }

  record(n: number): number {
    return this.records[n]!;
  }

  day(n: number): LocalDate {
    let [low, high] = [0, this.days.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.days[middle]!.first <= n) low = middle;
      else high = middle;
    }
    return this.days[low]!.day;
  }

  amount(n: number): number {
    return this.amounts[n]!;
  }

  /** Whether `sum` was an exact whole number after each cut. */
  get isExact(): boolean {
    return this.size <= Number.MAX_SAFE_INTEGER;
  }

  private grow(): void {
    const size = this.records.length * 2 + 16;
    const [records, amounts] = [new Int32Array(size), new Float64Array(size)];
    records.set(this.records);
    amounts.set(this.amounts);
    [this.records, this.amounts] = [records, amounts];
  }
}
/** The records from `first` up to and without `after`, which share their days. */
export interface Stretch {
  readonly first: number;
  readonly after: number;
}

/** A pay period in a window: its records are those before `after`, and its changes are dated on `day`. */
export interface PayEnd {
  readonly after: number;
  readonly day: LocalDate;
}

function earnedBy({ first, earned, taken }: EarnedColumns, index: number): number {
  return earned[index - first]! + (taken?.[index - first] ?? 0);
}

/**
 * The first records of a window are paid; the earnings of each later record are taken back at the end of its pay
 * period.
 */
export function countCutsOf(
  columns: EarnedColumns,
  limit: number,
  { first }: Stretch,
  ends: readonly PayEnd[],
  cuts: Cuts,
): void {
  const { list, payable, anyUndone } = columns;
  let [next, number] = [first, 0];
  for (const { after, day } of ends) {
    for (; next < after; next += 1) {
      if (payable[next] === 0 || (anyUndone && list[next]!.undone)) continue;
      number += 1;
      if (number <= limit) continue;
      const amount = earnedBy(columns, next);
      if (amount !== 0) cuts.add(next, day, -amount);
    }
  }
}

/** The earnings of each record above the cap of a deal. */
export function dealCutsOf(columns: EarnedColumns, cap: number): Cuts {
  const { list, payable, first, earned } = columns;
  const cuts = new Cuts(0);
  for (let i = first; i < first + earned.length; i += 1) {
    if (payable[i] === 0) continue;
    const cut = cutOf(columns, i, earnedBy(columns, i) - cap);
    if (cut !== 0) cuts.add(i, list[i]!.date, -cut);
  }
  return cuts;
}

/** The part of an excess that falls on a record: its last line is cut first, and never below 0. */
function cutOf({ first, earned, taken }: EarnedColumns, index: number, excess: number): number {
  const [own, reversal] = [earned[index - first]!, taken === null ? 0 : taken[index - first]!];
  const ofReversal = Math.max(0, Math.min(excess, reversal, own + reversal));
  return ofReversal + Math.max(0, Math.min(excess - ofReversal, own, own + reversal - ofReversal));
}

/**
 * A cut of a window: `part` of the record at `record`, and the whole of later records up to and without `after`, whose
 * sum is `behind`.
 */
interface WindowCut {
  readonly record: number;
  readonly part: number;
  readonly behind: number;
  readonly after: number;
}

/**
 * The earnings of a window above its cap at the end of each pay period in it, cut from the last record backwards; a
 * change at a later end is a line there.
 */
export function windowCutsOf(
  columns: EarnedColumns,
  cap: number,
  { first }: Stretch,
  ends: readonly PayEnd[],
  cuts: Cuts,
): void {
  const { payable } = columns;
  let [total, next] = [0, first];
  let before: WindowCut = { record: Infinity, part: 0, behind: 0, after: first };
  for (const { after, day } of ends) {
    for (; next < after; next += 1) if (payable[next] === 1) total += earnedBy(columns, next);
    const now = windowCut(columns, total - cap, { first, after }, before);
    const [low, high] = [Math.min(before.record, now.record), Math.max(before.record, now.record)];
    for (let i = low; i < after; i += 1) {
      // The earlier and the present cut both take these records whole, so nothing changes for them.
      if (i === high + 1 && i < before.after) i = before.after;
      if (i >= after || payable[i] === 0) continue;
      const change = cutIn(columns, now, i) - cutIn(columns, before, i);
      if (change !== 0) cuts.add(i, day, -change);
    }
    before = now;
  }
}

function windowCut(columns: EarnedColumns, excess: number, { first, after }: Stretch, before: WindowCut): WindowCut {
  let [record, part, behind, rest] = [after, 0, 0, excess];
  for (let i = after - 1; i >= first && rest > 0; i -= 1) {
    // The excess takes all records that the earlier cut took whole, so their known sum is subtracted at once.
    if (i === before.after - 1 && before.record < i && rest > before.behind) {
      [behind, rest, i] = [behind + part + before.behind, rest - before.behind, before.record];
      [record, part] = [i, 0];
    }
    if (columns.payable[i] === 0) continue;
    behind += part;
    [record, part] = [i, cutOf(columns, i, rest)];
    rest -= part;
  }
  return { record, part, behind, after };
}

function cutIn(columns: EarnedColumns, { record, part, after }: WindowCut, index: number): number {
  if (index < record || index >= after) return 0;
  return index === record ? part : cutOf(columns, index, Infinity);
}

/**
 * The change by a multiplier in each pay period of a window: `numerator / denominator` of the records' earnings is
 * added.
 */
export interface Factor {
  readonly to: LocalDate;
  readonly numerator: number;
  readonly denominator: number;
}

/** False if a number would not be exact. */
export function multipliedBy(
  columns: EarnedColumns,
  factors: readonly Factor[],
  { first, after }: Stretch,
  { mode, step }: { mode: Rounding; step: number },
  cuts: Cuts,
): boolean {
  const { list, payable } = columns;
  const last = list[after - 1]!.date;
  // Most windows have one pay period, which ends after all of their records.
  const areAllBefore = factors.every(({ to }) => last <= to);
  for (let i = first; i < after; i += 1) {
    if (payable[i] === 0) continue;
    const earned = earnedBy(columns, i);
    let given = 0;
    for (const { to, numerator, denominator } of factors) {
      if (!areAllBefore && to < list[i]!.date) continue;
      if (!areExact(Math.abs(earned * numerator))) return false;
      const amount = dividedRounded(earned * numerator, denominator * step, mode) * step;
      if (amount !== given) cuts.add(i, to, amount - given);
      given = amount;
    }
  }
  return true;
}
