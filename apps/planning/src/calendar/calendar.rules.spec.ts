import { FiscalCalendar } from '@attain/values';
import { describe, expect, it } from '@jest/globals';
import { closedPeriodsProjection } from './calendar.projection.js';
import { periodsOf } from './calendar.rules.js';

describe('The calendar of a year', () => {
  const calendar = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
  it('lists its periods in the order in which they close, the shorter first', () => {
    const names = periodsOf(calendar, calendar.period('2025'), new Map()).map(({ name }) => name);
    expect(names).toHaveLength(19);
    expect(names.slice(0, 4)).toEqual(['2025-01', '2025-02', '2025-03', '2025-Q1']);
    expect(names.slice(-4)).toEqual(['2025-12', '2025-Q4', '2025-H2', '2025']);
  });
  it('shows which are closed, and what their statements know', () => {
    const [january, february] = periodsOf(
      calendar,
      calendar.period('2025'),
      new Map([['2025-01', '2025-02-01T05:59:59.999Z']]),
    );
    expect(january).toMatchObject({ name: '2025-01', state: 'closed', known: '2025-02-01T05:59:59.999Z' });
    expect(february).toMatchObject({ name: '2025-02', state: 'open', known: null });
  });
  it('includes a close that incentives records', () => {
    const event = {
      type: 'PeriodClosed',
      data: { period: '2025-01', known: '2025-02-01T05:59:59.999Z' },
      meta: { recorded: '2025-02-03T09:00:00.000Z' },
    };
    expect(closedPeriodsProjection.keys(event as never)).toEqual(['2025-01']);
    expect(closedPeriodsProjection.evolve(undefined, event as never, '2025-01')).toEqual({
      period: '2025-01',
      known: '2025-02-01T05:59:59.999Z',
      closed: '2025-02-03T09:00:00.000Z',
    });
  });
});
