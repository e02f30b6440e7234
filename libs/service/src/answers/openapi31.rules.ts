type Node = Record<string, unknown>;

/**
 * OpenAPI 3.1 lists `null` among the types; Nest describes parameters and bodies with `nullable`, which is OpenAPI 3.0.
 */
export function withoutNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withoutNullable(value)]),
  ) as Node;
  if (typeof nullable !== 'boolean') return nullable === undefined ? rest : { nullable, ...rest };
  if (!nullable) return rest;
  const { type, enum: values, description, ...other } = rest;
  if (type !== undefined)
    return {
      ...rest,
      type: [type, 'null'].flat(),
      ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
    };
  return { ...(description !== undefined && { description }), anyOf: [other, { type: 'null' }] };
}
