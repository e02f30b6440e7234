import type { SQLInputValue } from 'node:sqlite';
import {
  type Aggregate,
  anyOf,
  checkAggregate,
  checkField,
  checkFilter,
  checkFind,
  type Filter,
  type Find,
  type Scalar,
} from '@attain/eventsourcing';

/** SQL with its bound scalars; of a caller's text only checked field names enter it. */
export interface Query {
  sql: string;
  values: SQLInputValue[];
}

/** The indexed expression of a field; an index serves a query only if both contain the same text. */
export function valueOf(field: string): string {
  checkField(field);
  return `json_extract(document, '$.${field}')`;
}
function typeOf(field: string): string {
  return `json_type(document, '$.${field}')`;
}
export function findQuery(table: string, find: Find): Query {
  checkFind(find);
  const where = whereOf(find.filter);
  const order = (find.sort ?? []).map(
    ({ field, order }) => `${valueOf(field)} ${order === 'ascending' ? 'ASC' : 'DESC'}`,
  );
  return {
    sql: `SELECT document FROM ${table}${where.sql} ORDER BY ${[...order, 'key'].join(', ')} LIMIT ? OFFSET ?`,
    values: [...where.values, find.limit ?? -1, find.offset ?? 0],
  };
}

export function countQuery(table: string, filter: Filter | undefined): Query {
  const where = whereOf(filter);
  return { sql: `SELECT count(*) AS count FROM ${table}${where.sql}`, values: where.values };
}

/** Groups are returned as JSON texts g0, g1 …, so that true stays true; measures as m0, m1 …. */
export function aggregateQuery(table: string, aggregate: Aggregate): Query {
  checkAggregate(aggregate);
  const where = whereOf(aggregate.filter);
  const groups = aggregate.groupBy.map(
    (field, n) =>
      `CASE WHEN ${typeOf(field)} IN ('array', 'object') THEN 'null' ELSE coalesce(document -> '$.${field}', 'null') END AS g${n}`,
  );
  const measures = Object.values(aggregate.measures).map((measure, n) => `${measureOf(measure)} AS m${n}`);
  const order = aggregate.groupBy.map((field) => `min(${valueOf(field)})`);
  const grouped = groups.map((_, n) => `g${n}`).join(', ');
  return {
    sql: [
      `SELECT ${[...groups, ...measures].join(', ') || '1'} FROM ${table}${where.sql}`,
      grouped && ` GROUP BY ${grouped}`,
      ' HAVING count(*) > 0',
      order.length > 0 && ` ORDER BY ${order.join(', ')}`,
    ]
      .filter(Boolean)
      .join(''),
    values: where.values,
  };
}

function measureOf(measure: Aggregate['measures'][string]): string {
  if ('count' in measure) return 'count(*)';
  const [[what, field] = ['', '']] = Object.entries(measure) as [string, string][];
  const number = `CASE WHEN ${typeOf(field)} IN ('integer', 'real') THEN ${valueOf(field)} END`;
  switch (what) {
    case 'sum':
      return `coalesce(sum(${number}), 0)`;
    case 'average':
      return `avg(${number})`;
    default:
      return `${what}(${number})`;
  }
}

function whereOf(filter: Filter = {}): Query {
  checkFilter(filter);
  const values: SQLInputValue[] = [];
  const sql = allOf(filter, values);
  return { sql: sql && ` WHERE ${sql}`, values };
}

/** Every condition of the filter, its values appended to the given ones; empty if it has none. */
function allOf(filter: Filter, values: SQLInputValue[]): string {
  const conditions = Object.entries(filter).map(([field, condition]) => conditionOf(field, condition, values));
  const alternatives = filter[anyOf];
  if (alternatives) conditions.push(either(alternatives.map((alternative) => allOf(alternative, values) || '1')));
  return conditions.map((condition) => `(${condition})`).join(' AND ');
}

/** Halves the list, because SQLite accepts an expression of 1,000 levels at most and a chain of OR has one for each part. */
function either(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? '0';
  const half = parts.length >> 1;
  return `(${either(parts.slice(0, half))}) OR (${either(parts.slice(half))})`;
}

function conditionOf(field: string, condition: Filter[string], values: SQLInputValue[]): string {
  if (condition === null || typeof condition !== 'object') return compared(field, '=', condition, values);
  if ('in' in condition) return among(field, condition.in, values);
  const { from, to, above, below } = condition;
  const bounds = { '>=': from, '<=': to, '>': above, '<': below };
  return Object.entries(bounds)
    .flatMap(([operator, bound]) => (bound === undefined ? [] : [compared(field, operator, bound, values)]))
    .join(' AND ');
}

function compared(field: string, operator: string, value: Scalar, values: SQLInputValue[]): string {
  if (value === null) return operator === '=' ? nullAt(field) : '0';
  values.push(typeof value === 'boolean' ? Number(value) : value);
  return `${valueOf(field)} ${operator} ? AND ${typeOf(field)} IN (${typesOf(typeof value)})`;
}

/** One bound list per type, so that the text, and with it the prepared statement, is the same for any number of values. */
function among(field: string, scalars: readonly Scalar[], values: SQLInputValue[]): string {
  const lists = (['string', 'number', 'boolean'] as const).flatMap((type) => {
    const list = scalars
      .filter((value) => typeof value === type)
      .map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (list.length === 0) return [];
    values.push(JSON.stringify(list));
    return [`(${valueOf(field)} IN (SELECT value FROM json_each(?)) AND ${typeOf(field)} IN (${typesOf(type)}))`];
  });
  return [...lists, ...(scalars.includes(null) ? [nullAt(field)] : [])].join(' OR ') || '0';
}

function nullAt(field: string): string {
  return `(${valueOf(field)} IS NULL AND coalesce(${typeOf(field)}, 'null') = 'null')`;
}

/** JSON's types for a value's type, so that 1, '1' and true stay different. */
function typesOf(type: string): string {
  if (type === 'string') return `'text'`;
  return type === 'number' ? `'integer', 'real'` : `'true', 'false'`;
}
