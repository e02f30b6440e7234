import { describe, expect, it } from '@jest/globals';
import type { StatementLine } from '@attain/contracts';
import { amounts, changedLines, followsContest, placed } from './estimate.rules.js';

const line = (fields: Partial<StatementLine>): StatementLine =>
  ({
    plan: 'AE',
    component: 'Commission',
    kind: 'earning',
    for: null,
    record: { source: 'crm', id: 'D1' },
    causedBy: null,
    date: '2025-02-10',
    cause: null,
    earned: '10.00',
    payable: '10.00',
    payableCurrency: 'USD',
    ...fields,
  }) as StatementLine;
const statement = (...lines: Partial<StatementLine>[]) =>
  placed({ participant: 'ann', period: '2025-02', lines: lines.map(line) });

describe('An estimate', () => {
  it('names added, removed and changed lines, and no other', () => {
    const other = { source: 'crm', id: 'D2' };
    const now = statement({}, { component: 'Bonus', payable: '5.00' }, { record: other });
    const then = statement({}, { record: other, payable: '12.00' }, { record: { source: 'crm', id: 'D3' } });
    expect(
      changedLines(now, then).map(({ now: was, then: is }) => [was?.line.payable ?? null, is?.line.payable ?? null]),
    ).toEqual([
      ['10.00', '12.00'],
      [null, '10.00'],
      ['5.00', null],
    ]);
  });

  it('adds points and days off to no sum of money', () => {
    expect(amounts(statement({}), statement({}, { component: 'Points', payableCurrency: 'points' }), 'USD')).toEqual({
      now: '10.00',
      then: '10.00',
      difference: '0.00',
    });
  });

  it('keeps contests, and settlements and cuts of plans with contests, because they disclose the sales of others', () => {
    const contests = new Map([['AE', new Set(['President’s club'])]]);
    const follows = (fields: Partial<StatementLine>) => followsContest(line(fields), contests);
    expect(follows({ component: 'President’s club' })).toBe(true);
    expect(follows({ component: '', kind: 'draw' })).toBe(true);
    expect(follows({ kind: 'cap' })).toBe(true);
    expect(follows({})).toBe(false);
    expect(follows({ plan: 'Manager', kind: 'cap' })).toBe(false);
  });
});
