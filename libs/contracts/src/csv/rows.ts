import type { z } from 'zod';
import { type DocumentProblem, problemsOf } from '../documents/problems.js';
import { objectiveRow, personRow, quotaRow, rateRow, relationRow } from '../documents/rows.js';
import { readCsv } from './csv.js';
import type { HeaderRule } from './header.js';

/** The CSV files of a company folder, each with the form of its rows. */
export const rowForms = { people: personRow, quotas: quotaRow, relations: relationRow, rates: rateRow, objectives: objectiveRow } as const;
export type RowKind = keyof typeof rowForms;

const headers: Readonly<Record<RowKind, HeaderRule>> = {
  people: { required: ['id'] },
  quotas: { required: ['for', 'measure', 'period', 'amount'], optional: ['target', 'credit', 'currency', 'reason'] },
  relations: { required: ['person', 'relation', 'other'], optional: ['from', 'to'] },
  rates: { required: ['from', 'to', 'date', 'rate'], optional: [] },
  objectives: { required: ['for', 'component', 'period', 'name', 'weight'], optional: [] },
};

/** The rows of people.csv, quotas.csv …, each with the line that it stands in; a bad row is a problem and the rest goes on. */
export async function readRows<Kind extends RowKind>(
  kind: Kind,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
): Promise<{ rows: { line: number; value: z.output<(typeof rowForms)[Kind]> }[]; problems: DocumentProblem[] }> {
  const rows: { line: number; value: z.output<(typeof rowForms)[Kind]> }[] = [];
  const problems: DocumentProblem[] = [];
  for await (const batch of readCsv(chunks, { header: headers[kind] })) {
    for (const { line, message } of batch.problems) problems.push({ file, line, column: 1, path: [], code: 'csv', message });
    for (const { line, row, cells } of batch.rows) {
      const result = rowForms[kind].safeParse(Object.fromEntries(batch.columns.map((column, index) => [column, cells[index]])));
      if (result.success) rows.push({ line, value: result.data as z.output<(typeof rowForms)[Kind]> });
      else for (const { path, code, message } of problemsOf(result.error.issues)) problems.push({ file, line, column: 1, path: [row, ...path], code, message });
    }
  }
  return { rows, problems };
}

/** A rate table; `lines[n]` is the line of `rows[n]`. */
export async function readTable(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
): Promise<{ columns: string[]; rows: string[][]; lines: number[]; problems: DocumentProblem[] }> {
  let columns: string[] = [];
  const rows: string[][] = [];
  const lines: number[] = [];
  const problems: DocumentProblem[] = [];
  for await (const batch of readCsv(chunks)) {
    columns = [...batch.columns];
    for (const { line, message } of batch.problems) problems.push({ file, line, column: 1, path: [], code: 'csv', message });
    for (const { line, cells } of batch.rows) {
      rows.push([...cells]);
      lines.push(line);
    }
  }
  return { columns, rows, lines, problems };
}
