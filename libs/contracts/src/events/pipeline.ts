import { z } from 'zod';
import { warningSchema } from '../documents/warnings.js';
import { type EventOf, eventType } from './event-type.js';
import { currencyText, dateText, decimalText, idText, nameText, shareText } from './text.js';

/**
 * A deal's fields by name, every value its text: the standard ones (name, account, product, stage, amount, currency,
 * quantity, owner, opened, closed, type, region, territory, time: the source's time of the closing day) and the company's own.
 */
export const dealFields = z.record(z.string(), z.string().max(4000));
export type DealFields = z.infer<typeof dealFields>;

/** `deal-<source>:<id>`. */
export const dealOpened = eventType(
  'deal',
  'DealOpened',
  z.strictObject({ source: nameText, id: idText, fields: dealFields }),
  [],
  openedAsUsual,
);

/** Half of all events are opened deals, and a schema of a record checks each key and value by a call of its own. */
function openedAsUsual(data: unknown): { source: string; id: string; fields: DealFields } | undefined {
  if (!isPlain(data)) return undefined;
  const { source, id, fields } = data;
  if (Object.keys(data).length !== 3 || !isName(source) || !isName(id) || !isPlain(fields)) return undefined;
  const copied: DealFields = {};
  for (const field in fields) {
    const value = fields[field];
    if (typeof value !== 'string' || value.length > 4000 || field === '__proto__') return undefined;
    copied[field] = value;
  }
  return { source, id, fields: copied };
}
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 400;
}
export const dealStageChanged = eventType('deal', 'DealStageChanged', z.strictObject({ stage: nameText.nullable() }));
export const dealRepriced = eventType(
  'deal',
  'DealRepriced',
  z.strictObject({ amount: decimalText.nullable(), currency: currencyText.nullable() }),
);
/** An absent key leaves the field unchanged, null clears it. */
export const dealRedated = eventType(
  'deal',
  'DealRedated',
  z.strictObject({ opened: dateText.nullable().optional(), closed: dateText.nullable().optional() }),
);
export const dealReassigned = eventType('deal', 'DealReassigned', z.strictObject({ owner: idText.nullable() }));
/** Any other field; null clears it. */
export const dealAmended = eventType(
  'deal',
  'DealAmended',
  z.strictObject({ fields: z.record(z.string(), z.string().max(4000).nullable()) }),
);
/** Revenue shares sum to exactly 1 (or there are none); overlays are additional. Replaces an earlier split. */
export const dealSplit = eventType(
  'deal',
  'DealSplit',
  z.strictObject({ revenue: z.record(idText, shareText), overlay: z.record(idText, shareText) }),
);
export const dealWon = eventType('deal', 'DealWon', z.strictObject({ closed: dateText }));
export const dealLost = eventType('deal', 'DealLost', z.strictObject({ closed: dateText.nullable() }));
export const dealReopened = eventType('deal', 'DealReopened', z.strictObject({}));
export const reversalKind = z.enum(['cancelled', 'refunded', 'churned', 'credited']);
/** After winning: a reversal with its own date; `amount` null reverses the whole rest. `reversal` identifies it within the deal. */
export const dealReversed = eventType(
  'deal',
  'DealReversed',
  z.strictObject({ reversal: idText, kind: reversalKind, date: dateText, amount: decimalText.nullable() }),
);
export const dealReversalRetracted = eventType('deal', 'DealReversalRetracted', z.strictObject({ reversal: idText }));
/** The source no longer has the record. */
export const dealRetracted = eventType('deal', 'DealRetracted', z.strictObject({}));

const ofDeal = z.strictObject({ source: nameText, id: idText }).nullable();
const recordFields = z.record(z.string(), z.string().max(4000));
const ownRecord = { source: nameText, id: idText };

/** `item-<source>:<id>`: a line of a deal, with the deal's owner, splits, dates and reversals; the whole line as its source has it now. */
export const itemRecorded = eventType(
  'item',
  'ItemRecorded',
  z.strictObject({ ...ownRecord, deal: ofDeal, fields: recordFields }),
);
export const itemRetracted = eventType('item', 'ItemRetracted', z.strictObject(ownRecord));
/** `invoice-<source>:<id>`: its `date` and `owner` are fields; without an owner, the deal's owner counts. */
export const invoiceRecorded = eventType(
  'invoice',
  'InvoiceRecorded',
  z.strictObject({ ...ownRecord, deal: ofDeal, fields: recordFields }),
);
export const invoiceRetracted = eventType('invoice', 'InvoiceRetracted', z.strictObject(ownRecord));
/** A refund or a credit note with its own date; `amount` null reverses the rest of the invoice. */
export const invoiceReversed = eventType(
  'invoice',
  'InvoiceReversed',
  z.strictObject({ reversal: idText, kind: reversalKind, date: dateText, amount: decimalText.nullable() }),
);
export const invoiceReversalRetracted = eventType(
  'invoice',
  'InvoiceReversalRetracted',
  z.strictObject({ reversal: idText }),
);
/** `payment-<source>:<id>`: a customer's payment for a deal or an invoice on the date of its field `paid`; a refund is below 0. */
export const paymentRecorded = eventType(
  'payment',
  'PaymentRecorded',
  z.strictObject({ ...ownRecord, deal: ofDeal, invoice: ofDeal, fields: recordFields }),
);
export const paymentRetracted = eventType('payment', 'PaymentRetracted', z.strictObject(ownRecord));
/** `activity-<source>:<id>`: a meeting, a call, a demonstration; its `date` and `owner` are fields. */
export const activityRecorded = eventType(
  'activity',
  'ActivityRecorded',
  z.strictObject({ ...ownRecord, deal: ofDeal, fields: recordFields }),
);
export const activityRetracted = eventType('activity', 'ActivityRetracted', z.strictObject(ownRecord));

/** `account-<source>:<id>`. */
export const accountRecorded = eventType(
  'account',
  'AccountRecorded',
  z.strictObject({ source: nameText, id: idText, fields: z.record(z.string(), z.string().max(4000)) }),
);
export const accountRetracted = eventType(
  'account',
  'AccountRetracted',
  z.strictObject({ source: nameText, id: idText }),
);

/** `source-<source>~<as>`: the mapping of an export (sources/*.yaml), as written; a source may have several kinds of record. */
export const sourceMapped = eventType(
  'source',
  'SourceMapped',
  z.strictObject({ source: nameText, document: z.record(z.string(), z.unknown()) }),
);
/** `import-<id>`. */
export const importStarted = eventType(
  'import',
  'ImportStarted',
  z.strictObject({ import: idText, source: nameText, files: z.array(z.string()), complete: z.boolean() }),
);
export const importFinished = eventType(
  'import',
  'ImportFinished',
  z.strictObject({
    import: idText,
    source: nameText,
    rows: z.int(),
    opened: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    retracted: z.int(),
    quarantined: z.int(),
  }),
);
/** `quarantine-<source>~<as>~<quarantine>`: an unreadable row waits with its reason; `row` counts from 1 with the header as row 1. */
export const rowQuarantined = eventType(
  'quarantine',
  'RowQuarantined',
  z.strictObject({
    quarantine: idText,
    import: idText,
    source: nameText,
    file: z.string(),
    row: z.int(),
    field: z.string().nullable(),
    expected: z.string(),
    found: z.string().nullable(),
    raw: z.record(z.string(), z.string()),
  }),
);
/** Corrected cells of a waiting row, by the names of their columns; the row of the file stays unchanged. */
export const rowCorrected = eventType(
  'quarantine',
  'RowCorrected',
  z.strictObject({ quarantine: idText, source: nameText, cells: z.record(z.string(), z.string()) }),
);
export const rowReleased = eventType(
  'quarantine',
  'RowReleased',
  z.strictObject({ quarantine: idText, source: nameText }),
);
/** `reading-<source>~<as>`: valid entries of the latest export that are probably mistakes; replaces those of an earlier export. */
export const readingWarned = eventType(
  'reading',
  'ReadingWarned',
  z.strictObject({ source: nameText, as: nameText, warnings: z.array(warningSchema).max(200) }),
);

export const pipelineEvents = [
  dealOpened,
  dealStageChanged,
  dealRepriced,
  dealRedated,
  dealReassigned,
  dealAmended,
  dealSplit,
  dealWon,
  dealLost,
  dealReopened,
  dealReversed,
  dealReversalRetracted,
  dealRetracted,
  itemRecorded,
  itemRetracted,
  invoiceRecorded,
  invoiceRetracted,
  invoiceReversed,
  invoiceReversalRetracted,
  paymentRecorded,
  paymentRetracted,
  activityRecorded,
  activityRetracted,
  accountRecorded,
  accountRetracted,
  sourceMapped,
  importStarted,
  importFinished,
  rowQuarantined,
  rowCorrected,
  rowReleased,
  readingWarned,
] as const;
export type PipelineEvent = EventOf<(typeof pipelineEvents)[number]>;
export type DealEvent = Extract<PipelineEvent, { type: `Deal${string}` }>;
/** Of records beside a deal: its items, invoices, payments and activities. */
export type RelatedEvent = Extract<PipelineEvent, { type: `${'Item' | 'Invoice' | 'Payment' | 'Activity'}${string}` }>;
