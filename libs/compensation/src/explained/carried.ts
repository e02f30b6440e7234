import { Exact } from '@attain/values';
import type { SettledLine } from '../paid/draw-and-negative.rules.js';
import { moneyText } from '../plans/text.js';
import { balanceText, leaf, type Reason } from './explanation.js';

/** A negative amount is carried to the next pay period and added to the amount due there. */
export function carriedReason({ of: { due, balance } }: SettledLine, currency: string): Reason {
  const { before, after } = balance ?? { before: 0n, after: 0n };
  const parts = [
    ...(after === 0n ? [] : [leaf('carried', Exact.of(after), currency, 'carried to the next pay period')]),
    ...(before === 0n ? [] : [leaf('before', Exact.of(-before), currency, 'carried from the pay period before')]),
  ];
  return {
    sentence: `a negative is carried, because the amount due is ${moneyText(due, currency)} ${currency}${balanceText(balance, currency)}`,
    parts,
  };
}
