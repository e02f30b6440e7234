import { describe, expect, it } from '@jest/globals';
import { creditRules, personRow, problemsOf, quotaRow, rateRow, relationRow } from '../index.js';

const messages = (
  schema: { safeParse(row: unknown): { success: boolean; error?: { issues: Parameters<typeof problemsOf>[0] } } },
  row: Record<string, string>,
) => problemsOf(schema.safeParse(row).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('rows of a company folder', () => {
  it('of people: blank cells are absent, other columns are own text fields', () => {
    const row = {
      id: 'ann',
      name: 'Ann',
      role: 'AE',
      manager: 'mo',
      team: '',
      region: 'West',
      currency: 'USD',
      from: '2025-01-01',
      to: '',
      grade: '0012',
    };
    expect(JSON.parse(JSON.stringify(personRow.parse(row)))).toEqual({
      id: 'ann',
      name: 'Ann',
      role: 'AE',
      manager: 'mo',
      region: 'West',
      currency: 'USD',
      from: '2025-01-01',
      grade: '0012',
    });
    expect(messages(personRow, { id: '', from: '2025-02-30', currency: 'usd' }).sort()).toEqual([
      'currency: expected a currency by its ISO 4217 code, such as USD, found `usd`',
      'from: expected a date that exists, such as 2025-03-31, found `2025-02-30`',
      'id: expected a name, found nothing',
    ]);
    expect(messages(personRow, { id: 'bob', from: '2025-03-01', to: '2025-02-01' })).toEqual([
      'to: ends before it begins',
    ]);
  });

  it('of quotas: an amount or none, and credits by spaces', () => {
    const row = { for: 'ann', measure: 'revenue', period: '2025-Q1', amount: 'none', credit: 'reports through mentor' };
    expect(quotaRow.parse(row)).toMatchObject(row);
    expect(creditRules('reports through mentor sales')).toEqual(['reports', 'through mentor', 'sales']);
    expect(messages(quotaRow, { ...row, period: '2025-Q5', amount: '1.234,56', credit: 'report' })).toEqual([
      'period: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-Q5`',
      'amount: expected a plain decimal such as 1054.50, or none, found `1.234,56`',
      'credit: expected credits such as `sales` or `reports overlay`, found `report`',
    ]);
    expect(messages(quotaRow, { ...row, qouta: '5' })).toEqual([
      'qouta: unknown key "qouta" in a quota (known here: for, measure, period, amount, target, credit, currency, reason)',
    ]);
  });

  it('of relations and rates', () => {
    expect(messages(relationRow, { person: 'ann', relation: '', other: 'zoe' })).toEqual([
      'relation: expected a name, found nothing',
    ]);
    expect(messages(rateRow, { from: 'EUR', to: 'USD', date: '2025-01-01', rate: '0' })).toEqual([
      'rate: expected a plain decimal above 0 such as 1054.50, found `0`',
    ]);
  });
});
