import { describe, expect, it } from '@jest/globals';
import { creditRules, formatProblem, readRows, readTable, type RowKind } from '../index.js';

const read = async (kind: RowKind, text: string) => {
  const { rows, problems } = await readRows(kind, [Buffer.from(text)], `${kind}.csv`);
  return { values: rows.map(({ line, value }) => [line, value]), problems: problems.map(formatProblem) };
};

describe('the files of a company folder', () => {
  it('people: blank cells are absent, other columns are texts of their own', async () => {
    const { values, problems } = await read('people', 'id,name,role,manager,team,region,currency,from,to,grade\nann,Ann,AE,mo,,West,USD,2025-01-01,,0012\n');
    expect(problems).toEqual([]);
    expect(values).toEqual([[2, { id: 'ann', name: 'Ann', role: 'AE', manager: 'mo', region: 'West', currency: 'USD', from: '2025-01-01', grade: '0012' }]]);
  });

  it('quotas: an amount or none, and credits by spaces', async () => {
    const { values, problems } = await read('quotas', 'for,measure,period,amount,credit\nann,revenue,2025-Q1,100000.50,reports through mentor\nann,revenue,2025-Q2,none,\n');
    expect(problems).toEqual([]);
    expect(values).toEqual([[2, { for: 'ann', measure: 'revenue', period: '2025-Q1', amount: '100000.50', credit: 'reports through mentor' }], [3, { for: 'ann', measure: 'revenue', period: '2025-Q2', amount: 'none' }]]);
    expect(creditRules('reports through mentor')).toEqual(['reports', 'through mentor']);
  });

  it('name file, line and column of what is wrong, and read the rest', async () => {
    const people = await read('people', 'id,from,to,currency\nann,2025-02-30,,usd\nbob,2025-03-01,2025-02-01,\n,2025-01-01,,\ncid,2025-01-01,,EUR\n');
    expect(people.values.map(([line]) => line)).toEqual([5]);
    expect(people.problems).toEqual([
      'people.csv:2:1: [2].currency: expected a currency by its ISO 4217 code, such as USD, found `usd`',
      'people.csv:2:1: [2].from: expected a date that exists, such as 2025-03-31, found `2025-02-30`',
      'people.csv:3:1: [3].to: ends before it begins',
      'people.csv:4:1: [4].id: expected a name, found nothing',
    ]);
    const quotas = await read('quotas', 'for,measure,period,amount\nann,revenue,2025-Q5,1\nann,revenue,2025,"1.234,56"\nann,revenue\n');
    expect(quotas.problems).toEqual([
      'quotas.csv:4:1: expected 4 cells, as in the header, found 2',
      'quotas.csv:2:1: [2].period: expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01, found `2025-Q5`',
      'quotas.csv:3:1: [3].amount: expected a plain decimal such as 1054.50, or none, found `1.234,56`',
    ]);
    expect((await read('rates', 'from,to,date,rat\n')).problems).toEqual(['rates.csv:1:1: unknown column "rat" (did you mean "rate"?)', 'rates.csv:1:1: the column "rate" is missing (did you mean "rat"?)']);
    expect((await read('rates', 'from,to,date,rate\nEUR,USD,2025-01-01,0\n')).problems).toEqual(['rates.csv:2:1: [2].rate: expected a plain decimal above 0 such as 1054.50, found `0`']);
    expect((await read('relations', 'person,relation,other\nann,,zoe\n')).problems).toEqual(['relations.csv:2:1: [2].relation: expected a name, found nothing']);
  });

  it('tables: any columns, cells as they are', async () => {
    const { columns, rows, lines, problems } = await readTable([Buffer.from('line,margin,rate\nHardware,0.10,1%\n\n*,0,0.5%\n')], 'tables/line rates.csv');
    expect([columns, rows, lines, problems]).toEqual([['line', 'margin', 'rate'], [['Hardware', '0.10', '1%'], ['*', '0', '0.5%']], [2, 4], []]);
  });
});
