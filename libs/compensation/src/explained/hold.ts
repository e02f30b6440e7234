import { Exact } from '@attain/values';
import type { Line, Why } from '../earned/lines.js';
import { moneyText } from '../plans/text.js';
import { type Explanation, leaf } from './explanation.js';

type Held = NonNullable<Why['held']>;

/**
 * A hold adds to the held amount and a release takes from it: the amount held before is payable, and the amount held
 * now is not.
 */
export function heldParts({ component: { paidIn } }: Line, { before, now }: Held): Explanation[] {
  const parts = now.map(({ kind, text, amount, date }) => leaf(kind, Exact.of(-amount), paidIn, text, { date }));
  return before === 0n && parts.length > 0
    ? parts
    : [leaf('before', Exact.of(before), paidIn, 'held before'), ...parts];
}

export function heldSentence({ kind, amount, component: { paidIn } }: Line, limit: string): string {
  return `${moneyText(amount < 0n ? -amount : amount, paidIn)} ${paidIn} is ${kind === 'hold' ? 'held' : 'released'}: ${limit}`;
}
