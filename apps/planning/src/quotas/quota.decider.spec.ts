import { behaviour, refused } from '@attain/eventsourcing/testing';
import { FiscalCalendar } from '@attain/values';
import { describe, expect, it } from '@jest/globals';
import { type QuotaCommand, quotaDecider, type QuotaEvent } from './quota.decider.js';
import { creditsOf, type QuotaRow, quotaOf } from './quota.rules.js';

const { given } = behaviour(
  quotaDecider({
    calendar: new FiscalCalendar({ starts: '01-01', calendar: 'months' }),
    measures: ['revenue', 'newLogos'],
  }),
);
const january: QuotaRow = { for: 'ann', measure: 'revenue', period: '2025-01', amount: '100000' };
const event = (type: 'QuotaAssigned' | 'QuotaChanged', row: QuotaRow): QuotaEvent => ({
  type,
  data: { ...quotaOf(row), credit: [...quotaOf(row).credit] },
});
const assign = (row: QuotaRow): QuotaCommand => ({ do: 'assign', quota: quotaOf(row) });

describe('A quota', () => {
  it('is assigned first, then changed', () => {
    given([])
      .when(assign(january))
      .then([event('QuotaAssigned', january)]);
    given([event('QuotaAssigned', january)])
      .when(assign({ ...january, amount: '80000' }))
      .then([event('QuotaChanged', { ...january, amount: '80000' })]);
  });
  it('that is unchanged records nothing, in any form of its number', () => {
    given([event('QuotaAssigned', january)])
      .when(assign({ ...january, amount: '100000.00' }))
      .then([]);
  });
  it('that was withdrawn can be assigned again', () => {
    const withdrawn: QuotaEvent = {
      type: 'QuotaWithdrawn',
      data: { for: 'ann', measure: 'revenue', period: '2025-01' },
    };
    given([event('QuotaAssigned', january)])
      .when({ do: 'withdraw', which: january })
      .then([withdrawn]);
    given([event('QuotaAssigned', january), withdrawn])
      .when(assign(january))
      .then([event('QuotaAssigned', january)]);
    given([]).when({ do: 'withdraw', which: january }).then(refused('QUOTA_UNKNOWN'));
  });
  it.each([
    [{ period: '2025-13' }, 'UNKNOWN_PERIOD'],
    [{ period: '2025-P01' }, 'UNKNOWN_PERIOD'],
    [{ measure: 'revenu' }, 'UNKNOWN_MEASURE'],
    [{ amount: '-1' }, 'INVALID_FIELD'],
    [{ amount: '1e400' }, 'INVALID_FIELD'],
    [{ target: '1.234,56' }, 'INVALID_FIELD'],
    [{ currency: 'EURO' }, 'INVALID_FIELD'],
    [{ credit: ['somebody'] }, 'INVALID_FIELD'],
    [{ for: '' }, 'INVALID_FIELD'],
  ])('with %j is refused: %s', (change, code) => {
    given([])
      .when(assign({ ...january, ...change }))
      .then(refused(code));
  });
  it('of a file is the only one', () => {
    const february = { ...january, period: '2025-02' };
    given([event('QuotaAssigned', january)])
      .when({ do: 'sync', for: 'ann', measure: 'revenue', quotas: [quotaOf(february)] })
      .then([
        { type: 'QuotaWithdrawn', data: { for: 'ann', measure: 'revenue', period: '2025-01' } },
        event('QuotaAssigned', february),
      ]);
    given([])
      .when({ do: 'sync', for: 'ann', measure: 'revenue', quotas: [quotaOf(january), quotaOf(january)] })
      .then(refused('DUPLICATE_ROW'));
  });
  it('is attained by sales unless a list with spaces names other credit', () => {
    expect(creditsOf('')).toEqual(['sales']);
    expect(creditsOf('sales reports through mentor overlay')).toEqual([
      'sales',
      'reports',
      'through mentor',
      'overlay',
    ]);
  });
});
