import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { currencyText, dateText, decimalText, idText, nameText, shareText } from './text.js';

const period = z.string().min(4).max(12);

/** `company-main`: the whole company document as written; a new one replaces it. */
export const companyConfigured = eventType(
  'company',
  'CompanyConfigured',
  z.strictObject({ document: z.record(z.string(), z.unknown()) }),
);
/** `table-<name>`: a rate table; `columns` in order, the last one is the result. */
export const tableDefined = eventType(
  'table',
  'TableDefined',
  z.strictObject({ table: nameText, columns: z.array(nameText), rows: z.array(z.array(z.string())) }),
);
export const tableRetracted = eventType('table', 'TableRetracted', z.strictObject({ table: nameText }));

/** `participant-<id>`. The name has its own event, so that personal data can be erased separately from pay. */
export const participantNamed = eventType(
  'participant',
  'ParticipantNamed',
  z.strictObject({ participant: idText, name: z.string().max(400) }),
);
/** One effective-dated row, identified by (participant, from); a new record with the same `from` replaces the row. */
export const participantAssigned = eventType(
  'participant',
  'ParticipantAssigned',
  z.strictObject({
    participant: idText,
    from: dateText,
    to: dateText.nullable(),
    role: z.string().nullable(),
    manager: idText.nullable(),
    team: z.string().nullable(),
    region: z.string().nullable(),
    currency: currencyText.nullable(),
    fields: z.record(z.string(), z.string()),
  }),
);
export const participantAssignmentRetracted = eventType(
  'participant',
  'ParticipantAssignmentRetracted',
  z.strictObject({ participant: idText, from: dateText }),
);

/** `relation-<person>`: a named relation besides the manager. */
const relation = z.strictObject({
  person: idText,
  relation: nameText,
  other: idText,
  from: dateText,
  to: dateText.nullable(),
});
export const relationRecorded = eventType('relation', 'RelationRecorded', relation);
export const relationRetracted = eventType('relation', 'RelationRetracted', relation.omit({ to: true }));

/**
 * `leave-<participant>`: days of absence, from the first to the last; open without an end. `source` is the system of the export, null
 * if a person recorded the leave. Identified by source and first day; a new record replaces the leave.
 */
const leave = z.strictObject({
  participant: idText,
  source: nameText.nullable(),
  from: dateText,
  to: dateText.nullable(),
});
export const leaveRecorded = eventType('leave', 'LeaveRecorded', leave);
export const leaveRetracted = eventType('leave', 'LeaveRetracted', leave.omit({ to: true }));

/** `rate-<from>-<to>`: units of `to` for one unit of `from`; never inverted. */
export const exchangeRateRecorded = eventType(
  'rate',
  'ExchangeRateRecorded',
  z.strictObject({ from: currencyText, to: currencyText, date: dateText, rate: decimalText }),
);
export const exchangeRateRetracted = eventType(
  'rate',
  'ExchangeRateRetracted',
  z.strictObject({ from: currencyText, to: currencyText, date: dateText }),
);

/** `quota-<for>~<measure>`: `for` is a person, a team, a region or `company`; `credit` names the credits that count. */
const quota = z.strictObject({
  for: nameText,
  measure: nameText,
  period,
  amount: decimalText,
  target: z.union([decimalText, z.null()]),
  credit: z.array(z.string()),
  currency: currencyText.nullable(),
});
export const quotaAssigned = eventType('quota', 'QuotaAssigned', quota);
export const quotaChanged = eventType('quota', 'QuotaChanged', quota);
export const quotaWithdrawn = eventType(
  'quota',
  'QuotaWithdrawn',
  z.strictObject({ for: nameText, measure: nameText, period }),
);

/** `objective-<for>`: an objective with its weight in a component with assigned objectives; `for` is a person, a team, a region or `company`. */
const objective = z.strictObject({ for: nameText, component: nameText, period, name: nameText, weight: shareText });
export const objectiveAssigned = eventType('objective', 'ObjectiveAssigned', objective);
export const objectiveWithdrawn = eventType('objective', 'ObjectiveWithdrawn', objective.omit({ weight: true }));

/** `score-<participant>`: the degree to which a participant reached an objective in a period; a new record replaces the score. */
const score = z.strictObject({ participant: idText, period, objective: nameText, score: shareText });
export const scoreRecorded = eventType('score', 'ScoreRecorded', score);
export const scoreRetracted = eventType('score', 'ScoreRetracted', score.omit({ score: true }));

export const planningEvents = [
  companyConfigured,
  tableDefined,
  tableRetracted,
  participantNamed,
  participantAssigned,
  participantAssignmentRetracted,
  relationRecorded,
  relationRetracted,
  leaveRecorded,
  leaveRetracted,
  exchangeRateRecorded,
  exchangeRateRetracted,
  quotaAssigned,
  quotaChanged,
  quotaWithdrawn,
  objectiveAssigned,
  objectiveWithdrawn,
  scoreRecorded,
  scoreRetracted,
] as const;
export type PlanningEvent = EventOf<(typeof planningEvents)[number]>;
