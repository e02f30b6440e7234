import { Exact } from '@attain/values';
import type { Explanation } from './explanation.js';

/** A node of a tree as far as people read it. */
type Readable = Pick<Explanation, 'sentence' | 'amount' | 'currency' | 'changed' | 'ranking'> & {
  readonly kind: string;
  readonly from?: readonly Readable[];
  readonly parts: readonly Readable[];
};

/**
 * A tree in words, line by line: an amount with its sentence, then, further in, what changed, what it is computed from, and its parts.
 * `shown` writes a decimal for readers.
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

/** Of a fraction the first decimals, because they would not end. */
function decimalOf(amount: string): string {
  return amount.includes('/') ? Exact.parse(amount).toDecimal(6, 'half-up') : amount;
}
function ended(amount: string): string {
  return amount.includes('/') ? '…' : '';
}
