import { z } from 'zod';
import { dateText, decimalText, idText, instantText, nameText } from '../events/text.js';

/** The kinds of line in a statement, as formats.md lists them. */
export const lineKinds = [
  'earning',
  'reversal',
  'true-up',
  'multiplier',
  'cap',
  'clawback',
  'hold',
  'release',
  'difference',
  'adjustment',
  'carried',
  'draw',
  'recovery',
] as const;
/** What can move a closed period: the steps of a history. */
export const causeKinds = [
  'company',
  'table',
  'person',
  'leave',
  'relation',
  'rate',
  'quota',
  'objective',
  'plan',
  'sign',
  'account',
  'deal',
  'won',
  'lost',
  'reopened',
  'changed',
  'split',
  'item',
  'invoice',
  'paid',
  'activity',
  'score',
  'cancelled',
  'refunded',
  'churned',
  'credited',
  'adjust',
  'approve',
  'retracted',
] as const;

export const recordRef = z.strictObject({ source: nameText, id: idText });
export type RecordRef = z.infer<typeof recordRef>;

/** One part of a line: `credited` of the record paid at `rate` (a share, or an amount for a unit), unrounded. `adds` is its part of the blended rate. */
export const sliceSchema = z.strictObject({
  tier: z.int().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  credited: z.string(),
  rate: z.string(),
  amount: z.string(),
  adds: z.string().nullable(),
});

/** A source of a number: the event that recorded it. */
export const inputSchema = z.strictObject({ event: z.string(), what: z.string(), value: z.string() });

/** The explanation of a number; the slices' amounts sum to `unrounded`, and `unrounded` rounds to the line. */
export const traceSchema = z.strictObject({
  planHash: z.string(),
  rule: z.string(),
  inputs: z.array(inputSchema),
  slices: z.array(sliceSchema),
  arithmetic: z.string(),
  unrounded: z.string(),
  rounding: z.string(),
});

/** Amounts are decimal text in the currency of the same object. */
export const lineSchema = z.strictObject({
  kind: z.enum(lineKinds),
  plan: nameText,
  version: nameText,
  /** Empty on a line of the plan as a whole: a draw, a recovery, a carried negative. */
  component: z.string().max(400),
  period: nameText,
  for: nameText.nullable(),
  record: recordRef.nullable(),
  date: dateText,
  causedBy: recordRef.nullable(),
  credited: z.string().nullable(),
  rate: z.string().nullable(),
  earned: decimalText,
  earnedCurrency: z.string(),
  payable: decimalText,
  payableCurrency: z.string(),
  cause: z.strictObject({ kind: z.enum(causeKinds), event: z.string() }).nullable(),
  trace: traceSchema,
});
export type StatementLine = z.infer<typeof lineSchema>;
export type Slice = z.infer<typeof sliceSchema>;
export type LineKind = (typeof lineKinds)[number];
export type CauseKind = (typeof causeKinds)[number];

/** The reason why a line is not paid, or is 0. */
export const exceptionCodes = ['RATE_MISSING', 'NO_QUOTA', 'NO_RATE', 'UNDEFINED'] as const;

export const exceptionSchema = z.strictObject({
  code: z.enum(exceptionCodes),
  plan: nameText,
  component: nameText,
  participant: idText,
  record: recordRef.nullable(),
  detail: z.string(),
});
export type PayException = z.infer<typeof exceptionSchema>;

/** A late change of a closed period that nobody has approved or dismissed, and its effect on pay. `known`: the day from which it is late. */
export const waitingSchema = z.strictObject({
  plan: nameText,
  component: z.string().max(400),
  for: nameText,
  record: recordRef.nullable(),
  known: dateText,
  cause: z.strictObject({ kind: z.enum(causeKinds), event: z.string() }),
  earned: decimalText,
  earnedCurrency: z.string(),
  payable: decimalText,
  payableCurrency: z.string(),
});
export type WaitingChange = z.infer<typeof waitingSchema>;

/** Total → component → deal → slice. `lines` are in the order of formats.md and their `payable` sums to `payable`. */
export const statementSchema = z.strictObject({
  participant: idText,
  period: nameText,
  cut: z.strictObject({ effective: dateText, known: instantText }),
  currency: z.string(),
  earned: decimalText,
  payable: decimalText,
  /** Points and days off are payable 0 here: their lines state the unit. */
  components: z.array(
    z.strictObject({
      plan: nameText,
      component: z.string().max(400),
      earned: decimalText,
      payable: decimalText,
      lines: z.int(),
    }),
  ),
  lines: z.array(lineSchema),
  exceptions: z.array(exceptionSchema),
  /** The balance that each plan with draws or carried negatives leaves for the next statement; a debt of the participant is above 0 under `draw`, below 0 under `carried`. */
  balances: z
    .array(z.strictObject({ plan: nameText, currency: z.string(), draw: decimalText, carried: decimalText }))
    .optional(),
  /** Earnings of each plan that are not yet released, in the plan's currencies and in units that are not money. */
  held: z.array(z.strictObject({ plan: nameText, currency: z.string(), amount: decimalText })).optional(),
  /** Late changes of closed periods that wait for a review: no line and no sum includes them. */
  waiting: z.array(waitingSchema).optional(),
});
export type Statement = z.infer<typeof statementSchema>;

/** A line of a stored statement: without its trace, because the facts give the trace again. Older engines stored the trace too. */
export const storedLineSchema = lineSchema.extend({ trace: traceSchema.optional() });
export type StoredLine = z.infer<typeof storedLineSchema>;

/** A statement as it is stored. */
export const storedStatementSchema = statementSchema.extend({ lines: z.array(storedLineSchema) });
export type StoredStatement = z.infer<typeof storedStatementSchema>;

/** The lists of a statement, in the order in which its parts contain them. */
export const statementLists = ['components', 'balances', 'held', 'lines', 'exceptions', 'waiting'] as const;
export type StatementList = (typeof statementLists)[number];

const { components, balances, held, lines, exceptions, waiting } = storedStatementSchema.shape;
/** The entries that a part appends to the lists of its statement. */
export const statementPartSchema = z.strictObject({ components, balances, held, lines, exceptions, waiting }).partial();
export type StatementPart = z.infer<typeof statementPartSchema>;
