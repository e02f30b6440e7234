import { Exact } from '@attain/values';
import type { AmountCut, Line, Why } from '../earned/lines.js';
import { moneyText } from '../plans/text.js';
import { nameOf } from './earning.js';
import { type Explanation, leaf, node } from './explanation.js';

/**
 * The number of lines of a total that are listed: the latest ones, so that the explanation of a large window stays
 * readable.
 */
const MOST_LINES = 100;

/** A cap by amount, of a component or a plan: the cut of the record, and the total that exceeds the cap. */
export function amountCapParts({ component }: Line, cut: AmountCut): Explanation[] {
  const { paidIn } = component;
  const excess = `${moneyText(cut.total, cut.currency)} − ${moneyText(cut.most, cut.currency)} = ${moneyText(cut.total - cut.most, cut.currency)} ${cut.currency}`;
  const now = leaf('now', Exact.of(-cut.now), paidIn, `cut now, of the excess ${excess}`, { from: [totalOf(cut)] });
  return cut.before === 0n ? [now] : [now, leaf('before', Exact.of(cut.before), paidIn, 'cut in earlier pay periods')];
}

export function amountCapSentence(line: Line, { total, most, currency, name, per }: AmountCut): string {
  const { amount, component } = line;
  const text = (minor: bigint) => `${moneyText(minor, currency)} ${currency}`;
  return `the cap takes ${moneyText(-amount, component.paidIn)} ${component.paidIn} of ${nameOf(line)}, because ${name} sums to ${text(total)} and the cap is ${text(most)} per ${per}`;
}

/** The sum of a cap's window, line by line. */
function totalOf({ of, name, currency, total }: AmountCut): Explanation {
  const named = of
    .slice(-MOST_LINES)
    .map(({ line, worth }) =>
      leaf(
        'line',
        Exact.of(worth),
        currency,
        `${line.component.name}: ${line.kind} of ${nameOf(line)} on ${line.date}`,
        { date: line.date },
      ),
    );
  const rest = of.slice(0, -MOST_LINES);
  const dates = rest.map(({ line }) => line.date).sort();
  const earlier =
    rest.length === 0
      ? []
      : [
          leaf(
            'lines',
            Exact.of(rest.reduce((sum, { worth }) => sum + worth, 0n)),
            currency,
            `${rest.length} earlier lines`,
            { date: dates[0]! },
          ),
        ];
  return node('total', currency, `${name} sums to ${moneyText(total, currency)} ${currency}`, [...earlier, ...named]);
}

type Counted = NonNullable<Why['counted']>;

/** A cap by count takes back all lines of a record that comes after the last paid one. */
export function countCapParts({ component: { paidIn } }: Line, { of }: Counted): Explanation[] {
  return of.map((line) =>
    leaf('line', Exact.of(-line.amount), paidIn, `takes back the ${line.kind} of ${nameOf(line)} on ${line.date}`, {
      date: line.date,
    }),
  );
}

export function countCapSentence(line: Line, { number }: Counted): string {
  const { amount, component } = line;
  const { count, paidIn } = component;
  const most = count === null ? '' : `, and the first ${count.limit} per ${count.per} are paid`;
  return `the cap takes ${moneyText(-amount, paidIn)} ${paidIn} of ${nameOf(line)}, because it is number ${number} in order${most}`;
}
