import { Exact, isDate, type LocalDate } from '@attain/values';
import type { Problem } from './problem.js';
import type { TableDefinition, Value, ValueType } from './language.js';

export interface KeyColumn {
  readonly name: string;
  readonly index: number;
}

const numberLike = /^-?\d{1,30}(\.\d{1,20})?%?$/;
/** In a text column, the value that matches every value without a row of its own. */
const any = '*';

/** The key columns of a table: all but the last and those that limit a row in time. */
export function keyColumns({ columns }: TableDefinition): KeyColumn[] {
  return columns.slice(0, -1).flatMap((name, index) => (name === 'from' || name === 'to' ? [] : [{ name, index }]));
}

/**
 * The type of a table's results: rates if one is a share, numbers if all are numbers, else texts; blank results are
 * undefined.
 */
export function answerType({ rows }: TableDefinition): ValueType {
  const answers = rows.map((row) => row.at(-1) ?? '').filter((answer) => answer !== '');
  if (!answers.every((answer) => numberLike.test(answer))) return 'text';
  return answers.some((answer) => answer.endsWith('%')) ? 'rate' : 'number';
}

/** The reason that a value of a type cannot be a key for a column, if there is one. */
export function tableProblem(
  { rows }: TableDefinition,
  { name, index }: KeyColumn,
  type: ValueType,
): string | undefined {
  if (type === 'text') return undefined;
  if (type === 'date' || type === 'yes/no') return `is asked by texts and numbers (column \`${name}\`)`;
  const row = rows.findIndex((cells) => cells[index] !== any && !numberLike.test(cells[index] ?? ''));
  if (row < 0) return undefined;
  return `has ${rows[row]![index] === '' ? 'a blank' : `\`${rows[row]![index]}\``} in row ${row + 2} of column \`${name}\``;
}

/**
 * The problems of a table by itself. Paths are ['rows', n] as in `TableDefinition`; row numbers in messages count the
 * header as row 1.
 */
export function checkTable({ columns, rows }: TableDefinition): Problem[] {
  const problems: Problem[] = [];
  const problem = (path: (string | number)[], message: string) => problems.push({ path, code: 'table', message });
  const [from, to] = [columns.indexOf('from'), columns.indexOf('to')];
  const last = columns.length - 1;
  if (keyColumns({ columns, rows }).length === 0)
    problem(['columns'], 'a table has a column to ask by and, as its last, one that answers');
  else if (from === last || to === last)
    problem(['columns', last], `the last column answers, and cannot be \`${columns[last]}\``);
  const seen = new Map<string, { row: number; from: string; to: string }[]>();
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) {
      problem(['rows', index], `row ${index + 2} has ${row.length} cells, the header has ${columns.length}`);
      continue;
    }
    for (const column of [from, to]) {
      if (column >= 0 && row[column] !== '' && !isDate(row[column]!))
        problem(
          ['rows', index, column],
          `row ${index + 2}: expected a date that exists in \`${columns[column]}\`, found \`${row[column]}\``,
        );
    }
    const span = { row: index + 2, from: row[from] ?? '', to: row[to] || '9999-12-31' };
    if (span.to < span.from) problem(['rows', index], `row ${index + 2} ends before it begins`);
    const key = JSON.stringify(row.filter((_, column) => column !== from && column !== to && column !== last));
    const others = seen.get(key) ?? [];
    const twin = others.find((other) => other.from <= span.to && span.from <= other.to);
    if (twin !== undefined) problem(['rows', index], `rows ${twin.row} and ${span.row} answer the same question`);
    seen.set(key, [...others, span]);
  }
  return problems;
}

interface Row {
  /** Null matches any value. */
  readonly keys: readonly (Exact | string | null)[];
  readonly from: string;
  readonly to: string;
  readonly answer: Value | null;
}

/**
 * Finds the row in force on a date for given keys: texts match exactly or by `*`, numbers match the greatest one that
 * is not above. Columns are compared from left to right, and an exact text precedes `*`. Null if there is none. `date`
 * may be absent if no row is limited in time.
 */
export function tableReader(
  table: TableDefinition,
  types: readonly ValueType[],
): (keys: readonly Value[], date: LocalDate | undefined) => Value | null {
  const columns = keyColumns(table);
  const [from, to] = [table.columns.indexOf('from'), table.columns.indexOf('to')];
  const answer = answerType(table);
  const rows = table.rows.map((cells): Row => ({
    keys: columns.map(({ index }, key) =>
      cells[index] === any ? null : types[key] === 'text' ? cells[index]! : Exact.parse(cells[index]!),
    ),
    from: cells[from] ?? '',
    to: cells[to] || '9999-12-31',
    answer: cells.at(-1) === '' ? null : answer === 'text' ? cells.at(-1)! : Exact.parse(cells.at(-1)!),
  }));
  const first = types.indexOf('text');
  const anywhere = first < 0 ? rows : rows.filter((row) => row.keys[first] === null);
  const byText =
    first < 0
      ? new Map<Value, Row[]>()
      : Map.groupBy(
          rows.filter((row) => row.keys[first] !== null),
          (row) => row.keys[first]!,
        );
  for (const [text, own] of byText) byText.set(text, [...own, ...anywhere]);

  return (keys, date) => {
    let best: Row | undefined;
    for (const row of first < 0 ? rows : (byText.get(keys[first]!) ?? anywhere)) {
      if (date !== undefined && (date < row.from || date > row.to)) continue;
      if (row.keys.every((key, index) => holds(key, keys[index]!)) && (best === undefined || isCloser(row, best)))
        best = row;
    }
    return best?.answer ?? null;
  };
}

function holds(key: Exact | string | null, value: Value): boolean {
  if (key === null) return true;
  return typeof key === 'string' ? key === value : key.compare(value as Exact) <= 0;
}

function isCloser(row: Row, best: Row): boolean {
  for (const [index, key] of row.keys.entries()) {
    const other = best.keys[index]!;
    if (key === null || other === null) {
      if (key === other) continue;
      return other === null;
    }
    if (typeof key === 'string') continue;
    const order = key.compare(other as Exact);
    if (order !== 0) return order > 0;
  }
  return false;
}
