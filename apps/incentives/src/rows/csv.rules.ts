import type { AttainmentRow, LineRow } from '@attain/compensation';
import { compareBytes } from '@attain/values';

/** Text may be anything that people and source systems wrote; a number is written as it is. */
type ColumnType = 'text' | 'number';

const lineColumns: Readonly<Record<keyof LineRow, ColumnType>> = {
  plan: 'text', version: 'text', period: 'text', participant: 'text', component: 'text', source: 'text', record: 'text', kind: 'text', for: 'text',
  date: 'text', causedBy: 'text', credited: 'number', earned: 'number', earnedCurrency: 'text', payable: 'number', payableCurrency: 'text', cause: 'text',
};
const attainmentColumns: Readonly<Record<keyof AttainmentRow, ColumnType>> = {
  period: 'text', for: 'text', measure: 'text', quota: 'number', credited: 'number', attainment: 'number', currency: 'text',
};

export function linesCsv(rows: readonly LineRow[]): string {
  return csv(lineColumns, rows);
}

export function attainmentCsv(rows: readonly AttainmentRow[]): string {
  return csv(attainmentColumns, rows);
}

/**
 * The form of "Rows for other programs": LF, sorted by all columns in byte order as the texts are, quoted only where CSV needs it.
 * The one writer of CSV: every export goes through it, so that no spreadsheet takes a text for a formula.
 */
function csv<Column extends string>(types: Readonly<Record<Column, ColumnType>>, rows: readonly Readonly<Record<Column, string>>[]): string {
  const columns = Object.keys(types) as Column[];
  const sorted = [...rows].sort((a, b) => {
    for (const column of columns) {
      const order = compareBytes(a[column], b[column]);
      if (order !== 0) return order;
    }
    return 0;
  });
  const lines = sorted.map((row) => columns.map((column) => cell(types[column] === 'text' ? harmless(row[column]) : row[column])));
  return [columns, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that a spreadsheet would take for a formula, behind an apostrophe. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
