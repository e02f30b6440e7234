import { type CompanyDocument, type SourceDocument, sourceSchema } from '@attain/contracts';
import { describe, expect, it } from '@jest/globals';
import { fieldsOf } from './fields.rules.js';
import { BadMapping, mapping } from './mapping.rules.js';
import type { Lookups } from './cells.rules.js';

const people: Record<string, Record<string, string[]>> = {
  name: { 'Ann Miller': ['ann'], 'Bob Stone': ['bob', 'bob2'] },
  badge: { '0012': ['ann'] },
};
const lookups: Lookups = {
  people: (column) => people[column] && new Map(Object.entries(people[column])),
  table: (name) => (name === 'products' ? new Map([['GTXPro', 'GTX Pro']]) : `there is no table "${name}"`),
};
const company = {
  currency: 'USD',
  fields: { termMonths: 'number', goLive: 'date', discount: 'rate' },
} as CompanyDocument;

const source = (document: Record<string, unknown>): SourceDocument =>
  sourceSchema.parse({ source: 'crm', files: 'x.csv', as: 'deals', ...document });
const compile = (document: Record<string, unknown>, header: string[]) =>
  mapping(source(document), 'deals', header, fieldsOf('deals', company), lookups);
const problems = (document: Record<string, unknown>, header: string[]): string[] => {
  try {
    compile(document, header);
    return [];
  } catch (error) {
    if (error instanceof BadMapping) return error.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw error;
  }
};

describe('A mapping', () => {
  it('reads columns by name, looks people up, replaces names and joins an id', () => {
    const { read, key } = compile(
      {
        columns: {
          id: ['region', 'no'],
          owner: { from: 'agent', find: 'people.name' },
          product: { from: 'product', replace: { GTXPro: 'GTX Pro' } },
          amount: 'value',
          closed: 'close',
          termMonths: 'term',
        },
        status: { from: 'stage', won: ['Won'], lost: ['Lost'] },
        dates: 'M/d/yyyy',
        numbers: '1,234.56',
        strip: '$',
      },
      ['no', 'region', 'agent', 'product', 'value', 'close', 'stage', 'term'],
    );
    const cells = ['7', 'West', ' Ann Miller ', 'GTXPro', '$1,234.50', '3/1/2017', 'Won', '36'];
    expect(key(cells)).toBe('West-7');
    expect(read(cells)).toEqual({
      status: 'won',
      fields: { owner: 'ann', product: 'GTX Pro', amount: '1234.50', closed: '2017-03-01', termMonths: '36' },
    });
    expect(read(['8', 'West', '', 'MG Special', '', '', 'Engaging', ''])).toEqual({
      status: 'open',
      fields: { product: 'MG Special' },
    });
  });
  it('without a status wins every record', () => {
    const { read } = compile({ columns: { id: 'id', closed: 'closed' } }, ['id', 'closed']);
    expect(read(['1', '2017-03-01'])).toEqual({ status: 'won', fields: { closed: '2017-03-01' } });
    expect(read(['1', ''])).toEqual({ field: 'closed', expected: 'a date, since the deal is won', found: null });
  });
  it('looks in any text column of people, and in a table of two columns', () => {
    const { read } = compile(
      {
        columns: {
          id: 'id',
          owner: { from: 'badge', find: 'people.badge' },
          product: { from: 'p', replace: 'products' },
        },
        status: { from: 'p', won: ['-'] },
      },
      ['id', 'badge', 'p'],
    );
    expect(read(['1', '0012', 'GTXPro'])).toEqual({ status: 'open', fields: { owner: 'ann', product: 'GTX Pro' } });
  });
  it.each([
    [
      { owner: { from: 'c', find: 'people.name' } },
      'Ann Müller',
      { field: 'owner', expected: 'the name of somebody (did you mean "Ann Miller"?)', found: 'Ann Müller' },
    ],
    [
      { owner: { from: 'c', find: 'people.name' } },
      'Bob Stone',
      { field: 'owner', expected: 'a name of one person, but it belongs to bob, bob2', found: 'Bob Stone' },
    ],
    [
      { product: { from: 'c', replace: { GTXPro: 'GTX Pro' }, else: 'error' } },
      'GTXPlus',
      { field: 'product', expected: 'a name that `replace` knows (known here: GTXPro)', found: 'GTXPlus' },
    ],
    [
      { amount: 'c' },
      '1.234,56',
      {
        field: 'amount',
        expected: 'a number such as 1234.56, in the form that the source declares',
        found: '1.234,56',
      },
    ],
    [
      { amount: 'c' },
      '1e400',
      { field: 'amount', expected: 'a number such as 1234.56, in the form that the source declares', found: '1e400' },
    ],
    [{ opened: 'c' }, '2017-02-30', { field: 'opened', expected: 'a date that exists', found: '2017-02-30' }],
    [{ currency: 'c' }, 'Dollar', { field: 'currency', expected: 'an ISO 4217 code such as USD', found: 'Dollar' }],
    [{ discount: 'c' }, 'much', { field: 'discount', expected: 'a rate such as 6% or 0.06', found: 'much' }],
  ])('puts aside what it cannot read: %j %s', (columns, cell, problem) => {
    const { read } = compile({ columns: { id: 'id', ...columns }, status: { from: 'id', won: ['never'] } }, [
      'id',
      'c',
    ]);
    expect(read(['1', cell])).toEqual(problem);
  });
});

describe('A mapping that does not fit its file', () => {
  it('names every column that is missing, and the nearest one', () => {
    expect(
      problems(
        { columns: { id: 'opportunity_id', amount: 'close_valeu' }, status: { from: 'deal_stages', won: ['Won'] } },
        ['opportunity_id', 'close_value', 'deal_stage'],
      ),
    ).toEqual([
      'columns.amount: the file has no column "close_valeu" (did you mean "close_value"?)',
      'status.from: the file has no column "deal_stages" (did you mean "deal_stage"?)',
    ]);
  });
  it('names a field that deals do not have', () => {
    expect(problems({ columns: { id: 'id', ammount: 'v' } }, ['id', 'v'])).toEqual([
      'columns.ammount: deals have no field "ammount" (did you mean "amount"?); own fields of deals are named in company.yaml under fields',
    ]);
  });
  it('reports a file that probably has another delimiter', () => {
    expect(problems({ columns: { id: 'id' } }, ['id;name'])[0]).toContain(
      'its columns seem to be delimited by ";": state `delimiter`',
    );
  });
  it('refuses two columns of one name, a form that is no date, and people without the column', () => {
    expect(problems({ columns: { id: 'id' } }, ['id', 'id'])).toEqual([
      'columns.id: the column "id" appears twice in the file',
    ]);
    expect(problems({ columns: { id: 'id' }, dates: 'M/d/yy' }, ['id'])[0]).toContain('a year has four digits');
    expect(problems({ columns: { id: 'id', owner: { from: 'id', find: 'people.email' } } }, ['id'])).toEqual([
      'columns.owner: nobody has a column "email": import people before',
    ]);
    expect(problems({ columns: { id: 'id', product: { from: 'id', replace: 'lines' } } }, ['id'])).toEqual([
      'columns.product: there is no table "lines"',
    ]);
    expect(problems({ columns: { amount: 'id' } }, ['id'])).toEqual(['columns: missing: deals need the field id']);
  });
});
