import type { AttainmentRow, LineRow } from '@attain/compensation';
import { compareBytes } from '@attain/values';

const lineColumns = [
  'plan', 'version', 'period', 'participant', 'component', 'source', 'record', 'kind', 'for', 'date', 'causedBy', 'credited', 'earned',
  'earnedCurrency', 'payable', 'payableCurrency', 'cause',
] as const satisfies readonly (keyof LineRow)[];
const attainmentColumns = ['period', 'for', 'measure', 'quota', 'credited', 'attainment', 'currency'] as const satisfies readonly (keyof AttainmentRow)[];

export function linesCsv(rows: readonly LineRow[]): string {
  return csv(lineColumns, rows);
}

export function attainmentCsv(rows: readonly AttainmentRow[]): string {
  return csv(attainmentColumns, rows);
}

/** The form of "Rows for other programs": LF, sorted by all columns in byte order, quoted only where CSV needs it. */
function csv<Column extends string>(columns: readonly Column[], rows: readonly Readonly<Record<Column, string>>[]): string {
  const sorted = [...rows].sort((a, b) => {
    for (const column of columns) {
      const order = compareBytes(a[column], b[column]);
      if (order !== 0) return order;
    }
    return 0;
  });
  return [columns, ...sorted.map((row) => columns.map((column) => row[column]))].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
