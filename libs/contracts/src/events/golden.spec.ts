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

describe('a stored event', () => {
  it('has a file in golden/ for every type and version', () => {
    const wanted = [...eventTypes.values()].flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, older) => `${type}.v${older + 1}.json`),
    );
    expect(files).toEqual(wanted.sort());
  });

  it.each(files)('stays readable: %s', (file) => {
    const { type, version } = named(file);
    const decoded = decodeEvent(type, version, golden(file));
    expect(decoded.type).toBe(type);
    if (version === eventTypes.get(type)?.version) expect(decoded.data).toEqual(golden(file));
  });

  it.each(files)('is rejected, with its type and version, if it has a further key or is no mapping: %s', (file) => {
    const { type, version } = named(file);
    expect(() => decodeEvent(type, version, { ...golden(file), unheardOf: 'x' })).toThrow(`${type} v${version}: `);
    expect(() => decodeEvent(type, version, [])).toThrow(`${type} v${version}: `);
  });

  it.each(files)('is rejected if it lacks a key: %s', (file) => {
    const { type, version } = named(file);
    const optional = type === 'DealRedated' ? ['opened', 'closed'] : [];
    for (const key of Object.keys(golden(file))) {
      const { [key]: _, ...rest } = golden(file);
      const read = () => decodeEvent(type, version, rest);
      if (optional.includes(key)) expect(read).not.toThrow();
      else expect(read).toThrow(new RegExp(`^${type} v${version}: ${key}: `));
    }
  });

  it('is rejected in a future version, and with an unknown type', () => {
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
