import { z } from 'zod';
import { asyncApi } from './asyncapi.js';
import { companySchema, measureSchema } from './documents/company.js';
import { stepKinds } from './documents/history.js';
import { componentSchema, creditSchema } from './documents/component.js';
import { exampleSchema, planSchema } from './documents/plan.js';
import {
  leaveRow,
  objectiveRow,
  personRow,
  quotaRow,
  rateRow,
  relationRow,
  scoreRow,
  tableRow,
} from './documents/rows.js';
import { expectationKinds, scenarioSchema } from './documents/scenario.js';
import { sourceSchema } from './documents/source.js';
import { type EventType, eventTypes } from './events/index.js';
import { eventHeaders, progress } from './messages.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const documents: readonly [file: string, about: string, schema: z.ZodType][] = [
  ['company', 'company.yaml: the company that a folder describes.', companySchema],
  ['plan', 'plans/*.yaml: one version of one plan.', planSchema],
  ['source', 'sources/*.yaml: how an export is read.', sourceSchema],
  ['scenario', 'scenarios/*.yaml: a history with the numbers expected of it.', scenarioSchema],
  ['person', 'A row of people.csv, cells by column.', personRow],
  ['quota', 'A row of quotas.csv, cells by column.', quotaRow],
  ['relation', 'A row of relations.csv, cells by column.', relationRow],
  ['score', 'A row of an export of scores, cells by field.', scoreRow],
  ['leave', 'A row of an export of leaves, cells by field.', leaveRow],
  ['rate', 'A row of rates.csv, cells by column.', rateRow],
  ['objective', 'A row of objectives.csv, cells by column.', objectiveRow],
  ['table-row', 'A row of tables/*.csv, cells by column.', tableRow],
];

const messages: readonly [file: string, about: string, schema: z.ZodType][] = [
  ['event-headers', 'Headers of an event on the bus: CloudEvents 1.0, binary mode, as text.', eventHeaders],
  ['progress', 'How far the relay has come.', progress],
];

/** The contents of `schemas/`, by file: JSON Schemas (draft 2020-12) from the schemas that validate, and the AsyncAPI document. */
export function publishedSchemas(types: readonly EventType[] = [...eventTypes.values()]): ReadonlyMap<string, object> {
  const published = new Map<string, object>([['asyncapi.json', asyncApi(types)]]);
  for (const { type, category, version, schema } of types) {
    const description = `Data of the event ${type}, version ${version}, in streams of the category ${category}.`;
    const $id = `urn:attain:event:${type}:v${version}`;
    published.set(`events/${type}.v${version}.schema.json`, {
      $id,
      title: type,
      description,
      ...z.toJSONSchema(schema, { io: 'input' }),
    });
  }
  for (const [file, description, schema] of messages) {
    const $id = `urn:attain:message:${file}:v1`;
    published.set(`messages/${file}.v1.schema.json`, {
      $id,
      title: file,
      description,
      ...z.toJSONSchema(schema, { io: 'input' }),
    });
  }
  for (const [file, schema] of documentSchemas()) published.set(`documents/${file}.v1.schema.json`, schema);
  return published;
}

/** The JSON Schema of each kind of document, with a description of every key for editors. */
export function documentSchemas(): ReadonlyMap<string, object> {
  const metadata = definitions();
  return new Map(
    documents.map(([file, description, schema]) => [
      file,
      {
        $id: `urn:attain:document:${file}:v1`,
        title: file,
        description,
        ...z.toJSONSchema(schema, { io: 'input', metadata, override: asEditorsRead }),
      },
    ]),
  );
}

/** A part that several places of a document share is written once, under its name. */
function definitions() {
  const registry = z.registry<{ id: string }>();
  const named = {
    measure: measureSchema,
    credit: creditSchema,
    component: componentSchema,
    example: exampleSchema,
    plan: planSchema,
    person: personRow,
    quota: quotaRow,
    rate: rateRow,
  };
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  for (const [kind, schema] of Object.entries(stepKinds)) registry.add(schema, { id: `step-${kind}` });
  for (const [kind, schema] of Object.entries(expectationKinds)) registry.add(schema, { id: `expectation-${kind}` });
  return registry;
}

/** Editors and other readers of YAML read `2025.10` as a number and `true` as a boolean, but a document means the text. */
function asEditorsRead({
  zodSchema,
  jsonSchema,
  path,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: JsonSchema;
  path: (string | number)[];
}): void {
  const { description } = z.globalRegistry.get(zodSchema) ?? {};
  if (description !== undefined) jsonSchema.description = description;
  if (jsonSchema.type !== 'string' || jsonSchema.const !== undefined || path.at(-1) === 'propertyNames') return;
  if (jsonSchema.enum === undefined)
    Object.assign(jsonSchema, {
      type: jsonSchema.pattern === undefined ? ['string', 'number', 'boolean'] : ['string', 'number'],
    });
  else if (jsonSchema.enum.includes('true'))
    Object.assign(jsonSchema, { type: ['string', 'boolean'], enum: [...jsonSchema.enum, true, false] });
}
