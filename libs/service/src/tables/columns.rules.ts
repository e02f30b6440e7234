import { z } from 'zod';

type Node = Readonly<Record<string, unknown>>;

/** How the values of a column compare; `other` is a list or an object, which is neither sorted nor filtered. */
type ColumnType = 'text' | 'day' | 'instant' | 'decimal' | 'number' | 'boolean' | 'other';
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** The columns of an answer's list, in the order of its schema; undefined if it has no such list of objects. */
export function columnsOf(answer: z.ZodType, list = 'rows'): readonly Column[] | undefined {
  const schema = z.toJSONSchema(answer, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as Node;
  const named = (schema['$defs'] ?? {}) as Readonly<Record<string, Node>>;
  const whole = (node: Node): Node => {
    const name = (node['$ref'] as string | undefined)?.split('/').at(-1);
    return name === undefined ? node : whole(named[name]!);
  };
  const rows = propertiesOf(whole(schema), whole).get(list);
  const row = rows && (whole(rows)['items'] as Node | undefined);
  const fields = row && propertiesOf(whole(row), whole);
  return fields && fields.size > 0
    ? [...fields].map(([name, field]) => ({ name, type: typeOf(whole(field), whole) }))
    : undefined;
}

function propertiesOf(node: Node, whole: (node: Node) => Node): Map<string, Node> {
  const own = Object.entries((node['properties'] ?? {}) as Readonly<Record<string, Node>>);
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (node[key] ?? []) as Node[]);
  return new Map([...own, ...parts.flatMap((part) => [...propertiesOf(whole(part), whole)])]);
}

function typeOf(node: Node, whole: (node: Node) => Node): ColumnType {
  const parts = ['anyOf', 'oneOf'].flatMap((key) => (node[key] ?? []) as Node[]);
  if (parts.length > 0) {
    const types = new Set(parts.filter(({ type }) => type !== 'null').map((part) => typeOf(whole(part), whole)));
    return types.size === 1 ? [...types][0]! : 'other';
  }
  const [type, ...more] = [node['type'] ?? typeof (node['const'] ?? (node['enum'] as unknown[] | undefined)?.[0])]
    .flat()
    .filter((one) => one !== 'null');
  if (more.length > 0) return 'other';
  if (type === 'string') return formats[String(node['format'])] ?? 'text';
  return type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'other';
}

const formats: Readonly<Record<string, ColumnType>> = {
  decimal: 'decimal',
  date: 'day',
  moment: 'instant',
  'date-time': 'instant',
};
