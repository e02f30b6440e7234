import { describe, expect, it } from '@jest/globals';
import { FiscalCalendar } from '@attain/values';
import { payPeriods } from './pay-periods.rules.js';

const months = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
const names = (...plans: Parameters<typeof payPeriods>[0]) =>
  payPeriods(plans, months, '2025-04-10').map(({ name }) => name);

describe('the pay periods of plans', () => {
  it('run from the first day of the first plan to today, in the order of closing', () => {
    expect(
      names({ pays: 'monthly', from: '2025-01-15', to: null }, { pays: 'quarterly', from: '2025-01-01', to: null }),
    ).toEqual(['2025-01', '2025-02', '2025-03', '2025-Q1', '2025-04', '2025-Q2']);
  });

  it('are listed once if several plans pay in them, and end with the plan', () => {
    expect(
      names(
        { pays: 'monthly', from: '2025-01-01', to: '2025-02-10' },
        { pays: 'monthly', from: '2025-01-01', to: '2025-01-31' },
      ),
    ).toEqual(['2025-01', '2025-02']);
  });

  it('of a plan that has not begun are none', () => {
    expect(names({ pays: 'yearly', from: '2026-01-01', to: null })).toEqual([]);
  });
});
