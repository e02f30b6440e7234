import { createHash } from 'node:crypto';
import { compareScalars, type Scalar } from '@attain/eventsourcing';
import type { Column } from './columns.rules.js';
import { type ColumnFilter, cursorOf, decimal, type Place, type Question, type SortKey } from './question.js';

export type Row = Readonly<Record<string, unknown>>;
export interface Page<R = Row> {
  readonly rows: readonly R[];
  /** The cursor of the rows behind these; null for the last page. */
  readonly next: string | null;
}

/** One page of computed rows that the caller may see: filtered, sorted, and begun behind the cursor's row. */
export function pageOf(rows: readonly Row[], question: Question): Page {
  const { filters, sort, limit, after } = question;
  const found = filters.length === 0 ? rows : rows.filter((row) => filters.every((filter) => meets(row, filter)));
  const sorted = sort.length === 0 ? found : [...found].sort((a, b) => compared(a, b, sort));
  const begin = after === undefined ? 0 : beginBehind(sorted, after, sort);
  const page = sorted.slice(begin, limit === undefined ? undefined : begin + limit);
  const last = page.at(-1);
  const isLast = last === undefined || begin + page.length >= sorted.length;
  if (isLast) return { rows: page, next: null };
  const values = sort.map(({ column }) => scalarOf(last[column.name]));
  return { rows: page, next: cursorOf(question, { values, row: identityOf(last), index: begin + page.length - 1 }) };
}

/** A row that has changed or gone keeps its place by its former values, else by its index. */
function beginBehind(rows: readonly Row[], { values, row, index }: Place, sort: readonly SortKey[]): number {
  const same =
    rows[index] && identityOf(rows[index]) === row ? index : rows.findIndex((one) => identityOf(one) === row);
  if (same >= 0) return same + 1;
  if (sort.length === 0) return Math.min(index, rows.length);
  const place = Object.fromEntries(sort.map(({ column }, at) => [column.name, values[at] ?? null]));
  const behind = rows.findIndex((one) => compared(one, place, sort) > 0);
  return behind < 0 ? rows.length : behind;
}

function identityOf(row: Row): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 16);
}

function compared(a: Row, b: Row, sort: readonly SortKey[]): number {
  for (const { column, descending } of sort) {
    const order = comparedIn(column, a[column.name], b[column.name]);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

function comparedIn({ type }: Column, a: unknown, b: unknown): number {
  if (type === 'decimal') {
    const [left, right] = [decimal(a), decimal(b)];
    if (left && right) return left.compare(right);
  }
  return compareScalars(scalarOf(a), scalarOf(b));
}

function meets(row: Row, { column, in: among, from, to }: ColumnFilter): boolean {
  const value = row[column.name] ?? null;
  if (among && !among.some((text) => equals(value, text, column))) return false;
  if (from === undefined && to === undefined) return true;
  return (
    value !== null &&
    (from === undefined || bounded(value, from, column) >= 0) &&
    (to === undefined || bounded(value, to, column) <= 0)
  );
}

function equals(value: unknown, text: string, column: Column): boolean {
  if (text === '') return value === null || value === '';
  const [left, right] = column.type === 'decimal' ? [decimal(value), decimal(text)] : [];
  return left && right
    ? left.compare(right) === 0
    : column.type === 'number'
      ? value === Number(text)
      : String(value) === text;
}

/** A day bounds the instants of the whole day. */
function bounded(value: unknown, text: string, column: Column): number {
  if (column.type === 'number') return Number(value) - Number(text);
  if (column.type === 'decimal') return comparedIn(column, value, text);
  return comparedIn(column, column.type === 'instant' ? String(value).slice(0, text.length) : value, text);
}

function scalarOf(value: unknown): Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
