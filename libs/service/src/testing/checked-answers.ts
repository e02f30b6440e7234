import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type supertest from 'supertest';
import { openApiOf } from '../platform/openapi.js';
import type { Served } from '../serve.js';
import { type Agent, agentOf } from './agent.js';

interface Operation {
  readonly responses: Readonly<
    Record<string, { $ref?: string; content?: Readonly<Record<string, { examples?: object }>> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, object>> }>> };
}
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}
type Check = (method: string, path: string, answer: Answer) => void;

const checks = new WeakMap<object, Check>();

/**
 * A client that compares answers with the server's OpenAPI document: an additional status, key or value fails the test.
 */
export function checkedAgent({ app, url }: Pick<Served, 'app' | 'url'>, token?: string): Agent {
  return agentOf(url, token).use(
    checkedWith(() => {
      const check = checks.get(app) ?? checking(openApiOf(app) as unknown as Document);
      checks.set(app, check);
      return check;
    }),
  );
}

/** For `use` of a client: compares answers with this document, whichever server sends them. */
export function describedBy(document: object): (asked: unknown) => void {
  let check: Check | undefined;
  return checkedWith(() => (check ??= checking(document as Document)));
}

function checkedWith(checkOf: () => Check): (asked: unknown) => void {
  return (asked) => {
    const request = asked as supertest.Test;
    request.expect((answer: supertest.Response) => {
      const { pathname, searchParams } = new URL(request.url);
      // Rows with some of their fields are not described field by field.
      if (!searchParams.has('fields')) checkOf()(request.method, pathname, answer);
    });
  };
}

function checking(document: Document): Check {
  const closed = withoutOthers(document) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/).addFormat('moment', true);
  ajv.addSchema(closed, 'api');
  const templates = Object.keys(closed.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, regex: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }));
  const known = new Map<string, ValidateFunction>();

  return (method, path, { status, type, body }) => {
    const template = templates.find((one) => one.regex.test(path) && closed.paths[one.path]?.[method.toLowerCase()]);
    // A response without an operation is a page, or a refusal of an unknown route.
    const operation = template && closed.paths[template.path]?.[method.toLowerCase()];
    if (!operation) return;
    // Operations of fixtures state no answer; `api-document.spec.ts` finds an operation of a service without one.
    if (!Object.keys(operation.responses).some((status) => status < '400')) return;
    const name = `${method} ${template.path} answered ${status}`;
    const stated = operation.responses[status];
    if (!stated) throw new Error(`${name}, and its description states ${Object.keys(operation.responses).join(', ')}`);
    const refusal = stated.$ref?.split('/').at(-1);
    const content = refusal === undefined ? stated.content : closed.components.responses[refusal]?.content;
    if (content === undefined) return;
    const media = type.split(';')[0]!;
    if (!content[media])
      throw new Error(`${name} as ${media}, and its description states ${Object.keys(content).join(', ')}`);
    const { examples } = content[media] as { examples?: object };
    const code = (body as { code?: string } | null)?.code ?? '';
    if (examples !== undefined && !(code in examples))
      throw new Error(`${name} with the code ${code}, and its description states ${Object.keys(examples).join(', ')}`);
    if (!/json$/.test(media)) return;
    const place =
      refusal === undefined
        ? `#/paths/${escaped(template.path)}/${method.toLowerCase()}/responses/${status}`
        : `#/components/responses/${refusal}`;
    const reference = encodeURI(`api${place}/content/${escaped(media)}/schema`);
    const holds = known.get(reference) ?? ajv.getSchema(reference)!;
    known.set(reference, holds);
    if (!holds(body))
      throw new Error(`${name} with what its description does not state: ${ajv.errorsText(holds.errors)}`);
  };
}

/**
 * The description leaves objects open, because an answer may get more keys later; a test accepts only the present keys.
 */
function withoutOthers(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutOthers);
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'example' || key === 'examples' ? value : withoutOthers(value),
    ]),
  );
  const isShape =
    closed['type'] === 'object' &&
    typeof closed['properties'] === 'object' &&
    closed['additionalProperties'] === undefined;
  return isShape ? { ...closed, additionalProperties: false } : closed;
}

const escaped = (path: string) => path.replace(/~/g, '~0').replace(/\//g, '~1');
