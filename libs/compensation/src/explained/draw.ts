import { Exact } from '@attain/values';
import type { SettledLine } from '../paid/draw-and-negative.rules.js';
import { moneyText } from '../plans/text.js';
import { balanceText, type Explanation, leaf, type Reason } from './explanation.js';

/** A draw fills up the amount due and is lent; a guarantee does the same but is never paid back. */
export function drawReason({ of: { due, balance, draw } }: SettledLine, currency: string): Reason {
  const text = (minor: bigint) => `${moneyText(minor, currency)} ${currency}`;
  const name = balance === null ? 'guarantee' : 'draw';
  const parts: Explanation[] = [
    leaf(name, Exact.of(draw), currency, `the minimum of the ${name}`),
    leaf('due', Exact.of(-due), currency, `the amount due without the ${name}`),
  ];
  return {
    sentence: `the amount due, ${text(due)}, is filled up to the ${name} of ${text(draw)}${balance === null ? ', which is never paid back' : balanceText(balance, currency)}`,
    parts,
  };
}
