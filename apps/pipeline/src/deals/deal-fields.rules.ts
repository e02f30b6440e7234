import type { DealFields } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { explainedFault, idFault, isCurrency, isRecordable, isSummable } from '@attain/values';

/** Fields as a command gives them: null or the empty text clears, an absent field stays. */
export type FieldChanges = Readonly<Record<string, string | null | undefined>>;

const DECIMAL = /^-?\d{1,30}(\.\d{1,20})?$/;
const RESERVED = new Set(['id', 'source', 'status']);
const LONGEST = 4000;

/** Without blank fields, because a deal does not distinguish an empty text from no value. */
export function withoutBlanks(fields: FieldChanges): DealFields {
  const kept: DealFields = {};
  for (const field in fields) {
    const value = fields[field];
    if (value !== undefined && value !== null && value !== '') kept[field] = value;
  }
  return kept;
}

/** Throws Refused INVALID_FIELD with the name of a field whose value is invalid: a date that does not exist, an amount that is no decimal … */
export function checkFields(fields: FieldChanges): void {
  for (const field in fields) {
    const value = fields[field];
    if (value === undefined || value === null || value === '') continue;
    const expected = expectedOf(field, value, fields['currency']);
    if (expected !== undefined) {
      throw new Refused(
        'INVALID_FIELD',
        `${field}: expected ${expected}, found ${JSON.stringify(value.slice(0, 100))}`,
        { field },
      );
    }
  }
}

function expectedOf(field: string, value: string, currency: string | null | undefined): string | undefined {
  switch (field) {
    case 'amount':
    case 'quantity':
      if (!DECIMAL.test(value)) return 'a plain decimal such as 1054.50';
      return isSummable(value, field === 'amount' ? currency : null)
        ? undefined
        : `${field === 'amount' ? 'an amount' : 'a number'} below 2^53 minor units, so that reports can sum it`;
    case 'opened':
    case 'closed':
      return isRecordable(value) ? undefined : 'a date from 1900-01-01 to 2199-12-31 such as 2025-03-31';
    case 'currency':
      return isCurrency(value) ? undefined : 'an ISO 4217 code such as USD';
    case 'owner':
    case 'account':
    case 'stage': {
      const fault = idFault(value);
      return fault && (field !== 'account' || fault.kind !== 'long') ? `an id; it ${explainedFault(fault)}` : undefined;
    }
    default:
      if (RESERVED.has(field)) return 'no field of this name, which is the deal’s own';
      return value.length <= LONGEST ? undefined : `at most ${LONGEST} characters`;
  }
}
