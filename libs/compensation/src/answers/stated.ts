import type { RecordRef, StatementLine } from '@attain/contracts';
import { addDays, dateOf, dayAfter, Exact, type LocalDate, type Period } from '@attain/values';
import { causeKind } from '../paid/causes.rules.js';
import { conversion, type Credit } from '../credits/credits.js';
import type { Change } from '../paid/differences.js';
import { creditedBy, type Line } from '../earned/lines.js';
import type { PlanVersion } from '../plans/plans.js';
import { countedText, exactMoney, moneyText, payText } from '../plans/text.js';
import { type Input, roundingText, slice, type Trace, traceOf } from '../explained/trace.js';
import type { World } from '../plans/world.js';

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
export function paidAs(world: World, amount: bigint, { version, component }: Line, period: Period, currency: string): Paid {
  if (version.currency === currency) return { amount, currency, missing: null };
  const date = payDate(version, period);
  const factor = conversion(world, version.currency, currency, date);
  if (factor === null) return { amount: 0n, currency, missing: `no rate from ${version.currency} to ${currency} on ${date}` };
  return { amount: Exact.of(amount).times(factor).round(component.rounding.mode), currency, missing: null };
}

/** A line as a statement of a period shows it; its rate and its trace are made when they are looked at. */
export function statedLine(world: World, line: Line, period: Period, paid: Paid): StatementLine {
  const { version, component, credit, cause, amount } = line;
  const { currency } = version;
  const credited = creditedBy(line);
  // One literal: a statement has many lines.
  return {
    kind: line.kind,
    plan: version.plan,
    version: version.version,
    component: component.name,
    period: period.name,
    for: null,
    record: recordOf(credit),
    date: line.date,
    causedBy: cause === null ? null : recordOf(cause),
    credited: credited === null ? null : countedText(credited, component.measure.unit, currency),
    get rate() {
      return credited === null || credited.isZero() ? null : payText(line.explain().unrounded.over(credited), component, version);
    },
    earned: moneyText(amount, currency),
    earnedCurrency: currency,
    payable: moneyText(paid.amount, paid.currency),
    payableCurrency: paid.currency,
    cause: null,
    get trace() {
      return traceOf(world, line);
    },
  };
}

function recordOf({ source, id }: Credit): RecordRef {
  return { source, id };
}

/** What one fact changes in what a record earned in a closed period, as a line of an open one. */
export function statedChange(world: World, change: Change, period: Period, paid: Paid): StatementLine {
  const { line, amount, cause } = change;
  const { fact } = cause;
  const { plan, version, currency } = line.version;
  return {
    kind: 'difference',
    plan,
    version,
    component: change.component,
    period: period.name,
    for: change.period,
    record: recordOf(line.credit),
    date: dateOf(fact.recorded, world.company().timeZone),
    causedBy: null,
    credited: null,
    rate: null,
    earned: moneyText(amount, currency),
    earnedCurrency: currency,
    payable: moneyText(paid.amount, paid.currency),
    payableCurrency: paid.currency,
    cause: { kind: causeKind(cause)!, event: fact.id },
    get trace() {
      return traceOfChange(change);
    },
  };
}

/** Why a closed period's number moved: the fact, and what stands with it and without it. */
function traceOfChange({ line, before, after, amount, cause, period }: Change): Trace {
  const { version, component } = line;
  const { currency } = version;
  const kind = causeKind(cause)!;
  const inputs: Input[] = [{ event: cause.fact.id, what: kind, value: cause.fact.stream }];
  const seen = new Set([cause.fact.id]);
  for (const input of [after, before].flatMap(({ world, lines }) => lines.flatMap((one) => traceOf(world, one).inputs))) {
    if (!seen.has(input.event)) inputs.push(input);
    seen.add(input.event);
  }
  const [now, then] = [moneyText(after.amount, currency), moneyText(before.amount, currency)];
  const total = exactMoney(Exact.of(amount), currency);
  const taken = exactMoney(Exact.of(-before.amount), currency);
  return {
    planHash: version.hash,
    rule: `${version.plan} ${version.version}, ${component.name}: what ${period} amounts to with the ${kind} and was before it`,
    inputs,
    slices: [slice(exactMoney(Exact.of(after.amount), currency)), slice(taken)],
    arithmetic: `${now} − ${then} = ${total}`,
    unrounded: total,
    rounding: roundingText(component, version),
  };
}
