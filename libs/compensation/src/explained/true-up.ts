import type { Explained, Line, Why } from '../earned/lines.js';
import { moneyText } from '../plans/text.js';
import { nameOf, sliceParts } from './earning.js';
import { type Explanation, node, takenBack } from './explanation.js';

/** The entitlement of a record now, and before; the earlier one is taken back. */
export function entitledParts(line: Line, { now, before }: Why): Explanation[] {
  const { component } = line;
  const after = node('now', component.paidIn, `the entitlement of ${nameOf(line)} now`, sliceParts(now, component));
  const then = node(
    'before',
    component.paidIn,
    `the entitlement of ${nameOf(line)} before`,
    sliceParts(before, component),
  );
  return [after, takenBack(then)];
}

export function trueUpSentence(line: Line, { why }: Explained): string {
  const { amount, cause, component, date } = line;
  const by = cause === null ? `the state of the window on ${date}` : `${cause.source}:${cause.id} of ${cause.date}`;
  return `${by} changes ${nameOf(line)} by ${moneyText(amount, component.paidIn)} ${component.paidIn}${why.window === null ? '' : ` in ${why.window.name}`}`;
}
