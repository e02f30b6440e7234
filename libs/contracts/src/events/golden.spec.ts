import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { companySchema } from '../documents/company.js';
import { planSchema } from '../documents/plan.js';
import { sourceSchema } from '../documents/source.js';
import { decodeEvent, eventTypes } from './index.js';

const folder = new URL('../../golden/', import.meta.url);
const files = readdirSync(folder).sort();
const golden = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>;
const named = (file: string) => {
  const [, type = '', version] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
  return { type, version: Number(version) };
};

describe('an event that was stored once', () => {
  it('stands in golden/ for every type and every version of it', () => {
    const wanted = [...eventTypes.values()].flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, older) => `${type}.v${older + 1}.json`),
    );
    expect(files).toEqual(wanted.sort());
  });

  it.each(files)('is read for ever: %s', (file) => {
    const { type, version } = named(file);
    const decoded = decodeEvent(type, version, golden(file));
    expect(decoded.type).toBe(type);
    if (version === eventTypes.get(type)?.version) expect(decoded.data).toEqual(golden(file));
  });

  it.each(files)('is refused, with its type and version named, when it says more or is no mapping: %s', (file) => {
    const { type, version } = named(file);
    expect(() => decodeEvent(type, version, { ...golden(file), unheardOf: 'x' })).toThrow(`${type} v${version}: `);
    expect(() => decodeEvent(type, version, [])).toThrow(`${type} v${version}: `);
  });

  it.each(files)('is refused when it lacks what it says: %s', (file) => {
    const { type, version } = named(file);
    const optional = type === 'DealRedated' ? ['opened', 'closed'] : [];
    for (const key of Object.keys(golden(file))) {
      const { [key]: _, ...rest } = golden(file);
      const read = () => decodeEvent(type, version, rest);
      if (optional.includes(key)) expect(read).not.toThrow();
      else expect(read).toThrow(new RegExp(`^${type} v${version}: ${key}: `));
    }
  });

  it('is refused in a version that there is not yet, and when nobody knows its type', () => {
    for (const { type, version } of eventTypes.values()) {
      expect(() => decodeEvent(type, version + 1, {})).toThrow(
        `${type} has versions 1 to ${version}, not ${version + 1}`,
      );
      expect(() => decodeEvent(type, 0, {})).toThrow(`not 0`);
    }
    expect(() => decodeEvent('DealDreamt', 1, {})).toThrow('unknown event type DealDreamt');
  });
});

describe('a document inside a stored event', () => {
  it.each([
    ['company', 'CompanyConfigured.v1.json', companySchema],
    ['plan', 'PlanPublished.v1.json', planSchema],
    ['source', 'SourceMapped.v1.json', sourceSchema],
  ])('is still a valid %s', (_, file, schema) => {
    expect(schema.safeParse(golden(file)['document']).error?.issues).toBeUndefined();
  });
});
