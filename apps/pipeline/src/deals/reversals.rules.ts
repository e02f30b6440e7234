import { Refused } from '@attain/eventsourcing';
import { Exact, isRecordable } from '@attain/values';
import type { Reversal } from './deals.answers.js';

export type { Reversal } from './deals.answers.js';

export type ReversalKind = 'cancelled' | 'refunded' | 'churned' | 'credited';

/**
 * Throws Refused NOT_WON if the deal is not won, REVERSED_MORE_THAN_WHOLE if reversals together exceed the amount (or follow a
 * whole reversal), INVALID_FIELD for an invalid amount or date.
 */
export function checkReversals(
  deal: { readonly status: string; readonly fields: Readonly<Record<string, string>> },
  reversals: Readonly<Record<string, Reversal>>,
): void {
  const all = Object.values(reversals);
  if (all.length === 0) return;
  if (deal.status !== 'won')
    throw new Refused('NOT_WON', `Only a won deal can be taken back; this one is ${deal.status}`);
  const whole = Exact.parse(deal.fields['amount'] ?? '0');
  let left = whole;
  let everything = false;
  for (const { amount, date } of all) {
    if (!isRecordable(date))
      throw new Refused(
        'INVALID_FIELD',
        `date: expected a date from 1900-01-01 to 2199-12-31 such as 2025-03-31, found ${JSON.stringify(date)}`,
        { field: 'date' },
      );
    if (everything || (!whole.isZero() && left.isZero())) throw tooMuch('Nothing of the deal is left to take back');
    if (amount === null) {
      everything = true;
      continue;
    }
    const part = amountOf(amount);
    if (part.sign() !== whole.sign()) {
      throw new Refused('INVALID_FIELD', `amount: expected an amount of the deal’s sign, found ${amount}`, {
        field: 'amount',
      });
    }
    left = left.minus(part);
    if (left.sign() === -whole.sign())
      throw tooMuch(`The deal’s amount is ${whole}; more than that cannot be taken back`);
  }
}

function amountOf(text: string): Exact {
  if (!/^-?\d{1,30}(\.\d{1,20})?$/.test(text)) {
    throw new Refused(
      'INVALID_FIELD',
      `amount: expected a plain decimal such as 1054.50, found ${JSON.stringify(text)}`,
      { field: 'amount' },
    );
  }
  return Exact.parse(text);
}

function tooMuch(message: string): Refused {
  return new Refused('REVERSED_MORE_THAN_WHOLE', message);
}
