import { Exact } from '@attain/values';
import type { Line, Why } from '../earned/lines.js';
import { sees } from '../facts/view.js';
import { exactMoney, moneyText, shareText } from '../plans/text.js';
import type { World } from '../plans/world.js';
import { type Explanation, leaf } from './explanation.js';
import { type Input, type Slice, slice } from './slice.js';

type Taken = NonNullable<Why['taken']>;

/**
 * The share of each line of its record that a clawback takes, less the amount taken before and the rounding: together
 * its amount.
 */
export function clawbackSlices({ component, amount }: Line, { share, of, before }: Taken): Slice[] {
  const text = (minor: Exact) => exactMoney(minor, component.paidIn);
  const part = share.negated();
  const slices = of
    .filter((line) => line.amount !== 0n)
    .map((line) => slice(text(Exact.of(line.amount).times(part)), text(Exact.of(line.amount)), shareText(part)));
  if (before !== 0n) slices.push(slice(text(Exact.of(before))));
  const rest = of.reduce((left, line) => left.minus(Exact.of(line.amount).times(part)), Exact.of(amount - before));
  if (!rest.isZero() || slices.length === 0) slices.push(slice(text(rest)));
  return slices;
}

/** The lines of which a clawback takes a share, each with its day and the event that won their record. */
export function clawbackInputs({ view }: World, { component, credit }: Line, { of }: Taken): Input[] {
  const won = credit?.record.entries.findLast(({ at, fact }) => fact.type === 'DealWon' && sees(view, at));
  if (won === undefined) return [];
  const { paidIn: currency } = component;
  return of
    .filter(({ amount }) => amount !== 0n)
    .map(({ kind, date, amount }) => ({
      event: won.fact.id,
      what: kind,
      value: `${exactMoney(Exact.of(amount), currency)} ${currency} on ${date}`,
    }));
}

/** The share taken of each line of the record, each line with its own explanation, less the amount taken before. */
export function clawbackParts(
  { component, amount }: Line,
  { share, of, before }: Taken,
  explain: (line: Line) => Explanation,
): Explanation[] {
  const { paidIn } = component;
  const taken = of
    .filter((line) => line.amount !== 0n)
    .map((line) =>
      leaf(
        'line',
        Exact.of(line.amount).times(share).negated(),
        paidIn,
        `${shareText(share)} of the ${line.kind} of ${line.date}, ${moneyText(line.amount, paidIn)} ${paidIn}`,
        { date: line.date, from: [explain(line)] },
      ),
    );
  if (before !== 0n) taken.push(leaf('before', Exact.of(before), paidIn, 'taken back earlier'));
  return taken.length === 0 ? [leaf('rounding', Exact.of(amount), paidIn, 'rounding differences')] : taken;
}

export function clawbackSentence(line: Line, limit: string): string {
  return `${moneyText(-line.amount, line.component.paidIn)} ${line.component.paidIn} is clawed back: ${limit}`;
}
