import { describe, expect, it } from '@jest/globals';
import { type Statement, type StatementLine, withoutTraces } from '@attain/contracts';
import { differenceOf, explainedLines } from './explained-lines.rules.js';

const trace = (rule: string): StatementLine['trace'] => ({
  planHash: '',
  rule,
  inputs: [],
  slices: [],
  arithmetic: '',
  unrounded: '1',
  rounding: '',
});
const line = (id: string, earned = '1.00', rule = 'now'): StatementLine => ({
  kind: 'earning',
  plan: 'AE',
  version: '1',
  component: 'Commission',
  period: '2025-01',
  for: null,
  record: { source: 'crm', id },
  date: '2025-01-15',
  causedBy: null,
  credited: '10',
  rate: '10%',
  earned,
  earnedCurrency: 'USD',
  payable: earned,
  payableCurrency: 'USD',
  cause: null,
  trace: trace(rule),
});
const statement = (...lines: StatementLine[]): Statement => ({
  participant: 'ann',
  period: '2025-01',
  cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
  currency: 'USD',
  earned: '1.00',
  payable: '1.00',
  components: [],
  exceptions: [],
  lines,
});
const never = (): Statement => {
  throw new Error('computed again');
};

describe('an issued line', () => {
  it('has the trace that it was issued with, and nothing is computed for it', () => {
    const [explained] = explainedLines(statement(line('D1', '1.00', 'then')), never);
    expect([explained!.trace!.rule, explained!.differs]).toEqual(['then', null]);
  });

  it('that was issued without a trace has the trace of the same line computed again', () => {
    const explained = explainedLines(withoutTraces(statement(line('D1'), line('D2', '2.00'))), () =>
      statement(line('D2', '2.00', 'two'), line('D1', '1.00', 'one')),
    );
    expect(explained.map((one) => [one.record?.id, one.earned, one.trace?.rule, one.differs])).toEqual([
      ['D1', '1.00', 'one', null],
      ['D2', '2.00', 'two', null],
    ]);
  });

  it('has no trace if another line is computed now, and names the different values', () => {
    const [explained] = explainedLines(withoutTraces(statement(line('D1'))), () => statement(line('D1', '1.50')));
    expect(explained).toMatchObject({
      earned: '1.00',
      payable: '1.00',
      trace: null,
      differs: { keys: ['earned', 'payable'], computed: { earned: '1.50' } },
    });
  });

  it('has no trace where no such line is computed any more', () => {
    const [explained] = explainedLines(withoutTraces(statement(line('D1'))), () => statement(line('D2')));
    expect(explained).toMatchObject({ earned: '1.00', trace: null, differs: { keys: [], computed: null } });
  });

  it('differs in any value of it, in words of its trace never', () => {
    expect(differenceOf(line('D1'), line('D1', '1.00', 'in other words'))).toBeNull();
    expect(differenceOf(line('D1'), { ...line('D1'), rate: '5%', credited: '20' })).toMatchObject({
      keys: ['credited', 'rate'],
    });
  });

  it('is explained alone if only it is requested', () => {
    const issued = withoutTraces(statement(line('D1'), line('D2')));
    const [, second] = explainedLines(issued, () => statement(line('D1'), line('D2')));
    expect(explainedLines(issued, () => statement(line('D1'), line('D2')), second!.id)).toEqual([second]);
  });
});
