import { describe, expect, it } from '@jest/globals';
import type { Statement, StatementLine } from '@attain/contracts';
import { FiscalCalendar } from '@attain/values';
import { shownStatement } from './withheld.rules.js';

const calendar = new FiscalCalendar({ starts: '01-01', calendar: 'months' });
const trace = {
  planHash: '',
  rule: 'AE 1, Commission: rate 10%',
  inputs: [],
  slices: [],
  arithmetic: '',
  unrounded: '0',
  rounding: '',
};
const line = (kind: StatementLine['kind'], payable: string): StatementLine => {
  const isPlan = kind !== 'earning';
  return {
    kind,
    plan: 'AE',
    version: '1',
    component: isPlan ? '' : 'Commission',
    period: '2025-03',
    for: null,
    record: isPlan ? null : { source: 'crm', id: 'D1' },
    date: '2025-03-31',
    causedBy: null,
    credited: null,
    rate: null,
    earned: isPlan ? '0.00' : payable,
    earnedCurrency: 'USD',
    payable,
    payableCurrency: 'USD',
    cause: null,
    trace,
  };
};
const statement: Statement = {
  participant: 'ann',
  period: '2025-03',
  cut: { effective: '2025-03-31', known: '2025-04-01T00:00:00.000Z' },
  currency: 'USD',
  earned: '1600.00',
  payable: '1000.00',
  components: [
    { plan: 'AE', component: 'Commission', earned: '1600.00', payable: '1600.00', lines: 1 },
    { plan: 'AE', component: '', earned: '0.00', payable: '-600.00', lines: 1 },
  ],
  lines: [line('earning', '1600.00'), line('recovery', '-600.00')],
  exceptions: [],
  balances: [{ plan: 'AE', currency: 'USD', draw: '800.00', carried: '0.00' }],
};
const seesFrom = (first: string) => ({
  covers: (_: string, when: string | { from: string; to: string }) =>
    (typeof when === 'string' ? when : when.from) >= first,
});

describe('a statement with a draw', () => {
  it('is whole for those who were above the participant from the beginning', () => {
    const { payable, balances, withheld } = shownStatement(statement, seesFrom('0001-01-01'), calendar, () => []);
    expect([payable, balances, withheld.lines]).toEqual(['1000.00', statement.balances, 0]);
  });

  it('shows neither its recovery nor its balance to a manager who came later, since both follow from earlier months', () => {
    const { payable, balances, lines, withheld } = shownStatement(
      statement,
      seesFrom('2025-03-01'),
      calendar,
      () => [],
    );
    expect([payable, balances, lines.map(({ kind }) => kind), withheld.lines]).toEqual([
      '1600.00',
      undefined,
      ['earning'],
      1,
    ]);
  });
});
