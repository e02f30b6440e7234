import { describe, expect, it } from '@jest/globals';
import type { StatementLine } from '@attain/contracts';
import { lineIds } from './line-id.rules.js';

const line = (of: Partial<StatementLine>): StatementLine => ({
  kind: 'earning',
  plan: 'AE',
  version: '1',
  component: 'Commission',
  period: '2025-01',
  for: null,
  record: { source: 'crm', id: 'D1' },
  date: '2025-01-15',
  causedBy: null,
  credited: '75000',
  rate: '10%',
  earned: '7500.00',
  earnedCurrency: 'USD',
  payable: '7500.00',
  payableCurrency: 'USD',
  cause: null,
  trace: { planHash: '', rule: '', inputs: [], slices: [], arithmetic: '', unrounded: '7500', rounding: '' },
  ...of,
});
const ids = (...lines: StatementLine[]) => lineIds({ participant: 'ann', period: '2025-01', lines });

describe('the name of a line', () => {
  it('stays while its amount, its version and its place among the others change', () => {
    const [first] = ids(line({}));
    expect(
      ids(
        line({ record: { source: 'crm', id: 'D0' } }),
        line({ earned: '8000.00', version: '2', credited: '80000' }),
      )[1],
    ).toBe(first);
  });

  it('stays when its deal gets another date inside the period', () => {
    expect(ids(line({ date: '2025-01-20' }))).toEqual(ids(line({})));
  });

  it('is another for another record, kind, component, closed period and cause', () => {
    const all = ids(
      line({}),
      line({ record: { source: 'erp', id: 'D1' } }),
      line({ kind: 'reversal' }),
      line({ component: 'Bounty' }),
      line({ kind: 'difference', for: '2024-12', cause: { kind: 'quota', event: 'e1' } }),
      line({ kind: 'difference', for: '2024-12', cause: { kind: 'won', event: 'e2' } }),
      line({ kind: 'true-up', causedBy: { source: 'crm', id: 'D2' } }),
      line({ kind: 'true-up', causedBy: { source: 'crm', id: 'D2' }, date: '2025-01-31' }),
    );
    expect(new Set(all).size).toBe(8);
  });

  it('is another for another person and another period', () => {
    const lines = [line({})];
    const names = [
      ...lineIds({ participant: 'ann', period: '2025-01', lines }),
      ...lineIds({ participant: 'bob', period: '2025-01', lines }),
      ...lineIds({ participant: 'ann', period: '2025-02', lines }),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it('differs by order between lines with the same subject', () => {
    const [first, second] = ids(line({}), line({ earned: '1.00' }));
    expect(second).toBe(`${first}-2`);
  });
});
