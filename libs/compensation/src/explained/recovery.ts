import { Exact } from '@attain/values';
import type { SettledLine } from '../paid/draw-and-negative.rules.js';
import { moneyText, shareText } from '../plans/text.js';
import { balanceText, leaf, type Reason } from './explanation.js';

/** A share of the amount above the running draw pays back the lent amount, up to the balance. */
export function recoveryReason({ amount, of: { due, balance, draw, share } }: SettledLine, currency: string): Reason {
  const text = (minor: bigint) => `${moneyText(minor, currency)} ${currency}`;
  const wanted = Exact.of(due - draw).times(share);
  const above =
    draw === 0n ? `of the amount due, ${text(due)}` : `of the amount above the draw, ${text(due)} − ${text(draw)}`;
  const parts = [leaf('surplus', wanted.negated(), currency, `${shareText(share)} ${above}`)];
  const left = wanted.plus(Exact.of(amount));
  if (balance?.before === -amount && left.sign() > 0)
    parts.push(leaf('balance', left, currency, `at most the balance of ${text(balance.before)}`));
  return { sentence: `${text(-amount)} of the lent amount is paid back${balanceText(balance, currency)}`, parts };
}
