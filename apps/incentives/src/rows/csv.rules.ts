import type { AttainmentRow, LineRow, UnitEntry } from '@attain/compensation';
import { compareBytes } from '@attain/values';

/** Text may be anything that people and source systems wrote; a number is written as it is. */
type ColumnType = 'text' | 'number';

const lineColumns: Readonly<Record<keyof LineRow, ColumnType>> = {
  plan: 'text',
  version: 'text',
  period: 'text',
  participant: 'text',
  component: 'text',
  source: 'text',
  record: 'text',
  kind: 'text',
  for: 'text',
  date: 'text',
  causedBy: 'text',
  credited: 'number',
  earned: 'number',
  earnedCurrency: 'text',
  payable: 'number',
  payableCurrency: 'text',
  cause: 'text',
};
const attainmentColumns: Readonly<Record<keyof AttainmentRow, ColumnType>> = {
  period: 'text',
  for: 'text',
  measure: 'text',
  quota: 'number',
  credited: 'number',
  attainment: 'number',
  currency: 'text',
};

const unitColumns: Readonly<Record<keyof UnitEntry, ColumnType>> = {
  participant: 'text',
  unit: 'text',
  date: 'text',
  period: 'text',
  amount: 'number',
  balance: 'number',
};

export function linesCsv(rows: readonly LineRow[]): Generator<undefined, string> {
  return csv(lineColumns, rows);
}

export function attainmentCsv(rows: readonly AttainmentRow[]): Generator<undefined, string> {
  return csv(attainmentColumns, rows);
}

export function unitsCsv(rows: readonly UnitEntry[]): Generator<undefined, string> {
  return csv(unitColumns, rows);
}

/**
 * The form of "Rows for other programs": LF, sorted by all columns in byte order as the texts are, quoted only where CSV needs it.
 * In steps, because there may be many rows. Every export uses this writer, so that no spreadsheet evaluates a text as a formula.
 */
function* csv<Column extends string>(
  types: Readonly<Record<Column, ColumnType>>,
  rows: readonly Readonly<Record<Column, string>>[],
): Generator<undefined, string> {
  const columns = Object.keys(types) as Column[];
  const line = (row: Readonly<Record<Column, string>>) =>
    `${columns.map((column) => cell(types[column] === 'text' ? harmless(row[column]) : row[column])).join(',')}\n`;
  const texts = [`${columns.join(',')}\n`];
  for (const some of yield* runsOf(rows, columns)) {
    texts.push(some.map(line).join(''));
    yield;
  }
  return texts.join('');
}

/** How many columns, from the first on, the rows of a run have in common. */
const COMMON = 4;

/** The rows sorted by all columns, cut where one of the first columns changes: a run is small, and all rows at once may be many. */
function* runsOf<Column extends string>(
  rows: readonly Readonly<Record<Column, string>>[],
  columns: readonly Column[],
): Generator<undefined, Readonly<Record<Column, string>>[][]> {
  const [first, rest] = [columns.slice(0, COMMON), columns.slice(COMMON)];
  const runs = new Map<string, Readonly<Record<Column, string>>[]>();
  for (const [index, row] of rows.entries()) {
    const key = JSON.stringify(first.map((column) => row[column]));
    const run = runs.get(key);
    if (run === undefined) runs.set(key, [row]);
    else run.push(row);
    if (index % 1000 === 999) yield;
  }
  for (const run of runs.values()) {
    run.sort((a, b) => compared(a, b, rest));
    yield;
  }
  return [...runs.values()].sort(([a], [b]) => compared(a!, b!, first));
}

function compared<Column extends string>(
  a: Readonly<Record<Column, string>>,
  b: Readonly<Record<Column, string>>,
  columns: readonly Column[],
): number {
  for (const column of columns) {
    const order = compareBytes(a[column], b[column]);
    if (order !== 0) return order;
  }
  return 0;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that a spreadsheet would evaluate as a formula gets an apostrophe before it. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
