import { describe, expect, it } from '@jest/globals';
import { checkExpression, isSyntaxProblem, parseExpression } from './index.js';
import { environment } from './language.fixture.js';

const check = (text: string) => {
  const ast = parseExpression(text);
  if (isSyntaxProblem(ast)) throw new Error(ast.message);
  return checkExpression(ast, environment);
};
const typeOf = (text: string) => {
  const checked = check(text);
  return Array.isArray(checked) ? checked.map(({ message }) => message).join('; ') : checked.type;
};

describe('an expression has a type', () => {
  it.each([
    ['amount', 'money'],
    ['amount - cost', 'money'],
    ['amount * 10%', 'money'],
    ['quantity * amount', 'money'],
    ['amount / quantity', 'money'],
    ['amount / cost', 'rate'],
    ['1 - discount', 'rate'],
    ['discount * quantity', 'rate'],
    ['quantity * 2 + 1', 'number'],
    ['amount + 100', 'money'],
    ['100 + amount', 'money'],
    ['4000 USD', 'money'],
    ['days(opened, closed)', 'number'],
    ['max(amount - cost, 0)', 'money'],
    ['min(opened, closed)', 'date'],
    ['if(strategic, 10%, discount)', 'rate'],
    ['abs(-amount)', 'money'],
    ['blank(type)', 'yes/no'],
    ['amount >= 10000 and not type in ["New", ""]', 'yes/no'],
    ['discount > 0.5', 'yes/no'],
    ['closed >= 2025-01-01', 'yes/no'],
    ['strategic = yes', 'yes/no'],
    ['account.employees > 100', 'yes/no'],
    ['my.tenure', 'number'],
    ['lookup("line rates", line, cost / amount)', 'rate'],
    ['lookup("bounties", product)', 'number'],
    ['attainment(revenue) >= 90%', 'yes/no'],
    ['sum("new logos")', 'number'],
    ['sum(revenue)', 'money'],
    ['score("Playbook")', 'rate'],
    ['deals', 'number'],
    ['deal."Deal size"', 'number'],
  ])('%s is %s', (text, type) => expect(typeOf(text)).toBe(type));
});

describe('an expression without a meaning is rejected with its place', () => {
  it.each([
    ['amount * cost', '`amount * cost`: money * money has no meaning, at character 1'],
    ['amount + type', '`amount + type`: money + a text has no meaning, `type` is a text, at character 10'],
    ['type < 5', '`type < 5`: a text cannot be compared with a number, at character 1'],
    ['amount + quantity', '`amount + quantity`: money + a number has no meaning, at character 1'],
    ['amount > quantity', '`amount > quantity`: money cannot be compared with a number, at character 1'],
    ['quantity / amount', '`quantity / amount`: a number / money has no meaning, at character 1'],
    ['closed + 30', 'days(a, b) and months(a, b) count between dates'],
    ['closed > "2025-01-01"', 'a date is written without quotation marks'],
    ['-type', '`type` is a text and has no negative, at character 2'],
    ['not amount', 'expected yes or no beside `not`, but `amount` is money, at character 5'],
    ['amount and strategic', 'expected yes or no beside `and`, but `amount` is money, at character 1'],
    ['strategic > no', 'yes and no have no order, only = and !=, at character 1'],
    ['type in ["New", 5]', '`type` is a text, but `5` in the list is a number, at character 17'],
    ['if(amount, 1, 2)', 'expected yes or no as the condition of if(), but `amount` is money, at character 4'],
    [
      'if(strategic, 1, "x")',
      'the values of if() must be of one kind, but `"x"` is a text beside a number, at character 18',
    ],
    ['min(type, product)', 'min() takes money, numbers or rates, not a text'],
    ['days(amount, closed)', 'expected a date in days(), but `amount` is money, at character 6'],
    ['min(1)', 'min() takes 2 to 50 values, as min(a, b), found 1, at character 1'],
    ['lookup("line rate", line, 1)', 'unknown table "line rate" (did you mean "line rates"?), at character 8'],
    [
      'lookup("line rates", line)',
      'the table "line rates" is asked by 2 values (line, margin), found 1, at character 1',
    ],
    [
      'lookup("line rates", amount, 1)',
      '`amount` is money, but the table "line rates" has `Hardware` in row 2 of column `line`, at character 22',
    ],
    ['lookup(line, 1)', 'lookup() begins with the name of a table in quotation marks, at character 8'],
    ['attainment(revenu)', 'unknown measure `revenu` (did you mean "revenue"?), at character 12'],
    ['attainment(revenue, region)', 'a field of the participant such as my.team'],
  ])('%s', (text, message) => expect(typeOf(text)).toContain(message));

  it.each([
    ['amonut > 5', 'unknown name `amonut` (did you mean "amount"?), at character 1'],
    ['tenure > 3', 'unknown name `tenure` (did you mean my.tenure?), at character 1'],
    ['type = New', 'unknown name `New`'],
    ['my.taem = "x"', 'unknown field `my.taem` (did you mean "team"?), at character 1'],
    ['account.size = 1', 'unknown field `account.size` (known here: segment, employees), at character 1'],
    ['mix(1, 2)', 'unknown function `mix` (did you mean "min"?), at character 1'],
    ['toString(1)', 'unknown function `toString`'],
    ['constructor', 'unknown name `constructor`'],
  ])('%s names what was probably meant', (text, message) => expect(typeOf(text)).toContain(message));

  it('reports all problems at once', () => {
    expect(check('amonut > 5 and type < 3 and not amount')).toHaveLength(3);
  });
});

it('reports the window functions of an expression and the currency of its money', () => {
  expect(check('0.6 * attainment(revenue) + deals')).toMatchObject({
    windowed: [
      { name: 'attainment', from: 6 },
      { name: 'deals', from: 28 },
    ],
  });
  expect(check('500 USD')).toMatchObject({ type: 'money', currency: 'USD', plain: false });
  expect(check('if(strategic, 500 USD, 300 USD)')).toMatchObject({ currency: 'USD' });
  expect(check('if(strategic, 500 USD, 300 EUR)')).toMatchObject({ currency: 'record' });
  expect(check('amount + 500 USD')).toMatchObject({ currency: 'record' });
  expect(check('200')).toMatchObject({ type: 'number', plain: true, currency: null });
});
