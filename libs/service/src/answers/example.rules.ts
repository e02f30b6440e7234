export type Schema = Readonly<Record<string, unknown>>;
type Schemas = Readonly<Record<string, Schema>>;

/** An example of a schema, put together from the examples of its parts. */
export function exampleOf(schema: Schema, components: Schemas, within: ReadonlySet<string> = new Set()): unknown {
  const { $ref, anyOf, oneOf } = schema as { $ref?: string; anyOf?: Schema[]; oneOf?: Schema[] };
  for (const stated of [
    schema['example'],
    (schema['examples'] as unknown[] | undefined)?.[0],
    schema['const'],
    (schema['enum'] as unknown[] | undefined)?.[0],
    schema['default'],
  ]) {
    if (stated !== undefined) return stated;
  }
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1)!;
    return exampleOf(components[name] ?? {}, components, new Set([...within, name]));
  }
  const choices = anyOf ?? oneOf;
  if (choices !== undefined)
    return choices.some((one) => isWithin(one, within)) ? null : exampleOf(choices[0] ?? {}, components, within);
  return exampleOfType(schema, components, within);
}

function exampleOfType(schema: Schema, components: Schemas, within: ReadonlySet<string>): unknown {
  const {
    type,
    items,
    prefixItems,
    properties = {},
    required = [],
  } = schema as {
    type?: string | string[];
    items?: Schema;
    prefixItems?: Schema[];
    properties?: Schemas;
    required?: string[];
  };
  switch (Array.isArray(type) ? type[0] : type) {
    case 'array':
      if (prefixItems !== undefined) return prefixItems.map((one) => exampleOf(one, components, within));
      // A recursive schema needs an end.
      return items === undefined || isWithin(items, within) ? [] : [exampleOf(items, components, within)];
    case 'object': {
      const shown = Object.entries(properties).filter(
        ([name, of]) => required.includes(name) || !isWithin((of['items'] as Schema | undefined) ?? of, within),
      );
      return Object.fromEntries(shown.map(([name, of]) => [name, exampleOf(of, components, within)]));
    }
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1) > 1 ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return {};
  }
}

function isWithin({ $ref }: Schema, within: ReadonlySet<string>): boolean {
  return typeof $ref === 'string' && within.has($ref.split('/').at(-1)!);
}
