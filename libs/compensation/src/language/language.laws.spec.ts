import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import {
  type Ast,
  checkExpression,
  compileExpression,
  isSyntaxProblem,
  parseExpression,
  type Value,
  type ValueType,
  written,
} from './index.js';
import { environment } from './language.fixture.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);

const numbers = fc.constantFrom('amount', 'cost');
const condition = fc.letrec((tie) => ({
  money: fc.oneof(
    { depthSize: 'small' },
    numbers,
    fc.tuple(tie('money'), fc.constantFrom('+', '-'), tie('money')).map((parts) => `(${parts.join(' ')})`),
    tie('money').map((money) => `${money} / quantity`),
    fc.tuple(tie('yes'), tie('money'), tie('money')).map(([when, a, b]) => `if(${when}, ${a}, ${b})`),
    fc.constantFrom('5 EUR', '0.01 USD'),
    tie('money').map((money) => `max(${money}, 100)`),
  ),
  yes: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(tie('money'), fc.constantFrom('<', '>=', '=', '!='), fc.oneof(tie('money'), fc.constant('100')))
      .map((parts) => parts.join(' ')),
    fc.tuple(tie('yes'), fc.constantFrom('and', 'or'), tie('yes')).map((parts) => `(${parts.join(' ')})`),
    tie('yes').map((yes) => `not (${yes})`),
    fc.constantFrom('type = "New"', 'strategic', 'blank(amount)', 'type in ["New", ""]'),
  ),
})).yes as fc.Arbitrary<string>;

const value = fc.oneof(
  fc.constant(null),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.constantFrom(1n, 100n, 10n ** 20n))
    .map(([n, d]) => Exact.of(n, d)),
);
const facts = fc.record({
  number: value,
  text: fc.constantFrom('', 'New', 'x'),
  yes: fc.constantFrom(true, false, null),
  date: fc.constantFrom('2025-01-31', null),
});

type Facts = { number: Exact | null; text: string; yes: boolean | null; date: string | null };
const read =
  (type: ValueType) =>
  (scope: Facts): Value | null =>
    type === 'text' ? scope.text : type === 'yes/no' ? scope.yes : type === 'date' ? scope.date : scope.number;
const binding = {
  field: ({ type }: { type: ValueType }) => read(type),
  convert: (_: Facts, amount: Exact, currency: string) =>
    currency === 'EUR' ? amount.times(Exact.parse('1.1')) : null,
  date: (scope: Facts) => scope.date ?? '2025-06-01',
};

function holdsItsType(found: Value | null, type: ValueType): boolean {
  if (found === null) return type !== 'text';
  if (type === 'yes/no') return typeof found === 'boolean';
  return type === 'text' || type === 'date' ? typeof found === 'string' : found instanceof Exact;
}

describe('conditions', () => {
  it('that are well typed are never rejected, and are met, unmet or undefined', () => {
    fc.assert(
      fc.property(condition, facts, (text, scope) => {
        const ast = parseExpression(text);
        if (isSyntaxProblem(ast)) return /at most|nested/.test(ast.message);
        expect(checkExpression(ast, environment)).toMatchObject({ type: 'yes/no' });
        return holdsItsType(compileExpression<Facts>(ast, environment, binding)(scope), 'yes/no');
      }),
      { numRuns },
    );
  });

  it('mean the same when they are written out again', () => {
    fc.assert(
      fc.property(condition, facts, (text, scope) => {
        const ast = parseExpression(text);
        if (isSyntaxProblem(ast)) return;
        const again = parseExpression(written(ast)) as Ast;
        expect(written(again)).toBe(written(ast));
        const evaluate = (one: Ast) => compileExpression<Facts>(one, environment, binding)(scope);
        expect(evaluate(again)).toEqual(evaluate(ast));
      }),
      { numRuns },
    );
  });

  it('are the opposite of their negation, and undefined together', () => {
    fc.assert(
      fc.property(condition, facts, (text, scope) => {
        const [ast, negated] = [parseExpression(text), parseExpression(`not (${text})`)];
        if (isSyntaxProblem(ast) || isSyntaxProblem(negated)) return;
        const holds = compileExpression<Facts>(ast, environment, binding)(scope);
        expect(compileExpression<Facts>(negated, environment, binding)(scope)).toBe(holds === null ? null : !holds);
      }),
      { numRuns },
    );
  });
});
