import { Exact, type LocalDate, type Period } from '@attain/values';
import type { Line } from '../earned/lines.js';
import { conversionDate, payFactor, rateText } from '../plans/conversions.rules.js';
import type { World } from '../plans/world.js';
import type { Change, Side } from './changes.js';

/** A line's amount in the currency that its participant is paid in, or in its unit that is not money; `missing`: no rate is known, so nothing is payable yet. */
export interface Paid {
  readonly amount: bigint;
  readonly currency: string;
  readonly missing: string | null;
}

/** The currency that a participant is paid in on a day; a missing one is the company's. */
export function payCurrency(world: World, participant: string, date: LocalDate): string {
  const rows = world.rows(participant);
  const row = world.row(participant, date) ?? rows.findLast(({ from }) => from <= date) ?? rows[0];
  return row?.currency ?? world.company().currency;
}

/**
 * In the currency that the participant is paid in, rounded there again by the plan's mode: at the rate of the pay date, of the day of the
 * record's credit or of the plan, as it says. Nothing without a rate.
 */
export function paidAs(world: World, amount: bigint, line: Converted, period: Period, currency: string): Paid {
  const { version, component } = line;
  if (!component.isMoney) return { amount, currency: component.paidIn, missing: null };
  if (component.currency === currency) return { amount, currency, missing: null };
  const date = conversionDate(line, period);
  const factor = payFactor(world, version, component.currency, currency, date);
  if (factor === null)
    return {
      amount: 0n,
      currency,
      missing: `no rate from ${component.currency} to ${currency} ${rateText(version, date)}`,
    };
  return { amount: Exact.of(amount).times(factor).round(version.rounding), currency, missing: null };
}
type Converted = Pick<Line, 'version' | 'component' | 'credit' | 'date'>;

/**
 * What a change of a record in a closed period is in the pay currency: what its lines are worth now minus before, each converted as that
 * period was, so that what is taken back is what was paid. A corrected rate alone changes it, too.
 */
export function paidChange(
  { line, before, after }: Pick<Change, 'line' | 'before' | 'after'>,
  period: Period,
  currency: string,
): Paid {
  const worth = ({ world, lines }: Side) =>
    lines.reduce((sum, own) => sum + paidAs(world, own.amount, own, period, currency).amount, 0n);
  return { ...paidAs(after.world, 0n, line, period, currency), amount: worth(after) - worth(before) };
}
