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
export const dealOpened = eventType('deal', 'DealOpened', z.strictObject({ source: nameText, id: idText, fields: dealFields }));
export const dealStageChanged = eventType('deal', 'DealStageChanged', z.strictObject({ stage: nameText.nullable() }));
export const dealRepriced = eventType(
  'deal',
  'DealRepriced',
  z.strictObject({ amount: decimalText.nullable(), currency: currencyText.nullable() }),
);
/** A key that is absent stays as it was, null clears it. */
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
/** Revenue shares sum to exactly 1 (or there are none); overlays come on top. Replaces an earlier split. */
export const dealSplit = eventType(
  'deal',
  'DealSplit',
  z.strictObject({ revenue: z.record(idText, shareText), overlay: z.record(idText, shareText) }),
);
export const dealWon = eventType('deal', 'DealWon', z.strictObject({ closed: dateText }));
export const dealLost = eventType('deal', 'DealLost', z.strictObject({ closed: dateText.nullable() }));
export const dealReopened = eventType('deal', 'DealReopened', z.strictObject({}));
export const reversalKind = z.enum(['cancelled', 'refunded', 'churned', 'credited']);
/** After winning: a reversal with its own date; `amount` null reverses all that is left. `reversal` identifies it within the deal. */
export const dealReversed = eventType(
  'deal',
  'DealReversed',
  z.strictObject({ reversal: idText, kind: reversalKind, date: dateText, amount: decimalText.nullable() }),
);
export const dealReversalRetracted = eventType('deal', 'DealReversalRetracted', z.strictObject({ reversal: idText }));
/** The source no longer has the record. */
export const dealRetracted = eventType('deal', 'DealRetracted', z.strictObject({}));

/** `account-<source>:<id>`. */
export const accountRecorded = eventType(
  'account',
  'AccountRecorded',
  z.strictObject({ source: nameText, id: idText, fields: z.record(z.string(), z.string().max(4000)) }),
);
export const accountRetracted = eventType('account', 'AccountRetracted', z.strictObject({ source: nameText, id: idText }));

/** `source-<source>~<as>`: how an export is read (sources/*.yaml), as written; a source may bring several kinds of record. */
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
/** `quarantine-<source>~<as>~<quarantine>`: a row that could not be read waits with its reason; `row` counts from 1 with the header as row 1. */
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
export const rowReleased = eventType('quarantine', 'RowReleased', z.strictObject({ quarantine: idText, source: nameText }));
/** `reading-<source>~<as>`: what was legal in the latest export and probably a mistake; replaces what was found in an earlier one. */
export const readingWarned = eventType('reading', 'ReadingWarned', z.strictObject({ source: nameText, as: nameText, warnings: z.array(warningSchema).max(200) }));

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
  accountRecorded,
  accountRetracted,
  sourceMapped,
  importStarted,
  importFinished,
  rowQuarantined,
  rowReleased,
  readingWarned,
] as const;
export type PipelineEvent = EventOf<(typeof pipelineEvents)[number]>;
export type DealEvent = Extract<PipelineEvent, { type: `Deal${string}` }>;
