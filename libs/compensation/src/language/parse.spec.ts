import { describe, expect, it } from '@jest/globals';
import { isSyntaxProblem, parseExpression, written } from './index.js';

const read = (text: string) => {
  const ast = parseExpression(text);
  return isSyntaxProblem(ast) ? ast.message : written(ast);
};

describe('an expression is read', () => {
  it.each([
    ['amount', 'amount'],
    ['  amount  ', 'amount'],
    ['10%', '10%'],
    ['2.344999%', '2.344999%'],
    ['4000 USD', '4000 USD'],
    ['"New"', '"New"'],
    ['"say \\"yes\\" \\\\ no"', '"say \\"yes\\" \\\\ no"'],
    ['2025-03-31', '2025-03-31'],
    ['2025 - 03', '2025 - 3'],
    ['yes', 'yes'],
    ['my.tenure', 'my.tenure'],
    ['deal."Deal size"', 'deal."Deal size"'],
    ['a + b * c', 'a + (b * c)'],
    ['a - b - c', '(a - b) - c'],
    ['a / b / c', '(a / b) / c'],
    ['(a + b) * c', '(a + b) * c'],
    ['-a * b', '-a * b'],
    ['--1', '--1'],
    ['a or b and not c = d', 'a or (b and (not (c = d)))'],
    ['a + 1 >= b * 2', '(a + 1) >= (b * 2)'],
    ['type in ["New", "Renewal"] and amount >= 10000', '(type in ["New", "Renewal"]) and (amount >= 10000)'],
    ['not x in [1, 2]', 'not (x in [1, 2])'],
    [
      'if(0.6 * attainment(revenue) + 0.4 * attainment(renewals) >= 90%, 100%, 0%)',
      'if(((0.6 * attainment(revenue)) + (0.4 * attainment(renewals))) >= 90%, 100%, 0%)',
    ],
    ['lookup("line rates", line, margin / amount)', 'lookup("line rates", line, margin / amount)'],
    ['Umsätze + größe', 'Umsätze + größe'],
  ])('%s', (text, tree) => expect(read(text)).toBe(tree));
});

describe('an unreadable expression is rejected with place and reason', () => {
  it.each([
    ['', 'expected an expression, found nothing, at character 1'],
    ['   ', 'expected an expression, found nothing, at character 1'],
    ['amount +', 'expected a value, found the end, at character 9'],
    ['amount + * 2', 'expected a value, found `*`, at character 10'],
    ['(amount', 'expected an operator or `)`, found the end, at character 8'],
    ['amount)', 'expected an operator or the end, found `)`, at character 7'],
    ['min(amount', '`,` or `)` after a value of min()'],
    ['type = "New', 'the text is not closed by a second quotation mark, at character 8'],
    ['type == "New"', 'equality is written =, at character 6'],
    ['type <> "New"', 'inequality is written !=, at character 6'],
    ['a && b', 'write `and`, at character 3'],
    ['!a', 'write `not`, or != between two values, at character 1'],
    ["type = 'New'", 'write a text in double quotation marks, as "New", at character 8'],
    ['type = “New”', 'write a text in straight quotation marks'],
    ['1.234,56', 'numbers are written 1234.56, without marks of thousands'],
    ['1e400', 'not a number: `1e400`'],
    ['1_000', 'not a number: `1_000`'],
    ['0x10', 'not a number: `0x10`'],
    ['5.', 'not a number: `5.`'],
    ['10 %', 'a share is written without a space, as 10%, at character 4'],
    ['100 XYZ', 'expected an operator or a currency after the number, found `XYZ`, at character 5'],
    ['2025-02-30', 'there is no date 2025-02-30, at character 1'],
    ['1 < amount < 5', 'comparisons do not chain: join two of them by `and`, at character 12'],
    ['type in "New"', 'expected a list such as ["New", "Renewal"] after `in`, found `New`, at character 9'],
    ['type in []', 'expected a value, found `]`, at character 10'],
    ['type not in ["New"]', '(write `not x in […]`)'],
    ['team.name = "x"', 'expected deal, account or my before a `.`, found `team`, at character 1'],
    ['my.', 'expected the name of a field after `my.`'],
    ['a @ b', 'unexpected "@", at character 3'],
    ['a; drop', 'an expression is one value, without `;`'],
    ['Deal size > 3', 'a field whose name holds spaces is written deal."its name"'],
    ['and', 'expected a value, found `and`'],
  ])('%s', (text, message) => expect(read(text)).toContain(message));

  it('limits length, parts and depth', () => {
    expect(read('a'.repeat(4001))).toContain('at most 4000 characters');
    expect(read(Array.from({ length: 401 }, () => '1').join('+'))).toContain('at most 400 parts');
    expect(read(`${'('.repeat(41)}1${')'.repeat(41)}`)).toContain('nested more than 40 deep');
    expect(read(`${'('.repeat(40)}1${')'.repeat(40)}`)).toBe('1');
    expect(read('-'.repeat(3999) + '1')).toContain('nested more than 40 deep');
    expect(read(`${'not '.repeat(900)}yes`)).toContain('nested more than 40 deep');
  });
});
