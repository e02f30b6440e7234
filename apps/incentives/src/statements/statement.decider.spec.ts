import { describe, expect, it } from '@jest/globals';
import { type Statement, statementIssued } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { statementDecider, type StatementIssued, statementHash } from './statement.decider.js';

const january: Statement = {
  participant: 'ann',
  period: '2025-01',
  cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
  currency: 'USD',
  earned: '9000.00',
  payable: '9000.00',
  components: [],
  lines: [],
  exceptions: [],
};
const issue = (statement: Statement, given: StatementIssued[] = []) =>
  statementDecider.decide({ type: 'IssueStatement', statement }, given.reduce(statementDecider.evolve, statementDecider.initial)) as StatementIssued[];

describe('a statement', () => {
  it('is issued with the hash of its content, as the stored language has it', () => {
    const [issued] = issue(january);
    expect(issued).toEqual({ type: 'StatementIssued', data: { participant: 'ann', period: '2025-01', statement: january, hash: statementHash(january) } });
    expect(statementIssued.schema.safeParse(issued?.data).success).toBe(true);
  });

  it('is issued once, however often it is asked for', () => {
    expect(issue(january, issue(january))).toEqual([]);
  });

  it('never changes once it is issued', () => {
    expect(() => issue({ ...january, payable: '9500.00' }, issue(january))).toThrow(Refused);
    expect(() => issue({ ...january, payable: '9500.00' }, issue(january))).toThrow(expect.objectContaining({ code: 'STATEMENT_FROZEN' }));
  });

  it('has a hash that does not depend on the order of keys', () => {
    const { participant, ...rest } = january;
    expect(statementHash({ ...rest, participant })).toBe(statementHash(january));
    expect(statementHash({ ...january, earned: '9000.01' })).not.toBe(statementHash(january));
  });
});
