import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { undescribed } from '@attain/service';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { apiDocument } from './api-document.js';

type Content = Record<string, { schema: object; example?: unknown }>;
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Content }> }>>;
  components: { responses: Record<string, { content?: Content }>; examples: Record<string, { value: unknown }> };
}

describe('the description of the API', () => {
  let document: Document;
  beforeAll(async () => {
    document = (await apiDocument()) as Document;
  });

  it('states of each operation its answers, its refusals, and an example of each', () => {
    expect(undescribed(document)).toEqual([]);
  });

  it('finds an operation that states less', () => {
    const { get } = document.paths['/v1/deals']!;
    const bare = {
      ...document,
      paths: {
        '/v1/deals': {
          get: {
            ...get,
            operationId: 'Deals_list',
            summary: '',
            responses: { 200: { description: 'Deals', content: { 'application/json': {} } } },
          },
        },
      },
    };
    expect(undescribed(bare)).toEqual([
      'GET /v1/deals has no operationId such as listDeals, but Deals_list',
      'GET /v1/deals has no summary',
      ...['401', '403', '421', '422', '429', '503'].map((status) => `GET /v1/deals has no error model of ${status}`),
      'GET /v1/deals has no schema of 200 application/json',
      'GET /v1/deals has no example of 200 application/json',
    ]);
  });

  it('allows a reason the same length in every command', () => {
    const lengths = reasonsIn(document).map((reason) => reason.maxLength);
    expect(lengths.length).toBeGreaterThan(40);
    expect(new Set(lengths)).toEqual(new Set([4000]));
  });

  it('has examples that its schemas take', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/).addFormat('moment', true);
    ajv.addSchema(document, 'api');
    const coded = Object.entries(document.components.examples).map(([code, { value }]) => ({
      place: code,
      at: '#/components/schemas/Problem',
      example: value,
    }));
    const wrong = [...contentsOf(document), ...coded].flatMap(({ place, at, example }) => {
      const holds = ajv.getSchema(`api${at}`)!;
      return holds(example) ? [] : [`${place}: ${ajv.errorsText(holds.errors)}`];
    });
    expect(wrong).toEqual([]);
  });

  it('states a shape once, as a component by its name', () => {
    const places = new Map<string, string[]>();
    for (const [at, shape] of shapesIn(document)) {
      const text = JSON.stringify(shape);
      places.set(text, [...(places.get(text) ?? []), at]);
    }
    expect([...places.values()].filter((twice) => twice.length > 1)).toEqual([]);
  });

  it('is the document from which @attain/client is generated; `npm run client` brings it up to date', async () => {
    const committed = JSON.parse(
      await readFile(new URL('../../../libs/client/openapi.json', import.meta.url), 'utf8'),
    ) as object;
    expect(differing(JSON.parse(JSON.stringify(document)), committed)).toEqual([]);
  });
});

/** The places, at most three keys deep, at which two documents differ. */
function differing(a: unknown, b: unknown, at: readonly string[] = []): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (at.length === 3 || [a, b].some((one) => typeof one !== 'object' || one === null)) return [at.join(' ')];
  const [left, right] = [a, b] as Record<string, unknown>[];
  return [...new Set([...Object.keys(left!), ...Object.keys(right!)])].flatMap((key) =>
    differing(left![key], right![key], [...at, key]),
  );
}

/** Objects of three keys or more, with their places; a page of rows holds the same beside its rows as every other. */
function shapesIn(node: unknown, at = ''): [string, object][] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, properties } = node as { type?: unknown; properties?: object };
  const inner = Object.entries(node).flatMap(([key, value]) =>
    key === 'example' || key === 'examples' ? [] : shapesIn(value, `${at}/${key}`),
  );
  const isShape = type === 'object' && Object.keys(properties ?? {}).length >= 3 && !('rows' in properties!);
  return isShape ? [[at, node], ...inner] : inner;
}

function contentsOf({ paths, components }: Document): { place: string; at: string; example: unknown }[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses).map(([status, { content }]) => ({
        place: `${method.toUpperCase()} ${path} ${status}`,
        at: `#/paths/${path.replace(/~/g, '~0').replace(/\//g, '~1')}/${method}/responses/${status}`,
        content,
      })),
    ),
  );
  const refusals = Object.entries(components.responses).map(([name, { content }]) => ({
    place: name,
    at: `#/components/responses/${name}`,
    content,
  }));
  return [...operations, ...refusals].flatMap(({ place, at, content = {} }) =>
    Object.entries(content).flatMap(([media, { example }]) =>
      example === undefined
        ? []
        : [{ place, at: encodeURI(`${at}/content/${media.replace(/\//g, '~1')}/schema`), example }],
    ),
  );
}

/** The schemas of `reason` in bodies of requests. */
function reasonsIn(document: Document): { maxLength?: number }[] {
  const { schemas } = (document as unknown as Schemas).components;
  const bodies = Object.values(document.paths).flatMap((methods) => Object.values(methods) as unknown as Bodied[]);
  return bodies.flatMap(({ requestBody }) => {
    const { $ref } = requestBody?.content['application/json']?.schema ?? {};
    return schemas[$ref?.split('/').at(-1) ?? '']?.properties?.['reason'] ?? [];
  });
}

interface Schemas {
  components: { schemas: Record<string, { properties?: Record<string, { maxLength?: number }> }> };
}
interface Bodied {
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
}
