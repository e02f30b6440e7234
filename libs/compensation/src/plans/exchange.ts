import { Exact, type LocalDate, minorDigits } from '@attain/values';
import type { World } from './world.js';

/** The factor from minor units of one currency to those of another; null without a rate. */
export function conversion(world: World, from: string, to: string, date: LocalDate): Exact | null {
  if (from === to) return Exact.one;
  const rate = world.rate(from, to, date);
  if (rate === undefined) return null;
  const digits = minorDigits(to) - minorDigits(from);
  return digits >= 0 ? rate.rate.times(Exact.of(10 ** digits)) : rate.rate.over(Exact.of(10 ** -digits));
}
