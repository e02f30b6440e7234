import { type CauseKind, causeKinds } from '@attain/contracts';
import { compareBytes, dayAfter, type LocalDate } from '@attain/values';
import type { Entry } from '../facts/entries.js';
import { compareRecorded, type Fact } from '../facts/fact.js';

/** The kind of cause for each type of fact, named like the steps of a history; null for facts that change no line. */
const kinds: Readonly<Record<Exclude<Fact['type'], 'DealReversed' | 'InvoiceReversed'>, CauseKind | null>> = {
  DealOpened: 'deal',
  DealWon: 'won',
  DealLost: 'lost',
  DealReopened: 'reopened',
  DealStageChanged: 'changed',
  DealRepriced: 'changed',
  DealRedated: 'changed',
  DealReassigned: 'changed',
  DealAmended: 'changed',
  DealSplit: 'split',
  ItemRecorded: 'item',
  InvoiceRecorded: 'invoice',
  PaymentRecorded: 'paid',
  ActivityRecorded: 'activity',
  ReleaseApproved: 'approve',
  ReleaseWithdrawn: 'approve',
  DealRetracted: 'retracted',
  DealReversalRetracted: 'retracted',
  ItemRetracted: 'retracted',
  InvoiceRetracted: 'retracted',
  InvoiceReversalRetracted: 'retracted',
  PaymentRetracted: 'retracted',
  ActivityRetracted: 'retracted',
  QuotaAssigned: 'quota',
  QuotaChanged: 'quota',
  QuotaWithdrawn: 'quota',
  ParticipantAssigned: 'person',
  ParticipantAssignmentRetracted: 'person',
  LeaveRecorded: 'leave',
  LeaveRetracted: 'leave',
  RelationRecorded: 'relation',
  RelationRetracted: 'relation',
  ExchangeRateRecorded: 'rate',
  ExchangeRateRetracted: 'rate',
  ObjectiveAssigned: 'objective',
  ObjectiveWithdrawn: 'objective',
  ScoreRecorded: 'score',
  ScoreRetracted: 'score',
  PlanPublished: 'plan',
  PlanRetracted: 'plan',
  AdjustmentApproved: 'adjust',
  PlanSigned: 'sign',
  AccountRecorded: 'account',
  AccountRetracted: 'account',
  TableDefined: 'table',
  TableRetracted: 'table',
  CompanyConfigured: 'company',
  ParticipantNamed: null,
  SourceMapped: null,
  ImportStarted: null,
  ImportFinished: null,
  RowQuarantined: null,
  RowCorrected: null,
  RowReleased: null,
  ReadingWarned: null,
  AdjustmentProposed: null,
  AdjustmentRejected: null,
  PeriodClosed: null,
  ExceptionAccepted: null,
  StatementIssued: null,
  StatementContinued: null,
  StatementApproved: null,
  LateChangeApproved: null,
  LateChangeDismissed: null,
  ClockAccepted: null,
  UserChanged: null,
  UserChangeProposed: null,
  UserChangeRejected: null,
  UserPasswordChanged: null,
  KeyCreated: null,
  KeyRotated: null,
  KeyRevoked: null,
};

/** The kind of cause of a fact; a reversal names its own. */
export function causeKind({ fact }: Entry): CauseKind | null {
  if (fact.type === 'DealReversed' || fact.type === 'InvoiceReversed') return fact.data.kind;
  return kinds[fact.type];
}

/** The facts of one step of a history. They are applied together, and the last one names the cause. */
export interface CauseStep {
  readonly entries: readonly Entry[];
  readonly cause: Entry;
}

interface Key {
  readonly step: CauseStep;
  known: Pick<Fact, 'stretch' | 'recorded'>;
  date: LocalDate | '';
  kind: number;
  record: string;
}

/**
 * The order in which facts are applied to attribute differences: the instant they became known; the date of reversals
 * and leaves (other facts first); the kind; the record. Facts of one record keep the order in which they were recorded.
 */
export function inCauseOrder(entries: readonly Entry[]): CauseStep[] {
  const last = new Map<string, Key>();
  const keys = stepsOf(entries).map((step): Key => {
    const { fact } = step.cause;
    const date = effectiveDate(fact);
    const key: Key = {
      step,
      known: fact,
      date,
      kind: causeKinds.indexOf(causeKind(step.cause) ?? 'company'),
      record: fact.stream,
    };
    const before = last.get(fact.stream);
    // The later facts of a record wait for everything that its earlier facts wait for.
    if (before !== undefined && byKey(before, key) > 0)
      Object.assign(key, { known: before.known, date: before.date, kind: before.kind });
    last.set(fact.stream, key);
    return key;
  });
  return keys.sort((a, b) => byKey(a, b) || a.step.cause.at - b.step.cause.at).map(({ step }) => step);
}

/** The date from which a fact counts, because earlier cuts exclude it. */
export function effectiveDate(fact: Fact): LocalDate | '' {
  switch (fact.type) {
    case 'DealReversed':
    case 'InvoiceReversed':
      return fact.data.date;
    case 'PaymentRecorded':
      return fact.data.fields['paid'] ?? '';
    case 'LeaveRecorded':
      return fact.data.from;
    default:
      return '';
  }
}

function stepsOf(entries: readonly Entry[]): CauseStep[] {
  const streams = new Map<string, Entry[][]>();
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const steps = streams.get(entry.fact.stream) ?? [];
    streams.set(entry.fact.stream, steps);
    const first = firstOfStep(steps, entry.fact);
    if (first === null) steps.push([entry]);
    else steps.push([...steps.splice(first).flat(), entry]);
  }
  const all = [...streams.values()].flat().map((step): CauseStep => ({ entries: step, cause: step.at(-1)! }));
  return all.sort((a, b) => a.cause.at - b.cause.at);
}

/**
 * The index of the earlier step that a fact belongs to, if any. A won deal that is lost is reopened first and may be
 * changed; a change of a person ends one row and begins another.
 */
function firstOfStep(steps: readonly (readonly Entry[])[], fact: Fact): number | null {
  if (fact.type !== 'DealLost' && fact.type !== 'ParticipantAssigned') return null;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const entry = steps[index]!.at(-1)!;
    const { fact: earlier } = entry;
    if (compareRecorded(earlier, fact) !== 0) return null;
    if (fact.type === 'ParticipantAssigned') {
      const ends =
        earlier.type === 'ParticipantAssigned' &&
        earlier.data.to !== null &&
        dayAfter(earlier.data.to) === fact.data.from;
      return ends ? index : null;
    }
    if (earlier.type === 'DealReopened') return index;
    if (causeKind(entry) !== 'changed') return null;
  }
  return null;
}

function byKey(a: Key, b: Key): number {
  const order = compareRecorded(a.known, b.known);
  if (order !== 0) return order;
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.kind - b.kind || compareBytes(a.record, b.record);
}
