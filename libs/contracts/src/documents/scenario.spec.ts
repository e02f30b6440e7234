import { describe, expect, it } from '@jest/globals';
import { formatProblem, parseDocuments, validateScenario } from '../index.js';
import { messages, nodeOf } from './documents.fixture.js';

const scenario = (history: string, expectations = '') =>
  `scenario: s\ncompany: { currency: USD, fields: { units: number }, measures: { revenue: { counts: amount, of: deals } }, people: [ { id: ann, from: 2025-01-01 } ] }\nhistory:\n${history}\n${expectations === '' ? '' : `expect:\n${expectations}`}`;

describe('a scenario', () => {
  it('distinguishes its steps and expectations by their kind', () => {
    const { value, problems } = validateScenario(
      nodeOf(
        scenario(
          '  - { at: 2025-01-05, key: k1, won: { deal: D1, amount: 5, units: 3 } }\n  - close: 2025-01\n  - attainment: { participant: ann, measure: revenue, period: 2025 }\n    quota: 5\n    attained: 120%',
          '  - statement: { participant: ann, period: 2025-01 }\n    earned: 5\n  - quota: { participant: ann, measure: revenue, period: 2025 }\n    amount: 4',
        ),
      ),
    );
    expect(problems).toEqual([]);
    expect(value?.history).toEqual([
      { is: 'step', kind: 'won', at: '2025-01-05', key: 'k1', body: { id: 'D1', amount: '5', units: '3' } },
      { is: 'step', kind: 'close', body: '2025-01' },
      {
        is: 'expectation',
        kind: 'attainment',
        body: { participant: 'ann', measure: 'revenue', period: '2025' },
        quota: '5',
        attained: '120%',
      },
    ]);
    expect(value?.expect.map(({ kind }) => kind)).toEqual(['statement', 'quota']);
  });

  it.each([
    [
      '  - { at: 2025-01-01, wonn: { id: D } }',
      '',
      ['f.yaml:4:5: history[0]: expected a step or an expectation: unknown key "wonn" (did you mean "won"?)'],
    ],
    [
      '  - { won: { id: D } }',
      '',
      [
        'f.yaml:4:5: history[0].at: missing: expected a date such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z',
      ],
    ],
    [
      '  - { at: 2025-01-01T25:00:00Z, won: { id: D } }',
      '',
      [
        'f.yaml:4:11: history[0].at: expected a date such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z, found `2025-01-01T25:00:00Z`',
      ],
    ],
    [
      '  - { at: 2025-01-01, won: { id: D }, lost: { id: D } }',
      '',
      ['f.yaml:4:5: history[0]: a step or an expectation has one kind: `won` and `lost` need an entry each'],
    ],
    [
      '  - { at: 2025-01-01, won: { amount: 5 } }',
      '',
      ['f.yaml:4:23: history[0].won: expected the id of the deal, once: `id` or `deal`'],
    ],
    [
      '  - { at: 2025-01-01, won: { id: D, amount: 1e400 } }',
      '',
      ['f.yaml:4:45: history[0].won.amount: expected a plain decimal such as 1054.50, found `1e400`'],
    ],
    [
      '  - { at: 2025-01-01, won: { id: D, ammount: 5 } }',
      '',
      ['f.yaml:4:37: history[0].won.ammount: unknown field "ammount" of a deal (did you mean "amount"?)'],
    ],
    [
      '  - { at: 2025-01-01, won: { id: D, units: many } }',
      '',
      [
        'f.yaml:4:44: history[0].won.units: the field units is number: expected a plain decimal such as 12, found `many`',
      ],
    ],
    [
      '  - { at: 2025-01-01, cancelled: { date: 2025-01-01 } }',
      '',
      ['f.yaml:4:23: history[0].cancelled: expected either `deal` or `invoice`'],
    ],
    [
      '  - { at: 2025-01-01, split: { deal: D, revenue: { ann: 50 } } }',
      '',
      ['f.yaml:4:57: history[0].split.revenue.ann: expected a share such as 50% or 1/3, found `50`'],
    ],
    [
      '  - { at: 2025-01-05, won: { id: D } }\n  - { at: 2025-01-04, won: { id: E } }',
      '',
      [
        'f.yaml:5:11: history[1].at: becomes known before the step above it (2025-01-04): write the steps in the order in which they become known',
      ],
    ],
    [
      '  - close: 2025-13',
      '',
      [
        'f.yaml:4:12: history[0].close: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-13`',
      ],
    ],
    [
      '  - close: 2025-P01',
      '',
      ['f.yaml:4:12: history[0].close: Not a period of this calendar: "2025-P01" (its months are 2026-01 …)'],
    ],
    [
      '  - { at: 2025-01-05, won: { id: D }, refused: split }',
      '',
      ['f.yaml:4:48: history[0].refused: expected a code such as SPLIT_TOTAL, found `split`'],
    ],
    [
      '  - { at: 2025-01-05, quota: { for: ann, measure: revenu, period: 2025, amount: 5 } }',
      '',
      ['f.yaml:4:51: history[0].quota.measure: unknown measure "revenu" (did you mean "revenue"?)'],
    ],
    [
      '  []',
      '  - statement: { participant: ann, period: 2025-01 }\n    paybale: 4',
      ['f.yaml:7:5: expect[0].paybale: unknown key "paybale" in an expectation `statement` (did you mean "payable"?)'],
    ],
    [
      '  []',
      '  - statement: { participant: anne, period: 2025-01 }',
      ['f.yaml:6:31: expect[0].statement.participant: there is no person "anne" (did you mean "ann"?)'],
    ],
    ['  []', '  - statement: { participant: ann, period: 2025-01 }\n    lines: [ { dael: D1, amount: 4,5 } ]', ['']],
    [
      '  []',
      '  - credit: { measure: revenue, period: 2025 }',
      ['f.yaml:6:5: expect[0].credit: expected one of participant, team, region'],
    ],
    [
      '  []',
      '  - { at: 2025-01-01, won: { id: D } }',
      [
        'f.yaml:6:5: expect[0]: expected an expectation, one of statement, earned, credit, attainment, diff, balance, exceptions, approved, unchanged, ledger, quota',
      ],
    ],
    [
      '  - { at: 2025-01-05, dispute: { participant: ann, period: 2025-01 } }',
      '  - ledger: { period: 2025-01 }',
      [
        'f.yaml:4:23: history[0].dispute: a dispute is a step of the pay cycle, which this version does not have: leave it out',
        'f.yaml:6:5: expect[0].ledger: the ledger is an expectation of the pay cycle, which this version does not have: leave it out',
      ],
    ],
  ])('%#: states the problem', (history, expectations, problems) => {
    if (problems[0] === '')
      return expect(parseDocuments(scenario(history, expectations), 'f.yaml').problems.map(formatProblem)[0]).toContain(
        '`5` has no value',
      );
    expect(messages('scenario', scenario(history, expectations))).toEqual(problems);
  });

  it('holds to the calendar of its company', () => {
    const weeks = scenario('  - close: 2026-01').replace(
      'currency: USD',
      'currency: USD, fiscalYear: { starts: 02-01, calendar: 4-4-5, week: Monday }',
    );
    expect(messages('scenario', weeks)).toEqual([
      'f.yaml:4:12: history[0].close: Not a period of this calendar: "2026-01" (its months are 2026-P01 …)',
    ]);
  });
});
