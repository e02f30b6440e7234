import { RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, SELF_DECLARED_DEPS_METADATA } from '@nestjs/common/constants.js';
import { z } from 'zod';
import { type Permission, permissions, reach, type Role } from '../identity/roles.js';
import { COMMAND, PERMISSION, READS } from '../route.js';
import type { HandledRoute } from '../routes.js';
import { Scopes } from '../scope.js';
import { ANSWERS, nothing, REFUSES, type StatedAnswers } from './answers.js';
import { exampleOf, type Schema } from './example.rules.js';
import { Problem } from './problem.answers.js';
import { askableOf, listOf } from '../tables/table.js';
import { asTable, contentOf, formatParameterOf, tableParametersOf } from '../tables/described-table.js';
import type { RefusalCode } from './refusal-codes.js';
import { refusalExamples, refusalResponses, refusalsOf } from './refusals.js';

type Node = Record<string, unknown>;
interface Operation extends Node {
  parameters?: Node[];
  requestBody?: unknown;
  responses?: Record<string, object>;
}
interface AnsweredDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: {
    schemas?: Record<string, object>;
    responses?: Record<string, object>;
    parameters?: Record<string, object>;
    headers?: Record<string, object>;
    examples?: Record<string, object>;
  };
}

const headers = {
  AttainPosition: {
    description: 'Position of the effect; a query that sends it back sees the effect.',
    schema: { type: 'string' },
  },
};
const positionHeader = { 'Attain-Position': { $ref: '#/components/headers/AttainPosition' } };

/** Adds the answers and the refusals of each operation to an OpenAPI document. */
export function answered<Document extends object>(described: Document, routes: readonly HandledRoute[]): Document {
  const document = described as unknown as AnsweredDocument;
  const schemas: Record<string, Schema> = {};
  schemaOf(Problem, schemas);
  const parameters: Record<string, object> = {};
  for (const route of routes) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
    if (operation !== undefined) {
      addParameters(operation, route, parameters);
      const answers = answersIn(route, schemas);
      operation.responses = { ...answers, ...unchangedIn(route, answers), ...refusalsIn(route, operation) };
    }
  }
  shareHeaders(Object.values(document.paths).flatMap(Object.values), parameters);
  document.components = {
    ...document.components,
    headers,
    schemas: { ...document.components?.schemas, ...sorted(schemas) },
    responses: { ...document.components?.responses, Unchanged: unchanged, ...refusalResponses() },
    examples: refusalExamples(),
    parameters: sorted(parameters),
  };
  return described;
}

function answersIn(
  { handler, controller, method }: HandledRoute,
  schemas: Record<string, Schema>,
): Record<string, object> {
  const stated = Reflect.getMetadata(ANSWERS, handler) as StatedAnswers | undefined;
  if (stated === undefined) return {};
  const { answers, media = 'application/json' } = stated;
  const usual =
    stated.status ??
    (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ??
    (method === RequestMethod[RequestMethod.POST] ? 201 : 200);
  const byStatus = answers instanceof z.ZodType ? { [usual]: answers } : answers;
  const headers = Reflect.getMetadata(COMMAND, handler) === true ? { headers: positionHeader } : {};
  const askable = askableOf(handler, controller, stated);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, answer]) => {
      if (answer === nothing)
        return [status, { description: stated.description ?? 'It is done; the answer has no body.', ...headers }];
      const schema = schemaOf(answer, schemas);
      if (askable && status === '200') asTable(schema, schemas);
      const table = status !== '200' ? undefined : askable ? { name: 'rows', ...askable } : listOf(stated);
      const means = stated.description ?? meaningOf(schema, schemas) ?? 'The answer.';
      return [
        status,
        { description: means, ...headers, content: contentOf(media, schema, exampleOf(schema, schemas), table) },
      ];
    }),
  );
}

const unchanged = {
  description: 'Nothing has changed since the answer whose `ETag` the request names in `If-None-Match`.',
};

function unchangedIn({ method, read }: HandledRoute, answers: object): Record<string, object> {
  const isTagged = method === RequestMethod[RequestMethod.GET] && read<string[]>(READS) !== undefined;
  return isTagged && Object.keys(answers).length > 0 ? { 304: { $ref: '#/components/responses/Unchanged' } } : {};
}

/** A table takes filters by its columns, and the parameters that every table takes. */
function addParameters(
  operation: Operation,
  { handler, controller }: HandledRoute,
  parameters: Record<string, object>,
): void {
  const stated = Reflect.getMetadata(ANSWERS, handler) as StatedAnswers | undefined;
  const askable = stated && askableOf(handler, controller, stated);
  if (askable) operation.parameters = [...(operation.parameters ?? []), ...tableParametersOf(askable, parameters)];
  else if (stated?.list !== undefined)
    operation.parameters = [...(operation.parameters ?? []), formatParameterOf(parameters)];
}

/** A header that several operations describe alike is stated once. */
function shareHeaders(operations: readonly Operation[], stated: Record<string, object>): void {
  const all = operations.flatMap(({ parameters = [] }) => parameters).filter((one) => one['in'] === 'header');
  const times = Map.groupBy(all, (one) => JSON.stringify(one));
  for (const operation of operations) {
    operation.parameters = operation.parameters?.map((parameter) => {
      const name = parameter['name'] as string | undefined;
      const text = JSON.stringify(parameter);
      if (name === undefined || (times.get(text)?.length ?? 0) < 2) return parameter;
      stated[name] ??= parameter;
      return JSON.stringify(stated[name]) === text ? { $ref: `#/components/parameters/${name}` } : parameter;
    });
    if (operation.parameters === undefined) delete operation.parameters;
  }
}

function refusalsIn(route: HandledRoute, { requestBody, parameters = [] }: Operation): Record<string, object> {
  const { method, path, open } = route;
  const permission = route.read<Permission>(PERMISSION);
  const taken = parameters.filter((one) => one['in'] !== 'path');
  return refusalsOf({
    method,
    open,
    reads: permission?.endsWith(':read') ?? false,
    hides: permission !== undefined && hides(route, permission),
    codes: (Reflect.getMetadata(REFUSES, route.handler) as RefusalCode[] | undefined) ?? [],
    takes: {
      body: Object.keys((requestBody as { content?: object } | undefined)?.content ?? {}),
      path: path.includes(':'),
      parameters: taken.some((one) => one['$ref'] === undefined),
      table: taken.some((one) => one['$ref'] !== undefined),
    },
  });
}

/** A row of somebody whom the caller does not see, or the record of a source for which the caller does not speak, is not found. */
function hides({ method, path, controller }: HandledRoute, permission: Permission): boolean {
  const injected = (Reflect.getMetadata(SELF_DECLARED_DEPS_METADATA, controller) ?? []) as { param: unknown }[];
  const roles: readonly Role[] = permissions[permission];
  const isScoped = injected.some(({ param }) => param === Scopes) && roles.some((role) => reach[role] !== 'everyone');
  return isScoped || (method !== 'GET' && path.includes('/:source'));
}

function meaningOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): string | undefined {
  const name = (schema['$ref'] as string | undefined)?.split('/').at(-1);
  return ((name === undefined ? schema : schemas[name])?.['description'] as string | undefined) ?? undefined;
}

/** The JSON Schema of an answer; the named schemas in it are added to the components, each once. */
function schemaOf(answer: z.ZodType, schemas: Record<string, Schema>): Schema {
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = z.toJSONSchema(answer, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => plain(jsonSchema),
  }) as { $schema?: string; $defs?: Record<string, Schema> };
  for (const [name, of] of Object.entries($defs)) {
    const { id: __, ...named } = moved(of) as Schema & { id?: string };
    const known = schemas[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(named))
      throw new Error(`two answers are named ${name}`);
    schemas[name] = named;
  }
  return moved(schema) as Schema;
}

/** Removes `additionalProperties` and bounds of integers that no schema states, because callers only read answers. */
function plain(schema: object): void {
  const node = schema as Node;
  delete node['readOnly'];
  if (node['minimum'] === Number.MIN_SAFE_INTEGER) delete node['minimum'];
  if (node['maximum'] === Number.MAX_SAFE_INTEGER) delete node['maximum'];
  // The format describes the value better than the expression that checks it.
  if (node['format'] === 'date' || node['format'] === 'date-time') delete node['pattern'];
}

function moved(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(moved);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : moved(value),
    ]),
  );
}

function sorted<T>(named: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)));
}
