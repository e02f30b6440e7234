import { z } from 'zod';
import { recordKinds } from '../documents/company.js';
import { exceptionSchema, recordRef, statementPartSchema, storedStatementSchema } from '../documents/statement.js';
import { hashRules } from '../documents/statement-hash.js';
import { type EventOf, eventType } from './event-type.js';
import { currencyText, dateText, decimalText, idText, instantText, nameText } from './text.js';

/**
 * `plan-<name>`: one version. `uses` is the copy of the company's measures, tables, calendar, seasons, stages and fields
 * that the version was published with; `hash` covers document and uses.
 */
export const planPublished = eventType(
  'plan',
  'PlanPublished',
  z.strictObject({
    plan: nameText,
    version: nameText,
    document: z.record(z.string(), z.unknown()),
    uses: z.record(z.string(), z.unknown()),
    hash: z.string(),
  }),
);
export const planRetracted = eventType('plan', 'PlanRetracted', z.strictObject({ plan: nameText, version: nameText }));

/** `signature-<participant>~<plan>`: the participant accepts one version; `hash` covers its document and its `uses`. */
export const planSigned = eventType(
  'signature',
  'PlanSigned',
  z.strictObject({ participant: idText, plan: nameText, version: nameText, hash: z.string().min(1) }),
);

/** `adjustment-<id>`: a manual change of pay, in the currency of the plan; null: the first plan that pays the participant in the period. `for`: the closed period that it concerns. */
export const adjustmentProposed = eventType(
  'adjustment',
  'AdjustmentProposed',
  z.strictObject({
    adjustment: idText,
    participant: idText,
    period: nameText,
    amount: decimalText,
    plan: nameText.nullable(),
    record: recordRef.nullable(),
    for: nameText.nullable(),
    reason: z.string().min(1),
  }),
);
export const adjustmentApproved = eventType(
  'adjustment',
  'AdjustmentApproved',
  z.strictObject({ adjustment: idText, participant: idText }),
);
export const adjustmentRejected = eventType(
  'adjustment',
  'AdjustmentRejected',
  z.strictObject({ adjustment: idText, participant: idText, reason: z.string().min(1) }),
);

/** `period-<name>`. The cut of its statements: effective to `effective`, known up to the instant `known` and store position `position`. */
export const periodClosed = eventType(
  'period',
  'PeriodClosed',
  z.strictObject({
    period: nameText,
    effective: dateText,
    known: instantText,
    position: z.string(),
    participants: z.int(),
    runHash: z.string(),
  }),
);
/** `period-<name>`: the period may close although this result is missing, or 0; the actor accepts it with a reason. */
export const exceptionAccepted = eventType(
  'period',
  'ExceptionAccepted',
  z.strictObject({ period: nameText, ...exceptionSchema.shape, reason: z.string().min(1) }),
);
/**
 * `statement-<participant>~<period>`: frozen permanently; follows from PeriodClosed and is issued once. Since version 2 a line may concern
 * the plan as a whole, without a component, and balances may follow the lines; a statement of version 1 has neither. Since
 * version 3 a difference may have every step of a history as its cause. Since version 4 late changes that wait for a review may follow
 * the lines. Since version 5 lines have no trace, `hashRule` states the scope of the hash, `engine` names the engine that computed
 * the statement (null: an engine without a name), and the event is the first of `parts`: it has the totals, and its lists continue
 * in StatementContinued. The statement is issued once all its parts are stored; a first part begins the statement anew.
 */
export const statementIssued = eventType(
  'statement',
  'StatementIssued',
  z.strictObject({
    participant: idText,
    period: nameText,
    parts: z.int().min(1),
    statement: storedStatementSchema,
    hash: z.string(),
    hashRule: z.literal([...hashRules]),
    engine: nameText.nullable(),
  }),
  [
    (data) => data,
    (data) => data,
    (data) => data,
    (data) => ({ ...(data as object), parts: 1, hashRule: 1, engine: null }),
  ],
);
/** `statement-<participant>~<period>`: the next part of a statement, from 2 on; `hash` is that of the whole, as in the first part. */
export const statementContinued = eventType(
  'statement',
  'StatementContinued',
  z.strictObject({
    participant: idText,
    period: nameText,
    part: z.int().min(2),
    hash: z.string(),
    statement: statementPartSchema,
  }),
);

/**
 * `release-<source>:<id>`: earnings of a component from a record, held for an approval, are released on a date: for one participant, or
 * for all participants with such earnings (null). `of` is the kind of the record.
 */
export const releaseApproved = eventType(
  'release',
  'ReleaseApproved',
  z.strictObject({
    of: z.enum(recordKinds),
    source: nameText,
    id: idText,
    component: nameText,
    participant: idText.nullable(),
    date: dateText,
  }),
);
export const releaseWithdrawn = eventType(
  'release',
  'ReleaseWithdrawn',
  z.strictObject({
    of: z.enum(recordKinds),
    source: nameText,
    id: idText,
    component: nameText,
    participant: idText.nullable(),
  }),
);
/** `approval-<participant>~<period>`: the amount of a statement when the actor approved it; another amount needs another approval. */
export const statementApproved = eventType(
  'approval',
  'StatementApproved',
  z.strictObject({
    participant: idText,
    period: nameText,
    amount: decimalText,
    currency: currencyText,
    known: instantText,
  }),
);

/**
 * `review-<event>~<participant>~<period>`: the effect of a late fact on a closed period of a participant is paid, although the plan
 * requires a review; if dismissed, it is never paid. The actor decides.
 */
export const lateChangeApproved = eventType(
  'review',
  'LateChangeApproved',
  z.strictObject({ event: z.string().min(1), participant: idText, period: nameText }),
);
export const lateChangeDismissed = eventType(
  'review',
  'LateChangeDismissed',
  z.strictObject({ event: z.string().min(1), participant: idText, period: nameText }),
);

export const incentivesEvents = [
  planPublished,
  planRetracted,
  planSigned,
  adjustmentProposed,
  adjustmentApproved,
  adjustmentRejected,
  periodClosed,
  exceptionAccepted,
  statementIssued,
  statementContinued,
  releaseApproved,
  releaseWithdrawn,
  statementApproved,
  lateChangeApproved,
  lateChangeDismissed,
] as const;
export type IncentivesEvent = EventOf<(typeof incentivesEvents)[number]>;
