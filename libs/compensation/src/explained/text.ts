import { Exact } from '@attain/values';
import type { Explanation } from './explanation.js';

/** The parts of a node that people read. */
type Readable = Pick<Explanation, 'sentence' | 'amount' | 'currency' | 'changed' | 'ranking'> & {
  readonly kind: string;
  readonly from?: readonly Readable[];
  readonly parts: readonly Readable[];
};

/**
 * A tree as text, line by line: an amount with its sentence and then, indented, the changes, the amounts that it is
 * computed from, and its parts. `shown` formats a decimal for readers.
 */
export function explanationText(
  { kind, sentence, amount, currency, changed = [], ranking = [], from = [], parts }: Readable,
  indent = '',
  shown = (decimal: string): string => decimal,
): string[] {
  const inner = `${indent}  `;
  return [
    `${indent}${shown(decimalOf(amount))}${ended(amount)} ${currency}  ${kind}: ${sentence}`,
    ...changed.map(({ what, before, after }) => `${inner}${what}: ${before ?? 'none'} → ${after ?? 'none'}`),
    ...ranking.map(
      ({ place, last, participants }) =>
        `${inner}place ${place === last ? place : `${place} to ${last}`}: ${participants.join(', ')}`,
    ),
    ...(from.length === 0
      ? []
      : [`${inner}computed from`, ...from.flatMap((one) => explanationText(one, `${inner}  `, shown))]),
    ...parts.flatMap((part) => explanationText(part, inner, shown)),
  ];
}

/** The first decimals of a fraction, because its decimals do not end. */
function decimalOf(amount: string): string {
  return amount.includes('/') ? Exact.parse(amount).toDecimal(6, 'half-up') : amount;
}
function ended(amount: string): string {
  return amount.includes('/') ? '…' : '';
}
