import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { type Ast, compileExpression, parseExpression } from './index.js';
import { environment, valueOf } from './language.fixture.js';

describe('an expression is computed exactly', () => {
  it.each([
    ['0.1 + 0.2', {}, '0.3'],
    ['1 / 3 * 3', {}, '1'],
    ['amount - cost', { amount: '100.10', cost: '0.1' }, '100'],
    ['amount * 2.345%', { amount: '100' }, '2.345'],
    ['10 - 4 - 3', {}, '3'],
    ['2 + 3 * 4', {}, '14'],
    ['min(3, 1, 2)', {}, '1'],
    ['max(amount - cost, 0)', { amount: '5', cost: '7' }, '0'],
    ['abs(amount)', { amount: '-5' }, '5'],
    ['days(opened, closed)', { opened: '2025-02-27', closed: '2025-03-01' }, '2'],
    ['months(opened, closed)', { opened: '2025-01-31', closed: '2025-02-28' }, '1'],
    ['if(amount >= 10000, 10%, 5%)', { amount: '9999.99' }, '0.05'],
    ['my.tenure * 2', { 'my.tenure': '7' }, '14'],
    ['account.segment = "Enterprise"', { 'account.segment': 'Enterprise' }, 'yes'],
    ['product = "X" and amount >= 10000', { product: 'X', amount: '10000' }, 'yes'],
    ['type in ["New", "Renewal"]', { type: 'Renewal' }, 'yes'],
    ['type in ["New", "Renewal"]', { type: 'new' }, 'no'],
    ['region = my.region', { region: 'West', 'my.region': 'West' }, 'yes'],
    ['closed < 2025-04-01', { closed: '2025-03-31' }, 'yes'],
    ['product != "X"', { product: 'Y' }, 'yes'],
    ['amount != 5', { amount: '5.00' }, 'no'],
    ['quantity in [1, 2.50]', { quantity: '2.5' }, 'yes'],
    ['strategic = yes', { strategic: 'no' }, 'no'],
    ['"b" > "a"', {}, 'yes'],
  ])('%s', (text, facts, value) => expect(valueOf(text, facts as Record<string, string>)).toBe(value));
});

describe('an expression without a value is undefined', () => {
  it.each([
    ['amount / quantity', { amount: '5', quantity: '0' }],
    ['amount / quantity', { amount: '5' }],
    ['amount + cost', { amount: '5' }],
    ['amount > 3', {}],
    ['-amount', {}],
    ['abs(amount)', {}],
    ['min(amount, 3)', {}],
    ['days(opened, closed)', { opened: '2025-01-01' }],
    ['not strategic', {}],
    ['if(strategic, 1, 2)', {}],
    ['amount in [1, 2]', {}],
    ['quantity in [1, deal."Deal size"]', { quantity: '2' }],
    ['lookup("line rates", line, cost / amount)', { line: 'Hardware', cost: '-1', amount: '5' }],
    ['lookup("line rates", line, cost / amount)', { line: 'Services', cost: '4', amount: '5' }],
    ['amount > 5 GBP', { amount: '9' }],
  ])('%s of %o', (text, facts) => expect(valueOf(text, facts as Record<string, string>)).toBeNull());

  it('but a blank text is the empty text, and blank() is never undefined', () => {
    expect(valueOf('type = ""')).toBe('yes');
    expect(valueOf('type != "New"')).toBe('yes');
    expect(valueOf('blank(type) and blank(amount)')).toBe('yes');
    expect(valueOf('blank(amount)', { amount: '0' })).toBe('no');
    expect(valueOf('if(blank(amount), 0, amount)')).toBe('0');
  });

  it('counts as 0 in a measure where it is a number', () => {
    expect(valueOf('amount - cost', { amount: '5' }, { blankIsZero: true })).toBe('5');
    expect(valueOf('amount - cost', {}, { blankIsZero: true })).toBe('0');
    expect(valueOf('blank(cost)', {}, { blankIsZero: true })).toBe('yes');
    expect(valueOf('closed < 2025-01-01', {}, { blankIsZero: true })).toBeNull();
  });

  it('is decided by the other side of and and or', () => {
    const unknown = 'amount > 3';
    const table = ['yes', 'no', unknown].flatMap((a) =>
      ['yes', 'no', unknown].map((b) => [valueOf(`${a} and ${b}`), valueOf(`${a} or ${b}`)]),
    );
    expect(table).toEqual([
      ['yes', 'yes'],
      ['no', 'yes'],
      [null, 'yes'],
      ['no', 'yes'],
      ['no', 'no'],
      ['no', null],
      [null, 'yes'],
      ['no', null],
      [null, null],
    ]);
  });

  it('in the branch of if() that is not taken does no harm', () => {
    expect(valueOf('if(quantity = 0, 0, 10 / quantity)', { quantity: '0' })).toBe('0');
  });
});

describe('amounts of another currency', () => {
  it('are taken in that of the record where they meet its amounts', () => {
    expect(valueOf('amount >= 100 EUR', { amount: '110' })).toBe('yes');
    expect(valueOf('amount >= 100 EUR', { amount: '109.99' })).toBe('no');
    expect(valueOf('amount + 10 EUR', { amount: '1' })).toBe('12');
    expect(valueOf('max(10 EUR, amount)', { amount: '1' })).toBe('11');
    expect(valueOf('amount in [100 EUR, 5]', { amount: '110' })).toBe('yes');
    expect(valueOf('amount / 10 EUR', { amount: '22' })).toBe('2');
    expect(valueOf('10 EUR + 10 USD')).toBe('21');
  });

  it('stay in their own where there is no other', () => {
    expect(valueOf('100 EUR * 2')).toBe('200');
    expect(valueOf('if(amount > 1, 100 EUR, 50 EUR)', { amount: '2' })).toBe('100');
    expect(valueOf('100 GBP / 50 GBP')).toBe('2');
  });
});

it('has no value beyond any amount, so that every expression ends soon', () => {
  const huge = Array.from({ length: 60 }, () => 'quantity').join(' * ');
  expect(valueOf(huge, { quantity: '9'.repeat(30) })).toBeNull();
});

it('rejects the expressions that the check rejects, and functions of a window', () => {
  const binding = { field: () => () => Exact.one };
  const compile = (text: string) => () => compileExpression(parseExpression(text) as Ast, environment, binding);
  expect(compile('amount * cost')).toThrow('money * money has no meaning');
  expect(compile('attainment(revenue)')).toThrow('attainment() needs a window');
  expect(compile('deals')).toThrow('deals needs a window');
  expect(compile('amount > 5 EUR')).toThrow('amounts of EUR need a rate of exchange');
});
