import { type CauseKind, causeKinds } from '@attain/contracts';
import { compareBytes, type LocalDate } from '@attain/values';
import type { Entry } from '../facts/entries.js';

/** The kind of cause that a fact is, as the steps of a history name it; null for what moves no line. */
export function causeKind({ fact }: Entry): CauseKind | null {
  switch (fact.type) {
    case 'DealOpened':
      return 'deal';
    case 'DealWon':
      return 'won';
    case 'DealLost':
      return 'lost';
    case 'DealReopened':
      return 'reopened';
    case 'DealStageChanged':
    case 'DealRepriced':
    case 'DealRedated':
    case 'DealReassigned':
    case 'DealAmended':
      return 'changed';
    case 'DealSplit':
      return 'split';
    case 'DealReversed':
      return fact.data.kind;
    case 'DealRetracted':
    case 'DealReversalRetracted':
      return 'retracted';
    case 'QuotaAssigned':
    case 'QuotaChanged':
    case 'QuotaWithdrawn':
      return 'quota';
    case 'ParticipantAssigned':
    case 'ParticipantAssignmentRetracted':
      return 'person';
    case 'RelationRecorded':
    case 'RelationRetracted':
      return 'relation';
    case 'ExchangeRateRecorded':
    case 'ExchangeRateRetracted':
      return 'rate';
    case 'PlanPublished':
    case 'PlanRetracted':
      return 'plan';
    case 'AccountRecorded':
    case 'AccountRetracted':
      return 'account';
    case 'TableDefined':
    case 'TableRetracted':
      return 'table';
    case 'CompanyConfigured':
      return 'company';
    default:
      return null;
  }
}

interface Key {
  readonly entry: Entry;
  recorded: string;
  date: LocalDate | '';
  kind: number;
  record: string;
}

/**
 * The order in which facts are applied when their parts are told apart: the instant they became known, the date of
 * reversals (the others first), the kind, the thing they speak of; facts of one record in the order they were recorded.
 */
export function inCauseOrder(entries: readonly Entry[]): Entry[] {
  const last = new Map<string, Key>();
  const keys = [...entries]
    .sort((a, b) => a.at - b.at)
    .map((entry): Key => {
      const { fact } = entry;
      const date = fact.type === 'DealReversed' ? fact.data.date : '';
      const key: Key = { entry, recorded: fact.recorded, date, kind: causeKinds.indexOf(causeKind(entry) ?? 'company'), record: fact.stream };
      const before = last.get(fact.stream);
      // What a record's earlier fact waits for, its later facts wait for too.
      if (before !== undefined && byKey(before, key) > 0) Object.assign(key, { recorded: before.recorded, date: before.date, kind: before.kind });
      last.set(fact.stream, key);
      return key;
    });
  return keys.sort((a, b) => byKey(a, b) || a.entry.at - b.entry.at).map(({ entry }) => entry);
}

function byKey(a: Key, b: Key): number {
  if (a.recorded !== b.recorded) return a.recorded < b.recorded ? -1 : 1;
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.kind - b.kind || compareBytes(a.record, b.record);
}
