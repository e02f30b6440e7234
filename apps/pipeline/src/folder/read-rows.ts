import { readFile } from 'node:fs/promises';
import { type DocumentProblem, nearest, problemsOf, readUtf8 } from '@attain/contracts';
import { CsvRecords } from '../imports/csv.rules.js';
import type { z } from 'zod';
import { problemAt, type Written } from './company-contents.js';

const longestRecord = 1024 * 1024;
const mostProblems = 100;

/** A CSV file: its header, and each further record with its first line. */
export interface CsvFile {
  readonly columns: string[];
  readonly records: { cells: string[]; line: number }[];
  readonly problems: DocumentProblem[];
}

/** Reads a whole file of rows that people keep by hand; every row has as many cells as the header has columns. */
export async function readCsv(path: string, file: string): Promise<CsvFile> {
  const read = readUtf8(await readFile(path));
  if ('message' in read)
    return {
      columns: [],
      records: [],
      problems: [problemAt({ file, line: read.line, column: read.column }, read.message, 'syntax')],
    };
  const problems: DocumentProblem[] = [];
  const problem = (line: number, message: string) =>
    problems.push(problemAt({ file, line, column: 1 }, message, 'syntax'));
  const records: CsvFile['records'] = [];
  // A quoted cell may contain line ends, which move the following records down.
  let further = 0;
  const csv = new CsvRecords(
    { delimiter: ',', longest: longestRecord },
    {
      record(cells, row) {
        records.push({ cells, line: row + further });
        for (const cell of cells) further += cell.split('\n').length - 1;
      },
      bad: ({ row, expected, found }) =>
        problem(row + further, `expected ${expected}, found ${JSON.stringify(found.slice(0, 60))}`),
    },
  );
  csv.write(read.text.replace(/^\uFEFF/, ''));
  csv.end();
  const header = records.shift();
  if (!header) problem(1, 'the file is empty: expected a header that names the columns');
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  columns.forEach((column, index) => {
    if (column === '') problem(header!.line, `column ${index + 1} has no name`);
    else if (columns.indexOf(column) < index) problem(header!.line, `two columns are named ${JSON.stringify(column)}`);
  });
  const whole = records.filter(({ cells, line }) => {
    if (cells.length !== columns.length)
      problem(line, `expected ${columns.length} cells as in the header, found ${cells.length}`);
    return cells.length === columns.length;
  });
  return { columns, records: whole, problems: problems.slice(0, mostProblems) };
}

/** Rows of a form; `own` are the columns of the form, further ones are allowed or not. */
export async function readRows<Schema extends z.ZodType>(
  path: string,
  file: string,
  schema: Schema,
  columns: { known: readonly string[]; required: readonly string[]; further: boolean },
): Promise<{ rows: Written<z.output<Schema>>[]; problems: DocumentProblem[] }> {
  const { columns: found, records, problems } = await readCsv(path, file);
  const header = { file, line: 1, column: 1 };
  if (found.length > 0) {
    const missing = columns.required.filter((column) => !found.includes(column));
    for (const column of missing) problems.push(problemAt(header, `the column ${column} is missing`, 'missing'));
    for (const column of found) {
      const near = nearest(column, columns.known);
      if (columns.known.includes(column) || (columns.further && near === undefined)) continue;
      const unknown = `unknown column ${JSON.stringify(column)}`;
      problems.push(
        problemAt(
          header,
          near === undefined
            ? `${unknown}: expected ${columns.known.join(', ')}`
            : `${unknown} (did you mean ${near}?)`,
          'unknown-key',
        ),
      );
    }
    if (missing.length > 0) return { rows: [], problems };
  }
  const rows: Written<z.output<Schema>>[] = [];
  for (const { cells, line } of records) {
    const row = Object.fromEntries(found.map((column, index) => [column, cells[index]!.trim()]));
    const parsed = schema.safeParse(row);
    const at = { file, line, column: 1 };
    if (parsed.success) rows.push({ value: parsed.data, at });
    else
      problems.push(
        ...problemsOf(parsed.error.issues).map(({ path: place, code, message }) => problemAt(at, message, code, place)),
      );
  }
  return { rows, problems: problems.slice(0, mostProblems) };
}
