import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../facts/entries.js';
import { causeKind, effectiveDate, inCauseOrder } from './causes.rules.js';

/** A fact with the properties that a cause needs; `at` is its place in the log. */
function entry(at: number, type: string, data: object = {}, more: object = {}): Entry {
  const fact = {
    type,
    data,
    id: `e${at}`,
    position: BigInt(at),
    stream: 'deal-crm:D1',
    recorded: '2025-01-01',
    ...more,
  };
  return { at, fact } as unknown as Entry;
}
const kinds: Readonly<Record<string, readonly string[]>> = {
  deal: ['DealOpened'],
  won: ['DealWon'],
  lost: ['DealLost'],
  reopened: ['DealReopened'],
  changed: ['DealStageChanged', 'DealRepriced', 'DealRedated', 'DealReassigned', 'DealAmended'],
  split: ['DealSplit'],
  item: ['ItemRecorded'],
  invoice: ['InvoiceRecorded'],
  paid: ['PaymentRecorded'],
  activity: ['ActivityRecorded'],
  approve: ['ReleaseApproved', 'ReleaseWithdrawn'],
  retracted: [
    'DealRetracted',
    'DealReversalRetracted',
    'ItemRetracted',
    'InvoiceRetracted',
    'InvoiceReversalRetracted',
    'PaymentRetracted',
    'ActivityRetracted',
  ],
  quota: ['QuotaAssigned', 'QuotaChanged', 'QuotaWithdrawn'],
  person: ['ParticipantAssigned', 'ParticipantAssignmentRetracted'],
  leave: ['LeaveRecorded', 'LeaveRetracted'],
  relation: ['RelationRecorded', 'RelationRetracted'],
  rate: ['ExchangeRateRecorded', 'ExchangeRateRetracted'],
  objective: ['ObjectiveAssigned', 'ObjectiveWithdrawn'],
  score: ['ScoreRecorded', 'ScoreRetracted'],
  plan: ['PlanPublished', 'PlanRetracted'],
  adjust: ['AdjustmentApproved'],
  sign: ['PlanSigned'],
  account: ['AccountRecorded', 'AccountRetracted'],
  table: ['TableDefined', 'TableRetracted'],
  company: ['CompanyConfigured'],
};

describe('The kind of cause of a fact', () => {
  it.each(Object.entries(kinds))('is %s', (kind, types) => {
    expect(types.map((type) => causeKind(entry(1, type)))).toEqual(types.map(() => kind));
  });
  it('of a reversal is the kind of the reversal', () => {
    for (const type of ['DealReversed', 'InvoiceReversed'])
      for (const kind of ['cancelled', 'refunded', 'churned', 'credited'])
        expect(causeKind(entry(1, type, { kind }))).toBe(kind);
  });
  it('is none where the fact moves no line', () => {
    const still = ['ParticipantNamed', 'SourceMapped', 'ImportStarted', 'ImportFinished', 'RowQuarantined'].concat(
      [
        'RowCorrected',
        'RowReleased',
        'ReadingWarned',
        'AdjustmentProposed',
        'AdjustmentRejected',
        'PeriodClosed',
        'ExceptionAccepted',
      ],
      ['StatementIssued', 'StatementContinued', 'StatementApproved', 'LateChangeApproved', 'LateChangeDismissed'],
      ['ClockAccepted', 'UserChanged', 'UserChangeProposed', 'UserChangeRejected', 'UserPasswordChanged'],
      ['KeyCreated', 'KeyRotated', 'KeyRevoked'],
    );
    expect(still.map((type) => causeKind(entry(1, type)))).toEqual(still.map(() => null));
  });
});

describe('The day from which a fact counts', () => {
  it('is that of a reversal, of a payment and of a leave; other facts count at once', () => {
    const day = (type: string, data: object) => effectiveDate(entry(1, type, data).fact);
    expect(day('DealReversed', { date: '2025-02-01' })).toBe('2025-02-01');
    expect(day('InvoiceReversed', { date: '2025-02-02' })).toBe('2025-02-02');
    expect(day('PaymentRecorded', { fields: { paid: '2025-02-03' } })).toBe('2025-02-03');
    expect(day('PaymentRecorded', { fields: {} })).toBe('');
    expect(day('LeaveRecorded', { from: '2025-02-04' })).toBe('2025-02-04');
    expect(day('DealWon', { closed: '2025-02-05' })).toBe('');
  });
});

describe('Facts in the order of causes', () => {
  const order = (...entries: Entry[]) =>
    inCauseOrder(entries).map(({ entries: of }) => of.map(({ at }) => at).join('+'));
  const at = (recorded: string, stream: string) => ({ recorded, stream });

  it('are ordered by the instant at which they became known', () => {
    const [a, b] = [entry(1, 'DealWon', {}, at('2025-02', 'a')), entry(2, 'QuotaAssigned', {}, at('2025-01', 'b'))];
    expect(order(a, b)).toEqual(['2', '1']);
    expect(order(b, a)).toEqual(['2', '1']);
  });
  it('of one instant are ordered by day, those without a day first', () => {
    const reversed = (n: number, date: string) =>
      entry(n, 'DealReversed', { date, kind: 'cancelled' }, { stream: `s${n}` });
    const won = entry(4, 'DealWon', {}, { stream: 'z' });
    expect(order(reversed(1, '2025-03-01'), reversed(2, '2025-02-01'), won)).toEqual(['4', '2', '1']);
  });
  it('of one instant and day are ordered by kind, then by record', () => {
    const quota = entry(3, 'QuotaAssigned', {}, { stream: 'quota-a' });
    const [a, b] = [entry(1, 'DealWon', {}, { stream: 'deal-b' }), entry(2, 'DealWon', {}, { stream: 'deal-a' })];
    expect(order(a, b, quota)).toEqual(['3', '2', '1']);
  });
  it('of one record stay in the order in which they were recorded', () => {
    const cancelled = entry(1, 'DealReversed', { date: '2025-03-01', kind: 'cancelled' });
    expect(order(entry(2, 'DealRepriced'), cancelled)).toEqual(['1', '2']);
    // The change of another record between them comes first, because the later fact waits for the earlier one.
    expect(order(cancelled, entry(2, 'DealRepriced'), entry(3, 'DealWon', {}, { stream: 'x' }))).toEqual([
      '3',
      '1',
      '2',
    ]);
  });

  it('are one step where a won deal is opened again, perhaps changed, and lost at one instant', () => {
    const [open, change, lost] = [entry(1, 'DealReopened'), entry(2, 'DealRepriced'), entry(3, 'DealLost')];
    expect(order(open, lost)).toEqual(['1+3']);
    expect(order(open, change, lost)).toEqual(['1+2+3']);
    expect(inCauseOrder([open, change, lost])[0]?.cause.at).toBe(3);
    expect(order(entry(1, 'DealRepriced'), lost)).toEqual(['1', '3']);
    expect(order(open, entry(2, 'DealWon'), lost)).toEqual(['1', '2', '3']);
    expect(order(open, entry(3, 'DealLost', {}, { recorded: '2025-02-01' }))).toEqual(['1', '3']);
    expect(order(entry(1, 'DealReopened', {}, { stream: 'other' }), lost)).toHaveLength(2);
  });
  it('are one step where a row of a person ends on the day before the next one begins', () => {
    const row = (n: number, from: string, to: string | null, more = {}) =>
      entry(n, 'ParticipantAssigned', { from, to }, { stream: 'participant-ann', ...more });
    const next = row(2, '2025-02-01', null);
    expect(order(row(1, '2025-01-01', '2025-01-31'), next)).toEqual(['1+2']);
    expect(order(row(1, '2025-01-01', '2025-01-30'), next)).toEqual(['1', '2']);
    expect(order(row(1, '2025-01-01', null), next)).toEqual(['1', '2']);
    expect(order(row(1, '2025-01-01', '2025-01-31', { recorded: '2024-12-31' }), next)).toEqual(['1', '2']);
    expect(order(entry(1, 'ParticipantNamed', { to: '2025-01-31' }, { stream: 'participant-ann' }), next)).toEqual([
      '1',
      '2',
    ]);
  });
});
