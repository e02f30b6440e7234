import { Refused } from '@attain/eventsourcing';
import { isRecordable } from '@attain/values';
import { checkFields } from '../deals/deal-fields.rules.js';

/** The kinds of record that belong to a deal. */
export type RelatedKind = 'items' | 'invoices' | 'payments' | 'activities';

/** The dates of each kind, the first of which it must have. */
const relatedDates: Readonly<Record<RelatedKind, readonly string[]>> = {
  items: [],
  invoices: ['date', 'due'],
  payments: ['paid'],
  activities: ['date'],
};
const OPTIONAL = new Set(['due']);

/** Throws Refused INVALID_FIELD with the name of a field whose value is invalid. */
export function checkRelatedFields(kind: RelatedKind, fields: Readonly<Record<string, string>>): void {
  checkFields(fields);
  for (const field of relatedDates[kind]) {
    const value = fields[field];
    if (value === undefined && OPTIONAL.has(field)) continue;
    if (value !== undefined && isRecordable(value)) continue;
    throw new Refused(
      'INVALID_FIELD',
      `${field}: expected a date from 1900-01-01 to 2199-12-31 such as 2025-03-31, found ${JSON.stringify(value ?? '')}`,
      { field },
    );
  }
}
