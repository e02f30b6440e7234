import { unzipSync, zipSync } from 'fflate';
import writeExcelFile, { type Cell } from 'write-excel-file/node';
import type { Column } from './columns.rules.js';
import type { Row } from './rows.js';

/** The media type of a workbook. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The source of the numbers in a file. */
export interface Source {
  /** The address of the request. */
  readonly question: string;
  readonly asOf: string | null;
  readonly position: string;
  /** Whether more rows follow that are not in the file. */
  readonly more: boolean;
}

/** The earliest time in a ZIP file, so that the same rows give the same bytes. */
const FIXED = new Date(1980, 0, 1);
const STAMPS = /<dcterms:(created|modified)[^>]*>[^<]*<\/dcterms:\1>/g;

/** A workbook of two sheets: the rows, and their source. Texts stay texts, even if they begin with `=`. */
export async function xlsxOf(columns: readonly Column[], rows: readonly Row[], source: Source): Promise<Buffer> {
  const bold = (value: string): Cell => ({ type: String, value, fontWeight: 'bold' });
  const data = [
    columns.map(({ name }) => bold(name)),
    ...rows.map((row) => columns.map((column) => cellOf(column, row))),
  ];
  const facts: [string, string][] = [
    ['question', source.question],
    ['asOf', source.asOf ?? 'now'],
    ['position', source.position],
    ['rows', String(rows.length)],
    ['more rows', source.more ? 'yes: ask for the next page by its cursor' : 'no'],
  ];
  const origin = facts.map(([name, value]): Cell[] => [bold(name), { type: String, value }]);
  const file = await writeExcelFile([
    { data, sheet: 'Rows', stickyRowsCount: 1 },
    { data: origin, sheet: 'Source' },
  ]).toBuffer();
  const parts = Object.entries(unzipSync(file)).map(([name, bytes]): [string, Uint8Array] => [
    name,
    name === 'docProps/core.xml'
      ? new TextEncoder().encode(new TextDecoder().decode(bytes).replace(STAMPS, ''))
      : bytes,
  ]);
  return Buffer.from(zipSync(Object.fromEntries(parts), { mtime: FIXED }));
}

function cellOf({ name, type }: Column, row: Row): Cell {
  const value = row[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'number') return { type: Number, value };
  if (typeof value === 'boolean') return { type: Boolean, value };
  if (typeof value !== 'string') return { type: String, value: JSON.stringify(value) };
  return type === 'decimal' && isExact(value) ? { type: Number, value: Number(value) } : { type: String, value };
}

/** Whether a spreadsheet, which calculates with 15 digits, stores a decimal exactly. */
function isExact(decimal: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(decimal) && decimal.replace(/^-?0*|\./g, '').length <= 15;
}
