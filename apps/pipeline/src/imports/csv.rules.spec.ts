import { describe, expect, it } from '@jest/globals';
import { type BadRecord, CsvRecords } from './csv.rules.js';

function read(
  chunks: readonly string[],
  { delimiter = ',', longest = 1000 } = {},
): { records: [number, string[]][]; bad: BadRecord[] } {
  const records: [number, string[]][] = [];
  const bad: BadRecord[] = [];
  const csv = new CsvRecords(
    { delimiter, longest },
    { record: (cells, row) => records.push([row, cells]), bad: (record) => bad.push(record) },
  );
  for (const chunk of chunks) csv.write(chunk);
  csv.end();
  return { records, bad };
}
const cells = (text: string) => read([text]).records.map(([, record]) => record);

describe('A CSV file', () => {
  it('is cut into rows and cells at any kind of line end', () => {
    expect(cells('id,name\r\n1,Acme\n2,')).toEqual([
      ['id', 'name'],
      ['1', 'Acme'],
      ['2', ''],
    ]);
  });
  it('keeps delimiters, quotes and line ends inside quotes', () => {
    expect(cells('a,"b, ""c""\r\nd",e\n"x"\n')).toEqual([['a', 'b, "c"\r\nd', 'e'], ['x']]);
  });
  it('leaves a quote alone that does not begin a cell', () => {
    expect(cells('1,5" pipe,x\n')).toEqual([['1', '5" pipe', 'x']]);
  });
  it('counts blank lines, so that rows are numbered as a spreadsheet does', () => {
    expect(read(['id\n\n7\n']).records).toEqual([
      [1, ['id']],
      [3, ['7']],
    ]);
  });
  it('loses one row to a quote that goes wrong, and no other', () => {
    const { records, bad } = read(['id,name\n1,"Acme" Corp\n2,Isdom\n']);
    expect(records).toEqual([
      [1, ['id', 'name']],
      [3, ['2', 'Isdom']],
    ]);
    expect(bad).toEqual([
      {
        row: 2,
        expected: 'a delimiter or the end of the line after a closing quote',
        found: '1,"Acme" Corp',
        raw: '1,"Acme" Corp',
      },
    ]);
  });
  it('loses one row to a quote that never closes, and no other', () => {
    const { records, bad } = read(['id,name\n1,"Acme\n2,Isdom\n3,Hatfan\n']);
    expect(records.map(([row]) => row)).toEqual([1, 3, 4]);
    expect(bad).toMatchObject([{ row: 2, expected: 'a closing quote', raw: '1,"Acme' }]);
  });
  it('does not search for a closing quote beyond the longest row', () => {
    const rows = Array.from({ length: 300 }, (_, n) => `${n},x\n`).join('');
    const { records, bad } = read(['id,name\n1,"Acme\n', rows.slice(0, 900), rows.slice(900)]);
    expect(bad).toMatchObject([{ row: 2, expected: 'a closing quote' }]);
    expect(records).toHaveLength(301);
  });
  it('skips a line without end, reports its length, and continues behind it', () => {
    const { records, bad } = read(['id\n1\n', 'x'.repeat(700), 'y'.repeat(5000), 'z'.repeat(300), '\n2\n']);
    expect(records).toEqual([
      [1, ['id']],
      [2, ['1']],
      [4, ['2']],
    ]);
    expect(bad).toEqual([
      {
        row: 3,
        expected: 'a line of at most 1000 characters',
        found: '6000 characters',
        raw: 'x'.repeat(700) + 'y'.repeat(300),
      },
    ]);
  });
});
