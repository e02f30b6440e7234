import { Exact } from '@attain/values';
import type { Credit, Credits } from '../credits/credits.js';
import { participant as subject, stampOf } from '../credits/subjects.js';
import type { Remembered } from '../plans/world.js';
import { type Factors, factorsOf, isLack, type Terms } from './entitlements.js';

/**
 * The earnings of each record for a unit of the measure, by tier, as whole numbers: `rates[tier][at] / units[at]` minor
 * units.
 */
export interface RateColumns {
  /** Whether all records have the same rates, which are then at index 0. */
  readonly isFixed: boolean;
  /** By tier; without tiers, only the base. */
  readonly rates: readonly Float64Array[];
  readonly units: Float64Array;
  readonly largest: number;
}
/** The columns of the credits of `list`; 0 for records that are not payable. */
interface Known {
  readonly list: readonly Credit[];
  readonly payable: Uint8Array;
  readonly columns: RateColumns | null;
}

/** Null if a rate is undefined, or is not a quotient of small whole numbers. */
export function rateColumns(terms: Terms, { list }: Credits, payable: Uint8Array): RateColumns | null {
  const { world, participant, component } = terms;
  const key = `rates ${component.key} ${participant}`;
  return world.remember<Known>(key, stampOf(world, subject(participant), component.credit), (before) => ({
    list,
    payable,
    columns: isFixed(terms) ? fixed(terms, list) : eachOf(terms, list, payable, before),
  })).columns;
}

function isFixed({ component: { base, tiers } }: Terms): boolean {
  const pays = tiers.length === 0 ? [base] : tiers.flatMap(({ pay }) => (pay.kind === 'times' ? [pay, base] : [pay]));
  return pays.every((pay) => pay !== null && pay.formula.constant !== null);
}

function fixed(terms: Terms, list: readonly Credit[]): RateColumns | null {
  const [any] = list;
  const columns = empty(terms, 1, true);
  return any !== undefined && isSet(columns, 0, factorsOf(terms, any)) ? columns : null;
}

/** Known records keep their rates, unless something other than records has changed since. */
function eachOf(
  terms: Terms,
  list: readonly Credit[],
  payable: Uint8Array,
  before: Remembered<Known> | undefined,
): RateColumns | null {
  const columns = empty(terms, list.length, false);
  const known =
    before !== undefined && terms.world.touched.settings <= before.stamp && before.value.columns?.isFixed === false
      ? before.value
      : null;
  const places = known === null ? null : new Map(known.list.map((credit, index) => [credit, index]));
  for (const [i, credit] of list.entries()) {
    if (payable[i] === 0) continue;
    const at = places?.get(credit);
    if (at !== undefined && known!.payable[at] === 1) copy(known!.columns!, at, columns, i);
    else if (!isSet(columns, i, factorsOf(terms, credit))) return null;
  }
  return columns;
}

type Growing = { -readonly [Key in keyof RateColumns]: RateColumns[Key] };

function empty({ component: { tiers } }: Terms, length: number, isFixed: boolean): Growing {
  return {
    isFixed,
    rates: Array.from({ length: Math.max(1, tiers.length) }, () => new Float64Array(length)),
    units: new Float64Array(length).fill(1),
    largest: 1,
  };
}

function isSet(columns: Growing, at: number, factors: Factors): boolean {
  const { rates, units } = columns;
  const found: (readonly [number, number])[] = [];
  let unit = 1;
  for (let tier = 0; tier < rates.length; tier += 1) {
    const factor = factors({ tier, from: Exact.zero, back: undefined });
    const ratio = isLack(factor) ? undefined : factor.ratio();
    if (ratio === undefined) return false;
    found.push(ratio);
    unit *= ratio[1] / divisor(unit, ratio[1]);
    if (unit > 1e12) return false;
  }
  units[at] = unit;
  for (const [tier, [numerator, denominator]] of found.entries()) {
    const rate = numerator * (unit / denominator);
    rates[tier]![at] = rate;
    columns.largest = Math.max(columns.largest, Math.abs(rate));
  }
  return true;
}

function copy(from: RateColumns, at: number, to: Growing, index: number): void {
  to.units[index] = from.units[at]!;
  for (const [tier, rates] of from.rates.entries()) {
    to.rates[tier]![index] = rates[at]!;
    to.largest = Math.max(to.largest, Math.abs(rates[at]!));
  }
}

function divisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
