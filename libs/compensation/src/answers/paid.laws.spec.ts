import { describe, expect, it, jest } from '@jest/globals';
import type { Statement } from '@attain/contracts';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import type { Fact, History, LineRow } from './api.js';
import { createHistory } from './history.js';
import { randomHistory, reordered, tell } from '../testing/random-history.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const END = '2025-12-31';

function historyOf(facts: readonly Fact[]): History {
  const history = createHistory();
  history.append(facts);
  return history;
}
const paid = (history: History, asOf = END): Statement[] => history.payPeriods(asOf).flatMap(({ name }) => history.statements(name));
const rowsOf = (history: History, statements: readonly Statement[]): LineRow[] => statements.flatMap((statement) => history.statementRows(statement));
const sum = (amounts: readonly { payable: string }[]) => amounts.reduce((total, { payable }) => total.plus(Exact.parse(payable)), Exact.zero).toString();
const withoutClosings = (facts: readonly Fact[]): Fact[] => facts.filter(({ type }) => type !== 'PeriodClosed').map((fact, index) => ({ ...fact, position: BigInt(index + 1) }));

describe('what is paid', () => {
  it('is one number: the rows of a statement sum to it, and all rows to what is earned as known at the cut, whatever closed before', () => {
    fc.assert(
      fc.property(randomHistory(), (random) => {
        const history = historyOf(tell(random).facts);
        const statements = paid(history);
        for (const statement of statements) expect(sum(history.statementRows(statement))).toBe(Exact.parse(statement.payable).toString());
        // What waits for a review waits in every statement until somebody decides.
        const last = new Map(statements.map((statement) => [statement.participant, statement.waiting ?? []]));
        expect(sum([...rowsOf(history, statements), ...[...last.values()].flat()])).toBe(sum(history.rows(END)));
      }),
      { numRuns },
    );
  });

  it('is what closing each pay period in turn issues, and stays so once they are closed', () => {
    fc.assert(
      fc.property(randomHistory(), (random) => {
        const facts = withoutClosings(tell(random).facts);
        const history = historyOf(facts);
        const known = facts.at(-1)!.recorded;
        const before = paid(history, '2025-06-30');
        const closings = history.closings('2025-06', known);
        const closed = historyOf([
          ...facts,
          ...closings.map(({ period, cut, runHash, statements }, index): Fact => {
            const data = { period: period.name, ...cut, position: String(history.head), participants: statements.length, runHash };
            return { type: 'PeriodClosed', data, id: `closed ${period.name}`, position: history.head + BigInt(index + 1), stream: `period-${period.name}`, recorded: known };
          }),
        ]);
        expect(JSON.stringify(before)).toBe(JSON.stringify(closings.flatMap(({ statements }) => statements)));
        expect(JSON.stringify(paid(closed, '2025-06-30'))).toBe(JSON.stringify(before));
        expect(rowsOf(closed, paid(closed, '2025-06-30'))).toEqual(rowsOf(history, before));
      }),
      { numRuns },
    );
  });

  it('of a company that closed nothing does not depend on the order of the facts of one import', () => {
    const atOnce = (facts: readonly Fact[]) => facts.map((fact) => ({ ...fact, recorded: '2026-03-01T00:00:00.000Z' }));
    fc.assert(
      fc.property(randomHistory(), fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }), (random, order) => {
        const facts = withoutClosings(tell(random).facts);
        const [told, mixed] = [historyOf(atOnce(facts)), historyOf(reordered(atOnce(facts), order))];
        expect(rowsOf(mixed, paid(mixed))).toEqual(rowsOf(told, paid(told)));
      }),
      { numRuns },
    );
  });
});
