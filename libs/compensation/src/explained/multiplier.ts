import { Exact } from '@attain/values';
import type { Line, Why } from '../earned/lines.js';
import { rounded } from '../plans/rounding.rules.js';
import { moneyText, shareText } from '../plans/text.js';
import { nameOf } from './earning.js';
import { type Explanation, leaf } from './explanation.js';

type Multiplied = NonNullable<Why['multiplied']>;

/** (m − 1) × each line of the record so far, less the amounts of earlier pay periods. */
export function multiplierParts({ component, amount }: Line, { by, of }: Multiplied): Explanation[] {
  const { paidIn, rounding } = component;
  const factor = by.minus(Exact.one);
  const parts = of
    .filter((line) => line.amount !== 0n)
    .map((line) =>
      leaf(
        'line',
        Exact.of(line.amount).times(factor),
        paidIn,
        `${moneyText(line.amount, paidIn)} of the ${line.kind} of ${line.date} × (${shareText(by)} − 100%)`,
        { date: line.date },
      ),
    );
  const now = rounded(of.reduce((sum, line) => sum.plus(Exact.of(line.amount)), Exact.zero).times(factor), rounding);
  const before = now - amount;
  if (before !== 0n)
    parts.push(leaf('before', Exact.of(-before), paidIn, 'given by the multiplier in earlier pay periods'));
  return parts;
}

export function multiplierSentence(line: Line, limit: string): string {
  return `the multiplier changes ${nameOf(line)} by ${moneyText(line.amount, line.component.paidIn)} ${line.component.paidIn}: ${limit}`;
}
