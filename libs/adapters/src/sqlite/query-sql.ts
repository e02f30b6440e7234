import type { SQLInputValue } from 'node:sqlite';
import { type Aggregate, checkAggregate, checkField, checkFilter, checkFind, type Filter, type Find, type Scalar } from '@attain/eventsourcing';

/** SQL with its bound scalars; nothing of a caller's enters the text but fields' names, and those are checked. */
export interface Query {
  sql: string;
  values: SQLInputValue[];
}

/** The indexed expression of a field; an index serves a query only when both say it in the same words. */
export function valueOf(field: string): string {
  checkField(field);
  return `json_extract(document, '$.${field}')`;
}
function typeOf(field: string): string {
  return `json_type(document, '$.${field}')`;
}
/** null, then false, true, numbers, texts; nothing else has an order. */
function rankOf(field: string): string {
  return `CASE ${typeOf(field)} WHEN 'false' THEN 1 WHEN 'true' THEN 2 WHEN 'integer' THEN 3 WHEN 'real' THEN 3 WHEN 'text' THEN 4 ELSE 0 END`;
}
function scalarOf(field: string): string {
  return `CASE WHEN ${typeOf(field)} NOT IN ('array', 'object') THEN ${valueOf(field)} END`;
}

export function findQuery(table: string, find: Find): Query {
  checkFind(find);
  const where = whereOf(find.filter);
  const order = (find.sort ?? []).flatMap(({ field, order }) => {
    const direction = order === 'ascending' ? 'ASC' : 'DESC';
    return [`${rankOf(field)} ${direction}`, `${scalarOf(field)} ${direction}`];
  });
  return {
    sql: `SELECT document FROM ${table}${where.sql} ORDER BY ${[...order, 'key'].join(', ')} LIMIT ? OFFSET ?`,
    values: [...where.values, find.limit ?? -1, find.offset ?? 0],
  };
}

export function countQuery(table: string, filter: Filter | undefined): Query {
  const where = whereOf(filter);
  return { sql: `SELECT count(*) AS count FROM ${table}${where.sql}`, values: where.values };
}

/** Groups answer as JSON texts g0, g1 …, so that true stays true; measures as m0, m1 …. */
export function aggregateQuery(table: string, aggregate: Aggregate): Query {
  checkAggregate(aggregate);
  const where = whereOf(aggregate.filter);
  const groups = aggregate.groupBy.map((field, n) => `CASE WHEN ${typeOf(field)} IN ('array', 'object') THEN 'null' ELSE coalesce(document -> '$.${field}', 'null') END AS g${n}`);
  const measures = Object.values(aggregate.measures).map((measure, n) => `${measureOf(measure)} AS m${n}`);
  const order = aggregate.groupBy.flatMap((field) => [`min(${rankOf(field)})`, `min(${scalarOf(field)})`]);
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
  const bind = (value: Scalar): string => {
    values.push(typeof value === 'boolean' ? Number(value) : value);
    return '?';
  };
  const one = (field: string, operator: string, value: Scalar): string => {
    if (value === null) return operator === '=' ? `coalesce(${typeOf(field)}, 'null') = 'null'` : '0';
    return `${valueOf(field)} ${operator} ${bind(value)} AND ${typeOf(field)} IN (${typesOf(value, operator)})`;
  };
  const conditions = Object.entries(filter).map(([field, condition]) => {
    if (condition === null || typeof condition !== 'object') return one(field, '=', condition);
    if ('in' in condition) return anyOf(condition.in.map((value) => one(field, '=', value)));
    const { from, to } = condition;
    return [from === undefined ? '' : one(field, '>=', from), to === undefined ? '' : one(field, '<=', to)].filter(Boolean).join(' AND ');
  });
  return { sql: conditions.length === 0 ? '' : ` WHERE ${conditions.map((condition) => `(${condition})`).join(' AND ')}`, values };
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '0' : conditions.map((condition) => `(${condition})`).join(' OR ');
}

function typesOf(value: string | number | boolean, operator: string): string {
  if (typeof value === 'string') return `'text'`;
  if (typeof value === 'number') return `'integer', 'real'`;
  return operator === '=' ? `'${value}'` : `'true', 'false'`;
}
