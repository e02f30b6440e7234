import { Exact, type LocalDate, type Period } from '@attain/values';
import type { Line } from '../earned/lines.js';
import { conversionDate, payFactor, rateText } from '../plans/conversions.rules.js';
import type { World } from '../plans/world.js';
import type { Change, Side } from './changes.js';

/**
 * A line's amount in the currency or unit in which the participant is paid; `missing`: no rate is known, so nothing is
 * payable yet.
 */
export interface Paid {
  readonly amount: bigint;
  readonly currency: string;
  readonly missing: string | null;
}

/** The currency in which a participant is paid on a day; by default the company's. */
export function payCurrency(world: World, participant: string, date: LocalDate): string {
  const rows = world.rows(participant);
  const row = world.row(participant, date) ?? rows.findLast(({ from }) => from <= date) ?? rows[0];
  return row?.currency ?? world.company().currency;
}

/**
 * Converts an amount to the participant's pay currency and rounds it by the plan's mode. The plan chooses the rate of
 * the pay date, of the record's credit date, or its own. Nothing without a rate.
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
 * The change of a record in a closed period in the pay currency: its lines now minus before, each converted as that
 * period was, so that a paid amount is taken back as it was paid. A corrected rate changes it too.
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
