import { describe, expect, it } from '@jest/globals';
import { type Statement, statementHash } from '@attain/contracts';
import { compareInSteps, type IssuedHere } from './compare.rules.js';

const statement = (participant: string, payable = '9000.00'): Statement => ({
  participant,
  period: '2025-01',
  cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
  currency: 'USD',
  earned: payable,
  payable,
  components: [],
  lines: [],
  exceptions: [],
});
const issued = (...statements: Statement[]) =>
  new Map(
    statements.map((one): [string, IssuedHere] => [
      `${one.participant}~${one.period}`,
      {
        participant: one.participant,
        period: one.period,
        hash: statementHash(one),
        content: statementHash(one),
        pays: statementHash(one),
        hashRule: 2,
        engine: '1',
      },
    ]),
  );
const recomputed = (...statements: Statement[]) =>
  new Map(statements.map((one): [string, Statement] => [`${one.participant}~${one.period}`, one]));
const january = { period: '2025-01', runHash: 'abc' };
function compared(...[now, was]: [Parameters<typeof compareInSteps>[1], Map<string, IssuedHere>]) {
  const steps = compareInSteps(january, now, was);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}
const codes = (now: Map<string, Statement>, was: Map<string, IssuedHere>, runHash = 'abc') =>
  compared({ recomputed: now, runHash }, was).map(({ code, participant }) => [code, participant]);

describe('verification of a closed period', () => {
  it('agrees when every statement follows from the facts again', () => {
    expect(codes(recomputed(statement('ann'), statement('bob')), issued(statement('ann'), statement('bob')))).toEqual(
      [],
    );
  });

  it('names the participants whose statement differs from the facts', () => {
    expect(
      codes(recomputed(statement('ann'), statement('bob')), issued(statement('ann'), statement('bob', '9000.01'))),
    ).toEqual([['DIFFERS', 'bob']]);
  });

  it('names a statement that was edited after it was issued', () => {
    const edited = issued(statement('ann'));
    edited.set('ann~2025-01', { ...edited.get('ann~2025-01')!, content: statementHash(statement('ann', '1.00')) });
    expect(codes(recomputed(statement('ann')), edited)).toEqual([['HASH', 'ann']]);
  });

  it('distinguishes other words of an older engine from other pay', () => {
    const trace = (rule: string) => ({
      planHash: '',
      rule,
      inputs: [],
      slices: [],
      arithmetic: '',
      unrounded: '1',
      rounding: '',
    });
    const explained = (rule: string, payable = '1.00'): Statement => ({
      ...statement('ann', payable),
      lines: [
        {
          kind: 'earning',
          plan: 'AE',
          version: '1',
          component: 'Commission',
          period: '2025-01',
          for: null,
          record: null,
          date: '2025-01-15',
          causedBy: null,
          credited: null,
          rate: null,
          earned: payable,
          earnedCurrency: 'USD',
          payable,
          payableCurrency: 'USD',
          cause: null,
          trace: trace(rule),
        },
      ],
    });
    const old = (one: Statement) =>
      new Map([
        [
          'ann~2025-01',
          {
            participant: 'ann',
            period: '2025-01',
            hash: statementHash(one, 1),
            content: statementHash(one, 1),
            pays: statementHash(one),
            hashRule: 1 as const,
            engine: null,
          },
        ],
      ]);
    expect(codes(recomputed(explained('10% of revenue')), old(explained('10% of revenue')))).toEqual([]);
    expect(codes(recomputed(explained('10% of revenue')), old(explained('rate 10% of revenue')))).toEqual([
      ['WORDS', 'ann'],
    ]);
    expect(codes(recomputed(explained('10% of revenue')), old(explained('10% of revenue', '2.00')))).toEqual([
      ['DIFFERS', 'ann'],
    ]);
  });

  it('names a statement that was never issued, and one that the facts do not give', () => {
    expect(codes(recomputed(statement('ann')), issued(statement('zoe')))).toEqual([
      ['MISSING', 'ann'],
      ['EXTRA', 'zoe'],
    ]);
  });

  it('leaves other periods to their own comparison', () => {
    expect(codes(recomputed(), issued({ ...statement('ann'), period: '2025-02' }))).toEqual([]);
  });

  it('compares the hash of the whole run', () => {
    expect(codes(recomputed(), issued(), 'xyz')).toEqual([['RUN_HASH', null]]);
  });
});
