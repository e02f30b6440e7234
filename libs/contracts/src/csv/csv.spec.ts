import { describe, expect, it } from '@jest/globals';
import { type CsvOptions, type CsvProblem, type CsvRow, readCsv } from '../index.js';

interface Read {
  columns: readonly string[];
  rows: CsvRow[];
  problems: CsvProblem[];
}

async function read(content: string | Uint8Array | Iterable<Uint8Array>, options?: CsvOptions): Promise<Read> {
  const chunks =
    typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
  const all: Read = { columns: [], rows: [], problems: [] };
  for await (const batch of readCsv(chunks, options)) {
    all.columns = batch.columns;
    all.rows.push(...batch.rows);
    all.problems.push(...batch.problems);
  }
  return all;
}
const cells = async (content: string | Uint8Array, options?: CsvOptions) =>
  (await read(content, options)).rows.map((row) => row.cells);
const told = async (content: string | Uint8Array | Iterable<Uint8Array>, options?: CsvOptions) =>
  (await read(content, options)).problems.map(({ row, line, message }) => `${row}/${line}: ${message}`);

describe('a CSV file', () => {
  it('gives its rows with their number and the line they begin in', async () => {
    expect(await read('id,amount\nA,1\nB,2\n')).toEqual({
      columns: ['id', 'amount'],
      rows: [
        { row: 2, line: 2, cells: ['A', '1'] },
        { row: 3, line: 3, cells: ['B', '2'] },
      ],
      problems: [],
    });
  });

  it.each([
    ['without a last line end', 'id,amount\nA,1\nB,2'],
    ['with CRLF', 'id,amount\r\nA,1\r\nB,2\r\n'],
    ['with a byte order mark', '\uFEFFid,amount\nA,1\nB,2\n'],
    ['with quotation marks', '"id","amount"\n"A","1"\n"B",2\n'],
    ['with quotation marks and CRLF', '"id","amount"\r\n"A","1"\r\nB,"2"\r\n'],
    ['with blank lines', 'id,amount\n\nA,1\n\r\n\nB,2\n\n'],
    ['with spaces around the names of columns', ' id , amount\nA,1\nB,2\n'],
  ])('is read %s', async (_, content) => {
    const { columns, rows, problems } = await read(content);
    expect([columns, rows.map((row) => row.cells), problems]).toEqual([
      ['id', 'amount'],
      [
        ['A', '1'],
        ['B', '2'],
      ],
      [],
    ]);
  });

  it('may hold delimiters, line ends and doubled quotation marks inside quotation marks', async () => {
    const { rows } = await read('id,note\nA,"one, two"\nB,"a ""b"" c"\nC,"first\r\nsecond\n"\nD,""\nE,\n');
    expect(rows).toEqual([
      { row: 2, line: 2, cells: ['A', 'one, two'] },
      { row: 3, line: 3, cells: ['B', 'a "b" c'] },
      { row: 4, line: 4, cells: ['C', 'first\r\nsecond\n'] },
      { row: 5, line: 7, cells: ['D', ''] },
      { row: 6, line: 8, cells: ['E', ''] },
    ]);
  });

  it('may have another delimiter and another encoding', async () => {
    expect(await cells('id;amount\nA;1,5\n', { delimiter: ';' })).toEqual([['A', '1,5']]);
    expect(await cells('id\tamount\nA\t1\n', { delimiter: 'tab' })).toEqual([['A', '1']]);
    expect(await cells(Buffer.from('id,name\nA,Müller\n', 'latin1'), { encoding: 'windows-1252' })).toEqual([
      ['A', 'Müller'],
    ]);
    expect(await cells(Buffer.from('\uFEFFid,name\nA,Müller\n', 'utf16le'), { encoding: 'utf-16le' })).toEqual([
      ['A', 'Müller'],
    ]);
  });

  it('of a header alone has no rows', async () => {
    expect(await read('id,amount\n')).toEqual({ columns: [], rows: [], problems: [] });
  });
});

describe('a bad row is told with its row and line, and the others are read', () => {
  const around = async (bad: string) => {
    const { rows, problems } = await read(`id,amount\nA,1\n${bad}\nZ,9\n`);
    expect([rows[0]?.cells, rows.at(-1)?.cells]).toEqual([
      ['A', '1'],
      ['Z', '9'],
    ]);
    expect(rows).toHaveLength(2);
    return problems.map(({ row, line, message }) => `${row}/${line}: ${message}`);
  };

  it.each([
    ['too few cells', 'B', '3/3: expected 2 cells, as in the header, found 1'],
    ['too many cells', 'B,2,3', '3/3: expected 2 cells, as in the header, found 3'],
    [
      'a quotation mark inside',
      'B"x,2',
      '3/3: a quotation mark inside cell 1: a cell that holds one begins and ends with one, and doubles it inside',
    ],
    ['text after quotation marks', '"B"x,2', '3/3: text after the closing quotation mark of cell 1'],
    ['a NUL', 'B,\0', '3/3: the cell "amount" holds a NUL character'],
    ['a cell that is too long', `B,${'x'.repeat(70_000)}`, '3/3: the cell "amount" has more than 65536 characters'],
    ['too many columns', ','.repeat(1000), '3/3: more than 1000 columns'],
  ])('%s', async (_, bad, message) => expect(await around(bad)).toEqual([message]));

  it('bytes that are not UTF-8', async () => {
    const content = Buffer.concat([
      Buffer.from('id,name\nA,Müller\nB,M'),
      Buffer.from([0xfc]),
      Buffer.from('ller\nC,Möller\n'),
    ]);
    const { rows, problems } = await read(content);
    expect(rows.map((row) => row.cells[1])).toEqual(['Müller', 'Möller']);
    expect(problems).toMatchObject([
      {
        row: 3,
        line: 3,
        message: 'the cell "name" is not UTF-8: save the file as UTF-8, or say its `encoding`',
        cells: ['B', 'M\uFFFDller'],
      },
    ]);
  });

  it('a quotation mark that is never closed costs its own row alone', async () => {
    const { rows, problems } = await read('id,note\nA,1\nB,"open\nC,3\nD,4\n');
    expect(rows.map((row) => [row.row, row.line, row.cells[0]])).toEqual([
      [2, 2, 'A'],
      [4, 4, 'C'],
      [5, 5, 'D'],
    ]);
    expect(problems).toEqual([
      { row: 3, line: 3, message: 'a quotation mark is not closed', raw: 'B,"open', cells: null },
    ]);
  });

  it('keeps what was read of it', async () => {
    expect((await read('id,amount\nB,2,3\n')).problems).toEqual([
      { row: 2, line: 2, message: 'expected 2 cells, as in the header, found 3', raw: 'B,2,3', cells: ['B', '2', '3'] },
    ]);
  });
});

describe('a header that is not what it must be ends the reading', () => {
  const header = { required: ['id', 'amount'], optional: ['closed'] };
  it.each([
    [
      'id,amonut\nA,1\n',
      [
        '1/1: unknown column "amonut" (did you mean "amount"?)',
        '1/1: the column "amount" is missing (did you mean "amonut"?)',
      ],
    ],
    ['id,amount,id\nA,1,2\n', ['1/1: the column "id" stands twice']],
    ['id,amount,\nA,1,2\n', ['1/1: column 3 has no name']],
    ['id,amount,region\nA,1,2\n', ['1/1: unknown column "region"']],
    ['amount\n1\n', ['1/1: the column "id" is missing']],
    ['id;amount;closed\nA;1;2\n', ['1/1: the columns seem to be separated by `;`, not by `,`']],
    ['id,amount\rA,1\rB,2\r', ['1/1: lines end in CR alone: save the file with LF or CRLF']],
    ['', ['1/1: the file has no header']],
    ['\n\n', ['3/3: the file has no header']],
    ['id,"amount\nA,1\n', ['1/1: a quotation mark is not closed']],
  ])('%j', async (content, problems) => {
    const found = await told(content, { header });
    expect(found.slice(0, problems.length).map((one) => one.replace(/^\d+\/\d+/, '1/1'))).toEqual(
      problems.map((one) => one.replace(/^\d+\/\d+/, '1/1')),
    );
    expect((await read(content, { header })).rows).toEqual([]);
  });

  it('UTF-16 that nobody announced', async () => {
    expect(await told(Buffer.from('\uFEFFid,amount\n', 'utf16le'))).toEqual([
      '0/1: the file is UTF-16: save it as UTF-8, or say `encoding: utf-16le`',
    ]);
  });

  it('but any columns may be there where nobody says which', async () => {
    expect(await told('a,b,c\n1,2,3\n', { header: { required: ['a'] } })).toEqual([]);
  });
});

describe('memory does not depend on what comes', () => {
  /** One line of `megabytes` in pieces of 64 KiB, between two good rows. */
  function* longLine(megabytes: number, filling: string) {
    yield Buffer.from('id,note\nA,1\nB,');
    const piece = Buffer.alloc(65_536, filling);
    for (let index = 0; index < megabytes * 16; index += 1) yield piece;
    yield Buffer.from('\nC,3\n');
  }

  it('a line of 2 GB is told and passed over', async () => {
    let peak = 0;
    const before = process.memoryUsage().arrayBuffers;
    const rows: CsvRow[] = [];
    const problems: CsvProblem[] = [];
    function* watched() {
      let pieces = 0;
      for (const piece of longLine(2048, 'x')) {
        pieces += 1;
        if (pieces % 500 === 0) peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
        yield piece;
      }
    }
    for await (const batch of readCsv(watched())) {
      rows.push(...batch.rows);
      problems.push(...batch.problems);
    }
    expect(rows.map((row) => [row.row, row.line, row.cells[0]])).toEqual([
      [2, 2, 'A'],
      [4, 4, 'C'],
    ]);
    expect(problems.map(({ row, line, message, raw }) => [row, line, message, raw.length])).toEqual([
      [3, 3, 'a record of more than 1048576 bytes, or a quotation mark that is not closed', 2000],
    ]);
    expect(peak).toBeLessThan(256 * 1024 * 1024);
  }, 120_000);

  it('so is a quotation mark that swallows the rest of a long file', async () => {
    function* file() {
      yield Buffer.from('id,note\nA,1\nB,"open\n');
      for (let index = 0; index < 40_000; index += 1) yield Buffer.from(`${index},${'x'.repeat(50)}\n`);
    }
    const { rows, problems } = await read(file());
    expect(rows).toHaveLength(40_001);
    expect(rows.at(-1)).toMatchObject({ row: 40_003, line: 40_003 });
    expect(problems.map(({ row, line }) => [row, line])).toEqual([[3, 3]]);
  });

  it('a header of 2 MB is no header', async () => {
    expect(await told([Buffer.alloc(2_000_000, 'x'), Buffer.from('\nA\n')])).toEqual([
      '1/1: a record of more than 1048576 bytes, or a quotation mark that is not closed',
    ]);
  });
});

it('a delimiter is one character', async () => {
  await expect(read('a', { delimiter: ';;' })).rejects.toThrow('Not a delimiter: ";;" (one character, or tab)');
  await expect(read('a', { delimiter: '"' })).rejects.toThrow(RangeError);
});
