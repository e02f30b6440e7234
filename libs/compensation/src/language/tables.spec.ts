import { describe, expect, it } from '@jest/globals';
import { checkTable, type TableDefinition } from './index.js';
import { valueOf } from './language.fixture.js';
import { Exact } from '@attain/values';
import { tableReader } from './tables.js';

describe('a rate table', () => {
  const rate = (line: string, margin: string, date = '2025-03-31') =>
    valueOf('lookup("line rates", line, discount)', { line, discount: margin }, { date });

  it('finds a row by exact texts and by the greatest number that is not above', () => {
    expect(rate('Hardware', '0.1999')).toBe('0.01');
    expect(rate('Hardware', '20%')).toBe('0.02');
    expect(rate('Hardware', '0.9')).toBe('0.02');
  });

  it('answers a text without a row by `*`', () => {
    expect(rate('Software', '0.9')).toBe('0.005');
    expect(rate('', '0')).toBe('0.005');
    expect(rate('Services', '0.1')).toBe('0.005');
  });

  it('holds a row from its first to its last day', () => {
    expect(rate('Hardware', '0.5', '2025-06-30')).toBe('0.02');
    expect(rate('Hardware', '0.5', '2025-07-01')).toBe('0.025');
  });

  it('has no answer below its smallest number, nor where the answer is blank', () => {
    expect(rate('Hardware', '-0.1')).toBeNull();
    expect(rate('Services', '0.5')).toBeNull();
  });

  it('takes digits for a text where a text asks', () => {
    expect(valueOf('lookup("bounties", product)', { product: '0012' })).toBe('200');
    expect(valueOf('lookup("bounties", product)', { product: '12' })).toBeNull();
  });

  it('decides by its columns from left to right', () => {
    const table: TableDefinition = {
      columns: ['size', 'term', 'rate'],
      rows: [
        ['0', '12', '1'],
        ['0', '24', '2'],
        ['100', '24', '3'],
      ],
    };
    const find = tableReader(table, ['number', 'number']);
    const answer = (size: number, term: number) => find([Exact.of(size), Exact.of(term)], undefined)?.toString();
    expect([answer(50, 36), answer(200, 36), answer(200, 12), answer(200, 6)]).toEqual(['2', '3', '1', undefined]);
  });
});

describe('an invalid table is rejected', () => {
  const messages = (columns: string[], rows: string[][]) => checkTable({ columns, rows }).map(({ message }) => message);

  it('without a column to ask by', () => {
    expect(messages(['rate'], [])).toEqual(['a table has a column to ask by and, as its last, one that answers']);
    expect(messages(['from', 'rate'], [])).toHaveLength(1);
    expect(messages(['line', 'rate', 'to'], [])).toEqual(['the last column answers, and cannot be `to`']);
  });

  it('with rows of other lengths and dates that do not exist', () => {
    expect(
      messages(
        ['line', 'from', 'rate'],
        [
          ['a', '1%'],
          ['a', '2025-02-30', '1%'],
        ],
      ),
    ).toEqual([
      'row 2 has 2 cells, the header has 3',
      'row 3: expected a date that exists in `from`, found `2025-02-30`',
    ]);
  });

  it('with two rows that answer the same question on the same day', () => {
    expect(
      messages(
        ['line', 'rate'],
        [
          ['a', '1%'],
          ['b', '1%'],
          ['a', '2%'],
        ],
      ),
    ).toEqual(['rows 2 and 4 answer the same question']);
    expect(
      messages(
        ['line', 'from', 'to', 'rate'],
        [
          ['a', '', '2025-01-31', '1%'],
          ['a', '2025-02-01', '', '2%'],
        ],
      ),
    ).toEqual([]);
    expect(
      messages(
        ['line', 'from', 'to', 'rate'],
        [
          ['a', '', '2025-01-31', '1%'],
          ['a', '2025-01-31', '', '2%'],
        ],
      ),
    ).toHaveLength(1);
  });
});
