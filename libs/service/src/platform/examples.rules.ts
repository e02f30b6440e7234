/** Values of the served company that its public description may show. */
export interface Examples {
  /** By the name of a parameter or of a property of a body. */
  readonly named: Readonly<Record<string, string>>;
  readonly month: string;
  readonly quarter: string;
  readonly year: string;
  readonly day: string;
}

const forms: readonly [RegExp, (examples: Examples) => string][] = [
  [/^\d{4}-\d{2}-\d{2}$/, ({ day }) => day],
  [/^\d{4}-\d{2}$/, ({ month }) => month],
  [/^\d{4}-Q\d$/, ({ quarter }) => quarter],
  [/^\d{4}$/, ({ year }) => year],
];

type Node = Record<string, unknown>;
interface Described {
  paths?: object;
  components?: { schemas?: object };
}

/** Replaces made-up examples by the company's own values, and adds missing ones. */
export function exampled<Document extends Described>(document: Document, examples: Examples): Document {
  for (const methods of Object.values(document.paths ?? {}) as Record<string, { parameters?: Node[] }>[]) {
    for (const { parameters = [] } of Object.values(methods))
      for (const parameter of parameters) setExample(parameter, String(parameter['name']), examples);
  }
  for (const schema of Object.values(document.components?.schemas ?? {}) as { properties?: Record<string, Node> }[]) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) setExample(property, name, examples);
  }
  return document;
}

function setExample(node: Node, name: string, examples: Examples): void {
  const shown = node['example'] ?? (node['schema'] as Node | undefined)?.['example'];
  const form = typeof shown === 'string' ? forms.find(([regex]) => regex.test(shown)) : undefined;
  const value =
    form?.[1](examples) ?? (shown === undefined || typeof shown === 'string' ? examples.named[name] : undefined);
  if (value !== undefined) node['example'] = value;
}
