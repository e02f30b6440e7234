import type { StatementLine, WaitingChange } from '@attain/contracts';
import { dateOf, type Period } from '@attain/values';
import { causeOf, creditedBy, isHeld, type Line, recordOf } from '../earned/lines.js';
import { traceOfChange } from '../explained/difference.js';
import { traceOfSettlement } from '../explained/settlement.js';
import { traceOf } from '../explained/trace.js';
import { causeKind } from '../paid/causes.rules.js';
import type { Paid } from '../paid/conversion.js';
import type { Change } from '../paid/changes.js';
import type { SettledLine } from '../paid/draw-and-negative.rules.js';
import type { PlanVersion } from '../plans/plans.js';
import { countedText, moneyText, payText } from '../plans/text.js';
import type { World } from '../plans/world.js';

/** A line as the statement of a period shows it. Its rate and its trace are made when they are read. */
export function statedLine(world: World, line: Line, period: Period, paid: Paid): StatementLine {
  const { version, component, credit, amount } = line;
  const { currency, paidIn } = component;
  const credited = creditedBy(line);
  // A single object literal, because a statement has many lines.
  return {
    kind: line.kind,
    plan: version.plan,
    version: version.version,
    component: component.name,
    period: period.name,
    for: line.for ?? null,
    record: recordOf(credit),
    date: line.date,
    causedBy: causeOf(world.facts, line),
    credited: credited === null ? null : countedText(credited, component.measure.unit, currency),
    get rate() {
      return credited === null || credited.isZero()
        ? null
        : payText(line.explain().unrounded.over(credited), component);
    },
    earned: moneyText(isHeld(line) ? 0n : amount, paidIn),
    earnedCurrency: paidIn,
    payable: moneyText(paid.amount, paid.currency),
    payableCurrency: paid.currency,
    cause: null,
    get trace() {
      return traceOf(world, line);
    },
  };
}

/** The change by one fact in the earnings of a record in a closed period, as a line of an open one. */
export function statedChange(world: World, change: Change, period: Period, paid: Paid): StatementLine {
  const { line, amount, cause } = change;
  const { fact } = cause;
  const { plan, version } = line.version;
  const { paidIn: currency } = line.component;
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

/** The line that a late change would add to a statement once it is approved. */
export function statedWaiting(
  { line, component, period, amount, cause }: Change,
  known: string,
  paid: Paid,
): WaitingChange {
  const { currency } = line.component;
  return {
    plan: line.version.plan,
    component,
    for: period,
    record: recordOf(line.credit),
    known,
    cause: { kind: causeKind(cause)!, event: cause.fact.id },
    earned: moneyText(amount, currency),
    earnedCurrency: currency,
    payable: moneyText(paid.amount, paid.currency),
    payableCurrency: paid.currency,
  };
}

/** The line of a statement by which a draw or a carried negative adds to the amount due of a plan, or reduces it. */
export function statedSettlement(
  version: PlanVersion,
  period: Period,
  currency: string,
  line: SettledLine,
  due: bigint,
): StatementLine {
  return {
    kind: line.kind,
    plan: version.plan,
    version: version.version,
    component: '',
    period: period.name,
    for: null,
    record: null,
    date: period.to,
    causedBy: null,
    credited: null,
    rate: null,
    earned: moneyText(0n, currency),
    earnedCurrency: currency,
    payable: moneyText(line.amount, currency),
    payableCurrency: currency,
    cause: null,
    trace: traceOfSettlement(version, currency, line, due),
  };
}
