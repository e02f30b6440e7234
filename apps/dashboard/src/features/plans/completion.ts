/** A part of a JSON Schema, as far as an editor reads it. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
}

/** The place of the cursor in a YAML document: the keys above it, and whether a key or a value is written there. */
export interface Place {
  path: string[];
  part: 'key' | 'value';
  /** The beginning of the word at the cursor, as an offset in its line. */
  from: number;
}

const LINE = /^( *)((?:- +)*)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:{[\]},'"&*!|>-][^:#{[\]},]*?)\s*:(?=\s|$))?/;

/** Reads by indentation, because a document that is being written is rarely valid. */
export function placeAt(lines: readonly string[], row: number, column: number): Place {
  const line = (lines[row] ?? '').slice(0, column);
  const [start = '', spaces = '', markers = '', key] = LINE.exec(line) ?? [];
  const isBlank = line.trim() === '';
  const above = parents(lines, row, markers === '' ? (isBlank ? column : spaces.length) : spaces.length + 0.5);
  const rest = line.slice(key === undefined ? spaces.length + markers.length : start.length);
  const brace = rest.indexOf('{');
  if (brace >= 0) return inFlow(rest.slice(brace), key === undefined ? above : [...above, plain(key)], line.length);
  const from = line.length - (/[^\s[{,:]*$/.exec(line)?.[0].length ?? 0);
  return key === undefined
    ? { path: above, part: 'key', from: line.length - rest.trimStart().length }
    : { path: [...above, plain(key)], part: 'value', from };
}

function inFlow(text: string, above: readonly string[], end: number): Place {
  const path = [...above];
  const open: number[] = [];
  let word = '';
  let key: string | undefined;
  for (const sign of text) {
    if (sign === '{') {
      if (key !== undefined) path.push(key);
      open.push(key === undefined ? 0 : 1);
      [key, word] = [undefined, ''];
    } else if (sign === '}') {
      if (open.pop() === 1) path.pop();
      [key, word] = [undefined, ''];
    } else if (sign === ',') [key, word] = [undefined, ''];
    else if (sign === ':') [key, word] = [plain(word.trim()), ''];
    else word += sign;
  }
  const from = end - word.trimStart().length;
  return key === undefined ? { path, part: 'key', from } : { path: [...path, key], part: 'value', from };
}

/** The keys of the lines above that contain a part with this indentation. */
function parents(lines: readonly string[], row: number, indentation: number): string[] {
  const path: string[] = [];
  let level = indentation;
  for (let at = row - 1; at >= 0 && level > 0; at -= 1) {
    const line = lines[at] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const [, spaces = '', markers = '', key] = LINE.exec(line) ?? [];
    const column = spaces.length + markers.length;
    if (key !== undefined && column < level) {
      path.unshift(plain(key));
      level = column;
    }
    // The key of a list may have the indentation of its members.
    if (markers !== '' && spaces.length < level) level = spaces.length + 0.5;
  }
  return path;
}

function plain(key: string): string {
  return key.replace(/^["']|["']$/g, '');
}

/** The alternatives of the schema at a path; lists are passed through. */
function schemasAt(root: Schema, path: readonly string[]): Schema[] {
  return path.reduce<Schema[]>(
    (found, key) =>
      found.flatMap((schema) => {
        const own = schema.properties?.[key];
        if (own !== undefined) return expanded(root, own);
        const { additionalProperties: others } = schema;
        return typeof others === 'object' ? expanded(root, others) : [];
      }),
    expanded(root, root),
  );
}

function expanded(root: Schema, schema: Schema, description = schema.description): Schema[] {
  if (schema.$ref !== undefined) {
    const named = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
    return named === undefined ? [] : expanded(root, named, description ?? named.description);
  }
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return branches.flatMap((one) => expanded(root, one, one.description ?? description));
  if (schema.items !== undefined) {
    const { items } = schema;
    return expanded(root, items, description ?? items.description);
  }
  const own = { ...schema, ...(description !== undefined && { description }) };
  return schema.allOf === undefined ? [own] : [own, ...schema.allOf.flatMap((one) => expanded(root, one))];
}

export interface Proposal {
  label: string;
  about: string;
}

/** The keys or the values that fit at a place. `names`: what the company calls its measures and roles, by key. */
export function proposals(
  root: Schema,
  { path, part }: Place,
  names: Readonly<Record<string, readonly string[]>>,
): Proposal[] {
  const schemas = schemasAt(root, path);
  if (part === 'key') {
    const keys = schemas.flatMap(({ properties = {} }) =>
      Object.entries(properties).map(([label, schema]) => ({ label, about: aboutOf(root, schema) })),
    );
    return unique(keys);
  }
  const about = schemas.find(({ description }) => description !== undefined)?.description ?? '';
  const values = schemas.flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]));
  const own = names[path.at(-1) ?? ''] ?? [];
  return unique([...values.map(String), ...own].map((label) => ({ label, about })));
}

/** The description of the key at a place; the empty text if the schema has none. */
export function aboutKey(root: Schema, path: readonly string[]): string {
  const key = path.at(-1);
  if (key === undefined) return '';
  for (const { properties } of schemasAt(root, path.slice(0, -1))) {
    const schema = properties?.[key];
    if (schema !== undefined) return aboutOf(root, schema);
  }
  return '';
}

function aboutOf(root: Schema, schema: Schema): string {
  return schema.description ?? expanded(root, schema)[0]?.description ?? '';
}

function unique(all: readonly Proposal[]): Proposal[] {
  return [...new Map(all.map((one) => [one.label, one])).values()];
}
