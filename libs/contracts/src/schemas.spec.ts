import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventTypes } from './events/index.js';
import { publishedSchemas } from './schemas.js';

const folder = new URL('../schemas/', import.meta.url);
const read = (file: URL) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const published = (file: string) => read(new URL(file, folder));
const golden = (type: string, version: number) => read(new URL(`../golden/${type}.v${version}.json`, import.meta.url));

describe('the published JSON Schemas', () => {
  it.each([...publishedSchemas()])('say what the code says; after a wanted change run `npm run schemas -w @attain/contracts`: %s', (file, schema) => {
    expect(published(file)).toEqual(schema);
  });

  it('keep every version of every event, and nothing else', () => {
    const wanted = [...eventTypes.values()].flatMap(({ type, version }) => Array.from({ length: version }, (_, older) => `${type}.v${older + 1}.schema.json`));
    expect(readdirSync(new URL('events/', folder)).sort()).toEqual(wanted.sort());
  });

  it.each([...eventTypes.values()].map(({ type, version }) => [type, version] as const))('let a stored %s v%i pass, and nothing with a key too many or too few', (type, version) => {
    const schema = z.fromJSONSchema(published(`events/${type}.v${version}.schema.json`) as Parameters<typeof z.fromJSONSchema>[0]);
    const data = golden(type, version);
    expect(schema.safeParse(data).error?.issues).toBeUndefined();
    expect(schema.safeParse({ ...data, unheardOf: 'x' }).success).toBe(false);
    for (const key of Object.keys(data)) {
      const { [key]: _, ...rest } = data;
      expect(schema.safeParse(rest).success).toBe(eventTypes.get(type)!.schema.safeParse(rest).success);
      expect(schema.safeParse({ ...data, [key]: 1e400 }).success).toBe(false);
    }
  });
});
