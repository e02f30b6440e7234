import { Exact } from '@attain/values';
import type { PaidPart } from '../earned/entitlements.js';
import type { Explained, Line, Why } from '../earned/lines.js';
import type { Component } from '../plans/component.js';
import { countedText, moneyText } from '../plans/text.js';
import { type Explanation, leaf } from './explanation.js';
import { sliceOf } from './trace.js';

/** The pay of a record when it enters: each slice of it at the rate of its tier. */
export function earningParts({ component }: Line, { why, unrounded }: Explained): Explanation[] {
  if (why.now.length === 0) return [leaf('slice', unrounded, component.paidIn, 'no rate applies')];
  return sliceParts(why.now, component);
}

export function earningSentence(line: Line, { why }: Explained): string {
  const { component, credit, amount } = line;
  const { currency, measure, paidIn } = component;
  const credited =
    credit === null ? '' : `: ${countedText(credit.full, measure.unit, currency)} is credited on ${credit.date}`;
  return `${nameOf(line)} earns ${moneyText(amount, paidIn)} ${paidIn}${credited}${standingText(line, why)}`;
}

/** The entitlement of a record by slices. */
export function sliceParts(parts: readonly PaidPart[], component: Component): Explanation[] {
  return parts.map((part) => {
    const { tier, from, to, credited, rate } = sliceOf(part, Exact.one, component, null);
    return leaf('slice', part.amount, component.paidIn, `${credited} × ${rate}${placeText(component, tier, from, to)}`);
  });
}

function placeText({ tiers }: Component, tier: number | null, from: string | null, to: string | null): string {
  if (tier !== null) return ` of tier ${tier}, from ${from}${to === null ? '' : ` to ${to}`}`;
  if (from !== null || to !== null)
    return `${from === null ? '' : ` from the point at ${from}`}${to === null ? '' : ` to the point at ${to}`}`;
  return tiers.length > 0 ? ', below the first tier' : '';
}

/** The place of a record in its window. */
function standingText({ component }: Line, { standing, quota, window }: Why): string {
  if (standing === null || window === null) return '';
  const { axis, axisName, currency } = component;
  const text = (amount: Exact) => countedText(amount, axis.unit, currency);
  const of = quota?.amount == null || axis.ratio !== null ? '' : ` of the quota ${text(quota.amount)}`;
  if (standing.start.equals(standing.end)) return `; ${axisName} is at ${text(standing.end)}${of} in ${window.name}`;
  return `; ${axisName} moves from ${text(standing.start)} to ${text(standing.end)}${of} in ${window.name}`;
}

/** The record of a line, or its window. */
export function nameOf({ credit, component, window, participant }: Line): string {
  if (credit !== null) return `${credit.source}:${credit.id}`;
  return component.name === '' ? participant : `${component.name}${/^\d/.test(window ?? '') ? ` from ${window}` : ''}`;
}
