import { addDays, dayAfter, Exact, type LocalDate, type Period } from '@attain/values';
import type { Line } from '../earned/lines.js';
import { conversion } from '../plans/exchange.js';
import type { PlanVersion } from '../plans/plans.js';
import type { World } from '../plans/world.js';
import type { Change, Side } from './changes.js';

/** A line's amount in the currency that its participant is paid in; `missing`: no rate is known, so nothing is payable yet. */
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

/** The day on which a period of a plan is paid: its last one, or a day of the month after it. */
export function payDate({ payDay }: Pick<PlanVersion, 'payDay'>, period: Period): LocalDate {
  if (payDay === 'last day') return period.to;
  const day = Number(payDay.split(' ')[0]);
  let next = dayAfter(period.to);
  const month = next.slice(0, 7);
  for (let i = 1; i < day && addDays(next, 1).slice(0, 7) === month; i += 1) next = addDays(next, 1);
  return next;
}

/** In the currency that the participant is paid in, at the rate of the pay date, rounded there again; nothing without a rate. */
export function paidAs(world: World, amount: bigint, { version }: Pick<Line, 'version'>, period: Period, currency: string): Paid {
  if (version.currency === currency) return { amount, currency, missing: null };
  const date = payDate(version, period);
  const factor = conversion(world, version.currency, currency, date);
  if (factor === null) return { amount: 0n, currency, missing: `no rate from ${version.currency} to ${currency} on ${date}` };
  return { amount: Exact.of(amount).times(factor).round(version.rounding), currency, missing: null };
}

/**
 * What a change of a record in a closed period is in the pay currency: converted at the pay date of that period, so that what is taken
 * back is what was paid. Where the rate of that date itself changed, it is what the record's lines are worth now minus before.
 */
export function paidChange({ line, amount, before, after }: Pick<Change, 'line' | 'amount' | 'before' | 'after'>, period: Period, currency: string): Paid {
  const rate = ({ world }: Side) => conversion(world, line.version.currency, currency, payDate(line.version, period));
  const [old, now] = [rate(before), rate(after)];
  const isSame = old === null || now === null ? old === now : old.equals(now);
  if (isSame) return paidAs(after.world, amount, line, period, currency);
  const worth = ({ world, lines }: Side) => lines.reduce((sum, own) => sum + paidAs(world, own.amount, own, period, currency).amount, 0n);
  return { ...paidAs(after.world, 0n, line, period, currency), amount: worth(after) - worth(before) };
}
