import { z } from 'zod';
import { eventTypes } from './events/index.js';

/** The JSON Schemas that stand in `schemas/`, by file: draft 2020-12, made from the schemas that validate. */
export function publishedSchemas(): ReadonlyMap<string, object> {
  const events = [...eventTypes.values()].map(({ type, category, version, schema }): [string, object] => [
    `events/${type}.v${version}.schema.json`,
    {
      $id: `urn:attain:event:${type}:v${version}`,
      title: type,
      description: `Data of the event ${type}, version ${version}, in streams of the category ${category}.`,
      ...z.toJSONSchema(schema, { io: 'input' }),
    },
  ]);
  return new Map(events);
}
