interface Content {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}
interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, Response>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

/** The gaps of an OpenAPI document in its operations, as sentences. */
export function undescribed(document: object): string[] {
  const { openapi, paths, components } = document as Document;
  const gaps: string[] = openapi === '3.1.0' ? [] : [`the document is OpenAPI ${openapi}`];
  const ids = new Map<string, string>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const twin = operation.operationId && ids.get(operation.operationId);
      if (twin) gaps.push(`${name} has the operationId of ${twin}`);
      if (operation.operationId) ids.set(operation.operationId, name);
      gaps.push(...gapsOf(operation, components.responses).map((gap) => `${name} ${gap}`));
    }
  }
  return gaps;
}

function gapsOf(operation: Operation, named: Readonly<Record<string, Response>>): string[] {
  const { operationId, summary, responses } = operation;
  const gaps: string[] = [];
  if (!operationId || !/^[a-z]+([A-Z][a-z]+)*$/.test(operationId))
    gaps.push(`has no operationId such as listDeals, but ${operationId}`);
  if (!summary) gaps.push('has no summary');
  const answers = Object.entries(responses).map(
    ([status, response]) =>
      [status, response.$ref === undefined ? response : named[response.$ref.split('/').at(-1)!]] as const,
  );
  if (!answers.some(([status]) => status < '304')) gaps.push('has no answer');
  for (const status of refusalsDue(operation)) if (!(status in responses)) gaps.push(`has no error model of ${status}`);
  for (const [status, response] of answers) {
    if (!response?.description) gaps.push(`has no description of ${status}`);
    if (response?.content === undefined) {
      if (status >= '400') gaps.push(`has no error model of ${status}`);
      else if (!['204', '303', '304'].includes(status)) gaps.push(`has no schema of ${status}`);
    }
    for (const [media, { schema, example, examples = {} }] of Object.entries(response?.content ?? {})) {
      if (!schema || Object.keys(schema).length === 0) gaps.push(`has no schema of ${status} ${media}`);
      // Only programs read a binary file, so it needs no example.
      const isBinary = (schema as { format?: unknown } | undefined)?.format === 'binary';
      if (!isBinary && example === undefined && Object.keys(examples).length === 0)
        gaps.push(`has no example of ${status} ${media}`);
    }
  }
  return gaps;
}

/** The refusals that follow from the kind of operation; an operation states those of business rules itself. */
function refusalsDue({ parameters = [], requestBody, security = [] }: Operation): string[] {
  const hasBody = requestBody !== undefined;
  return [
    ...(hasBody ? ['400'] : []),
    ...(security.length > 0 ? ['401', '403'] : []),
    ...(hasBody ? ['413'] : []),
    '421',
    ...(hasBody || parameters.length > 0 ? ['422'] : []),
    ...(security.length > 0 ? ['429', '503'] : []),
  ];
}
