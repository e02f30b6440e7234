import type { Explained, Line, Why } from '../earned/lines.js';
import { moneyText } from '../plans/text.js';
import { nameOf, sliceParts } from './earning.js';
import { type Explanation, node, takenBack } from './explanation.js';

/** The entitlement of a record now, and before; the earlier one is taken back. */
export function entitledParts(line: Line, { now, before }: Why): Explanation[] {
  const { component } = line;
  const after = node('now', component.paidIn, `${nameOf(line)} is entitled to now`, sliceParts(now, component));
  const then = node(
    'before',
    component.paidIn,
    `${nameOf(line)} was entitled to before`,
    sliceParts(before, component),
  );
  return [after, takenBack(then)];
}

export function trueUpSentence(line: Line, { why }: Explained): string {
  const { amount, cause, component, date } = line;
  const by =
    cause === null ? `what is known about the window on ${date}` : `${cause.source}:${cause.id} of ${cause.date}`;
  return `${moneyText(amount, component.paidIn)} ${component.paidIn} is what ${by} changes of ${nameOf(line)}${why.window === null ? '' : ` in ${why.window.name}`}`;
}
