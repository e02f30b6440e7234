import type { Schema } from '../answers/example.rules.js';
import { csvOf } from './csv.rules.js';
import type { Askable } from './question.js';
import type { Row } from './rows.js';
import type { AnsweredList } from './table.js';
import { XLSX } from './xlsx.js';

type Node = Record<string, unknown>;

/** The parameters of every table. */
const usual = [
  query('limit', 'Rows of a page.', { type: 'integer', minimum: 1, maximum: 1000 }),
  query('cursor', '`next` of the page before, with the same filters and sort.', { type: 'string' }),
  query('sort', 'Fields of a row, separated by commas; `-` before a field sorts descending.', { type: 'string' }),
  query('fields', 'Of each row these fields alone, separated by commas.', { type: 'string' }),
  query(
    'format',
    'A file instead of JSON: `csv` as `Accept: text/csv` does, or `xlsx`, whose second sheet states the source of the rows.',
    {
      type: 'string',
      enum: ['json', 'csv', 'xlsx'],
    },
  ),
];

function query(name: string, description: string, schema: object): Node {
  return { name, in: 'query', required: false, description, schema };
}

/** The reference to the parameter that asks for a list of an answer as a file. */
export function formatParameterOf(stated: Record<string, object>): Node {
  stated['format'] = usual.find(({ name }) => name === 'format')!;
  return { $ref: '#/components/parameters/format' };
}

/**
 * References to the parameters of a table beside those of its operation; each parameter is described once, in `stated`.
 */
export function tableParametersOf({ comparable, own }: Askable, stated: Record<string, object>): Node[] {
  const filters = comparable.flatMap(({ name, type }): Node[] => {
    const among = query(name, 'Rows with this value; given more than once, with any of them.', {
      type: 'array',
      items: { type: 'string' },
    });
    if (type === 'boolean' || type === 'text') return [among];
    const bound = (end: string, means: string) => query(`${name}${end}`, means, { type: 'string' });
    return [
      among,
      bound('From', 'Rows with this value or a later one.'),
      bound('To', 'Rows with this value or an earlier one.'),
    ];
  });
  return [...filters, ...usual]
    .filter(({ name }) => !own.has(name as string))
    .map((parameter) => {
      const name = parameter['name'] as string;
      stated[name] = parameter;
      return { $ref: `#/components/parameters/${name}` };
    });
}

/** The values beside the rows of every table. */
export function asTable(schema: Schema, schemas: Record<string, Schema>): void {
  const name = (schema['$ref'] as string | undefined)?.split('/').at(-1);
  const node = (name === undefined ? schema : schemas[name]!) as Node;
  const beside = {
    next: {
      type: ['string', 'null'],
      description: 'The `cursor` of the next page; null on the last one.',
      examples: [null],
    },
    position: {
      type: 'string',
      description: 'What is stored up to this position of the log is in the rows.',
      examples: ['1042'],
    },
    asOf: {
      type: ['string', 'null'],
      description: 'The cut that was asked for; null: everything known now.',
      examples: [null],
    },
  };
  node['properties'] = { ...(node['properties'] as object), ...beside };
  node['required'] = [...new Set([...((node['required'] as string[] | undefined) ?? []), ...Object.keys(beside)])];
}

/** `table`: the list that a file holds, with its columns. */
export function contentOf(media: string, schema: object, example: unknown, table: AnsweredList | undefined): object {
  const content = { [media]: { schema, example } };
  if (!table) return content;
  const rows = (example as Readonly<Record<string, Row[] | undefined>>)[table.name] ?? [];
  const text = csvOf(
    table.columns.map(({ name }) => name),
    rows,
  );
  return {
    ...content,
    'text/csv': { schema: { type: 'string' }, example: text },
    [XLSX]: { schema: { type: 'string', format: 'binary' } },
  };
}
