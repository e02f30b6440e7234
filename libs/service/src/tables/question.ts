import { createHash } from 'node:crypto';
import type { Scalar } from '@attain/eventsourcing';
import { Exact, textFault } from '@attain/values';
import { z } from 'zod';
import { Malformed, UnknownField } from '../problem.js';
import type { Column } from './columns.rules.js';

/** The parameters of every table, beside filters by its columns. */
const tableParameters = ['limit', 'cursor', 'sort', 'fields', 'format'] as const;
export const MOST_ROWS = 1000;
/** The most values of one filter, because each is compared with each row. */
const MOST_VALUES = 100;

export interface SortKey {
  readonly column: Column;
  readonly descending: boolean;
}
/** The asked values; an empty one matches an absent value. */
export interface ColumnFilter {
  readonly column: Column;
  readonly in?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}
/** The row behind which a page begins: its sorted values, its identity and its index. */
export interface Place {
  readonly values: readonly Scalar[];
  readonly row: string;
  readonly index: number;
}
export interface Question {
  readonly limit: number | undefined;
  readonly sort: readonly SortKey[];
  /** Undefined: all columns. */
  readonly fields: readonly string[] | undefined;
  readonly filters: readonly ColumnFilter[];
  readonly after: Place | undefined;
  /** Identifies the question without its page; a cursor is valid for one question. */
  readonly asks: string;
}
type Query = Readonly<Record<string, unknown>>;

/** The columns and parameters of a table. */
export interface Askable {
  readonly columns: readonly Column[];
  /** The columns for filtering. */
  readonly comparable: readonly Column[];
  readonly sortable: readonly Column[];
  /** Parameters of the operation itself, which filters never take over. */
  readonly own: ReadonlySet<string>;
}

/** Splits a request into the table's question and the parameters of the operation. */
export function questionOf(path: string, query: Query, askable: Askable): { question: Question; rest: Query } {
  const rest: Record<string, unknown> = {};
  const filters = new Map<string, ColumnFilter>();
  for (const [name, value] of Object.entries(query)) {
    if ((tableParameters as readonly string[]).includes(name)) continue;
    if (askable.own.has(name)) rest[name] = value;
    else addFilter(filters, name, value, askable);
  }
  const { limit, cursor, sort, fields } = query;
  const asks = fingerprint(path, query);
  const question: Question = {
    limit: limitOf(limit),
    sort: listOf('sort', sort).map((name) => sortKeyOf(name, askable)),
    fields: fields === undefined ? undefined : fieldsOf(fields, askable),
    filters: [...filters.values()],
    after: cursor === undefined ? undefined : placeOf(cursor, asks),
    asks,
  };
  return { question, rest };
}

export function cursorOf({ asks }: Pick<Question, 'asks'>, { values, row, index }: Place): string {
  return Buffer.from(JSON.stringify([asks, values, row, index])).toString('base64url');
}

function placeOf(cursor: unknown, asks: string): Place {
  const refused = (message: string) => new Malformed([{ field: 'cursor', message }]);
  const parsed = cursorText.safeParse(cursor);
  if (!parsed.success) throw refused('expected `next` of an answer of this operation');
  const [of, values, row, index] = parsed.data;
  if (of !== asks)
    throw refused('expected `next` of an answer to this question: the cursor belongs to other filters or another sort');
  return { values, row, index };
}
const cursorText = z
  .string()
  .max(8_000)
  .transform((text, context) => {
    try {
      return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    } catch {
      context.issues.push({ code: 'custom', input: text, message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.tuple([
      z.string(),
      z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).max(20),
      z.string().max(64),
      z.int().min(0),
    ]),
  );

function limitOf(limit: unknown): number | undefined {
  if (limit === undefined) return undefined;
  const number = typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MOST_ROWS)
    throw new Malformed([{ field: 'limit', message: `expected a whole number from 1 to ${MOST_ROWS}` }]);
  return number;
}

function listOf(field: string, value: unknown): string[] {
  if (value === undefined) return [];
  const names = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : [];
  if (names.length === 0 || names.length > 20 || new Set(names).size < names.length)
    throw new Malformed([{ field, message: 'expected names of fields, each once, separated by commas' }]);
  return names;
}

function sortKeyOf(name: string, askable: Askable): SortKey {
  const descending = name.startsWith('-');
  const column = askable.sortable.find((one) => one.name === (descending ? name.slice(1) : name));
  if (!column) throw new UnknownField('sort', name, askable.sortable.map(nameOf));
  return { column, descending };
}

function fieldsOf(fields: unknown, { columns }: Askable): string[] {
  const names = columns.map(nameOf);
  const asked = listOf('fields', fields);
  for (const name of asked) if (!names.includes(name)) throw new UnknownField('fields', name, names);
  return asked;
}

function addFilter(filters: Map<string, ColumnFilter>, name: string, value: unknown, askable: Askable): void {
  const [, base = '', end] = /^(.+)(From|To)$/.exec(name) ?? [];
  const column = columnOf(askable, name);
  const ranged = column ? undefined : columnOf(askable, base);
  const found = column ?? (ranged && ranged.type !== 'boolean' ? ranged : undefined);
  if (!found) throw new UnknownField('query', name, [...askable.own, ...askable.comparable.map(nameOf)]);
  const values = [value].flat();
  const faulty = values.find((one) => typeof one !== 'string' || !fits(one, found, column === undefined));
  if (values.length > MOST_VALUES || faulty !== undefined || (!column && values.length !== 1))
    throw new Malformed([{ field: name, message: expected[found.type] }]);
  const texts = (values as string[]).map((text) => text.normalize('NFC'));
  filters.set(found.name, {
    ...(filters.get(found.name) ?? { column: found }),
    ...(column ? { in: texts } : end === 'From' ? { from: texts[0]! } : { to: texts[0]! }),
  });
}

const columnOf = ({ comparable }: Askable, name: string) => comparable.find((column) => column.name === name);
const nameOf = ({ name }: Column) => name;
const expected: Readonly<Record<Column['type'], string>> = {
  text: `expected a text, at most ${MOST_VALUES} times`,
  day: `expected a date, at most ${MOST_VALUES} times`,
  instant: `expected a date or an instant, at most ${MOST_VALUES} times`,
  decimal: 'expected a decimal such as 1250.50',
  number: 'expected a number such as 12',
  boolean: 'expected true or false',
  other: 'expected no such filter',
};

function fits(text: string, { type }: Column, isBound: boolean): boolean {
  if (text === '') return !isBound;
  if (text.length > 4000 || textFault(text)) return false;
  if (type === 'boolean') return text === 'true' || text === 'false';
  return type === 'decimal' || type === 'number' ? /^-?\d{1,30}(\.\d{1,20})?$/.test(text) : true;
}

/** Identifies the question of a cursor: the operation, its parameters, filters and sort. */
function fingerprint(path: string, { cursor: _, limit: __, fields: ___, format: ____, ...asked }: Query): string {
  const sorted = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([path, sorted]))
    .digest('base64url')
    .slice(0, 12);
}

/** Exact; null if the text is not a decimal. */
export function decimal(value: unknown): Exact | null {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Exact.parse(value) : null;
}
