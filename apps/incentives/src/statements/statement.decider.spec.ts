import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeEvent, type Statement, statementHash } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { type IssueStatement, statementDecider } from './statement.decider.js';
import { isWhole, PARTS_AT_ONCE, partsOf, type StatementEvent } from './statement-parts.rules.js';

const trace = { planHash: '', rule: '', inputs: [], slices: [], arithmetic: '', unrounded: '1', rounding: '' };
const january: Statement = {
  participant: 'ann',
  period: '2025-01',
  cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
  currency: 'USD',
  earned: '9000.00',
  payable: '9000.00',
  components: [],
  lines: Array.from({ length: 30 }, (_, at) => ({
    kind: 'earning',
    plan: 'AE',
    version: '1',
    component: 'Commission',
    period: '2025-01',
    for: null,
    record: { source: 'crm', id: `D${at}` },
    date: '2025-01-15',
    causedBy: null,
    credited: '10',
    rate: '10%',
    earned: '1.00',
    earnedCurrency: 'USD',
    payable: '1.00',
    payableCurrency: 'USD',
    cause: null,
    trace,
  })),
  exceptions: [],
};
/** Of small parts, so that a statement has more of them than one append takes. */
const partsFor = (statement: Statement, engine = '1') =>
  partsOf(statement, engine, 2000) as unknown as IssueStatement['parts'];
const stateOf = (given: readonly StatementEvent[]) => given.reduce(statementDecider.evolve, statementDecider.initial);
const issue = (statement: Statement, given: readonly StatementEvent[] = [], engine = '1') =>
  statementDecider.decide({ do: 'issue', parts: partsFor(statement, engine) }, stateOf(given));
const all = partsFor(january);

describe('a statement', () => {
  it('is issued with the hash of its content, without traces, in as many parts at once as one append takes', () => {
    expect(all.length).toBeGreaterThan(PARTS_AT_ONCE);
    const issued = issue(january);
    expect(issued).toEqual(all.slice(0, PARTS_AT_ONCE));
    expect(issued[0]!.data).toMatchObject({
      parts: all.length,
      hash: statementHash(january),
      hashRule: 2,
      engine: '1',
    });
    expect(JSON.stringify(issued)).not.toContain('trace');
    for (const { type, data } of issued)
      expect(decodeEvent(type, type === 'StatementIssued' ? 5 : 1, data).data).toEqual(data);
  });

  it('continues after the stored parts after any kill, and is complete with the last part', () => {
    for (let stored = 0; stored <= all.length; stored += 1) {
      let given: StatementEvent[] = all.slice(0, stored);
      while (!isWhole(stateOf(given).parts)) given = [...given, ...issue(january, given)];
      expect(given).toEqual(all);
    }
  });

  it('is started again if another engine started a different one, which was never issued', () => {
    const given = partsFor({ ...january, payable: '1.00' }, '0').slice(0, 3);
    const issued = issue(january, given);
    expect(issued[0]).toEqual(all[0]);
    expect(issue(january, [...given, ...issued])).toEqual(all.slice(PARTS_AT_ONCE));
  });

  it('is issued once, however often it is asked for', () => {
    expect(issue(january, all)).toEqual([]);
  });

  it('never changes once it is issued', () => {
    expect(() => issue({ ...january, payable: '9500.00' }, all)).toThrow(Refused);
    expect(() => issue({ ...january, payable: '9500.00' }, all)).toThrow(
      expect.objectContaining({ code: 'STATEMENT_FROZEN' }),
    );
  });

  it('that an engine issued whole and with traces is not issued again by one that leaves them out', () => {
    const stored = JSON.parse(
      readFileSync(new URL('../../../../libs/contracts/golden/StatementIssued.v4.json', import.meta.url), 'utf8'),
    ) as { statement: Statement };
    const given = [decodeEvent('StatementIssued', 4, stored) as StatementEvent];
    expect(isWhole(stateOf(given).parts)).toBe(true);
    expect(issue(stored.statement, given)).toEqual([]);
    expect(() => issue({ ...stored.statement, payable: '0.01' }, given)).toThrow(
      expect.objectContaining({ code: 'STATEMENT_FROZEN' }),
    );
  });
});
