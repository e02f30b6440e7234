import { describe, expect, it, jest } from '@jest/globals';
import type { Statement } from '@attain/contracts';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import type { Fact, History, LineRow } from './api.js';
import { createHistory } from './history.js';
import { periodsBetween } from '../plans/windows.js';
import { Story } from '../testing/story.js';
import { randomAsked, randomHistory } from '../testing/random-history.js';
import { randomStory, reordered } from '../testing/random-story.js';

// Each case asks several times for all statements of a year.
const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 10);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const END = '2025-12-31';

function historyOf(facts: readonly Fact[]): History {
  const history = createHistory();
  history.append(facts);
  return history;
}
const paid = (history: History, among: ReadonlySet<string>, asOf = END): Statement[] =>
  history.payPeriods(asOf).flatMap(({ name }) => history.statements(name, undefined, among));
const rowsOf = (history: History, statements: readonly Statement[]): LineRow[] =>
  statements.flatMap((statement) => history.statementRows(statement));
const sum = (amounts: readonly { payable: string }[]) =>
  amounts.reduce((total, { payable }) => total.plus(Exact.parse(payable)), Exact.zero).toString();
const withoutClosings = (facts: readonly Fact[]): Fact[] =>
  facts.filter(({ type }) => type !== 'PeriodClosed').map((fact, index) => ({ ...fact, position: BigInt(index + 1) }));

describe('pay', () => {
  it('is the sum of the rows of its statement, and all rows sum to the earnings known at the cut', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, { people }) => {
        const history = historyOf(randomStory(random).facts);
        const among = new Set(people);
        const statements = paid(history, among);
        for (const statement of statements) {
          // Points and days off are in no total.
          const money = history
            .statementRows(statement)
            .filter(({ payableCurrency }) => payableCurrency === statement.currency);
          expect(sum(money)).toBe(Exact.parse(statement.payable).toString());
        }
        // A late change waits in every statement until somebody decides about it.
        const last = new Map(statements.map((statement) => [statement.participant, statement.waiting ?? []]));
        expect(sum([...rowsOf(history, statements), ...[...last.values()].flat()])).toBe(
          sum(history.rows(END).filter(({ participant }) => among.has(participant))),
        );
      }),
      { numRuns },
    );
  });

  it('is the same before and after each pay period in turn is closed', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, { people }) => {
        const facts = withoutClosings(randomStory(random).facts);
        const history = historyOf(facts);
        const among = new Set(people);
        const known = facts.at(-1)!.recorded;
        const before = paid(history, among, '2025-06-30');
        const closings = history.closings('2025-06', known);
        const closed = historyOf([
          ...facts,
          ...closings.map(({ period, cut, runHash, statements }, index): Fact => {
            const data = {
              period: period.name,
              ...cut,
              position: String(history.head),
              participants: statements.length,
              runHash,
            };
            return {
              type: 'PeriodClosed',
              data,
              id: `closed ${period.name}`,
              position: history.head + BigInt(index + 1),
              stream: `period-${period.name}`,
              recorded: known,
            };
          }),
        ]);
        // Periods that cannot have any line are closed too, with empty statements.
        const filled = (statements: readonly Statement[]) =>
          JSON.stringify(statements.filter(({ lines, exceptions }) => lines.length + exceptions.length > 0));
        expect(filled(before)).toBe(
          filled(closings.flatMap(({ statements }) => statements.filter(({ participant }) => among.has(participant)))),
        );
        const after = paid(closed, among, '2025-06-30');
        expect(filled(after)).toBe(filled(before));
        expect(rowsOf(closed, after)).toEqual(rowsOf(history, before));
      }),
      { numRuns },
    );
  });

  it('is in the listed pay periods and in no other open one', () => {
    const { calendar } = new Story().history().company();
    const periods = (['month', 'quarter'] as const).flatMap((kind) =>
      periodsBetween(calendar, '2024-12-01', '2027-12-31', kind),
    );
    fc.assert(
      fc.property(randomHistory(), (random) => {
        const history = historyOf(randomStory(random).facts);
        const listed = new Set(history.payPeriods('2027-12-31').map(({ name }) => name));
        const last = history.closed().at(-1);
        const open = periods.filter(
          ({ name, from }) => !listed.has(name) && (last === undefined || from > calendar.period(last.period).to),
        );
        for (const { name } of open) for (const { lines } of history.statements(name)) expect(lines).toEqual([]);
      }),
      { numRuns: Math.ceil(numRuns / 6) },
    );
  });

  it('of a company that closed nothing does not depend on the order of the facts of one import', () => {
    const atOnce = (facts: readonly Fact[]) => facts.map((fact) => ({ ...fact, recorded: '2026-03-01T00:00:00.000Z' }));
    fc.assert(
      fc.property(
        randomHistory(),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }),
        randomAsked,
        (random, order, { people }) => {
          const facts = withoutClosings(randomStory(random).facts);
          const among = new Set(people);
          const [ordered, mixed] = [historyOf(atOnce(facts)), historyOf(reordered(atOnce(facts), order))];
          expect(rowsOf(mixed, paid(mixed, among))).toEqual(rowsOf(ordered, paid(ordered, among)));
        },
      ),
      { numRuns },
    );
  });
});
