import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { dealWon, eventTypes } from './events/index.js';
import { publish } from './publish.js';
import { publishedSchemas } from './schemas.js';

let folder: URL;
const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');
beforeEach(() => {
  folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'schemas-'))}/`);
  cpSync(new URL('../schemas/', import.meta.url), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const reasoned = z.strictObject({ closed: z.iso.date(), reason: z.string().optional() });
const withDealWon = (changed: object) =>
  [...eventTypes.values()].map((type) => (type.type === 'DealWon' ? { ...dealWon, ...changed } : type));

describe('publishing the schemas', () => {
  it('writes nothing where nothing changed', () => {
    expect(publish(folder, publishedSchemas())).toEqual([]);
  });

  it('rejects a change of a published event version, and writes nothing', () => {
    const files = new Map([...publishedSchemas(withDealWon({ schema: reasoned })), ['messages/new.json', {}]]);
    const before = text('events/DealWon.v1.schema.json');
    expect(() => publish(folder, files)).toThrow('changed without a new version: events/DealWon.v1.schema.json');
    expect(text('events/DealWon.v1.schema.json')).toBe(before);
    expect(() => text('messages/new.json')).toThrow('ENOENT');
  });

  it('writes a new version beside the old one, and both are messages of the bus', () => {
    const before = text('events/DealWon.v1.schema.json');
    const written = publish(
      folder,
      publishedSchemas(withDealWon({ schema: reasoned, version: 2, upcasts: [(data: unknown) => data] })),
    );
    expect(written).toEqual(['asyncapi.json', 'events/DealWon.v2.schema.json']);
    expect(text('events/DealWon.v1.schema.json')).toBe(before);
    const { channels } = JSON.parse(text('asyncapi.json')) as {
      channels: { events: { messages: Record<string, { payload: object }> } };
    };
    expect(channels.events.messages['DealWon.v1']?.payload).toEqual({ $ref: './events/DealWon.v1.schema.json' });
    expect(channels.events.messages['DealWon.v2']?.payload).toEqual({ $ref: './events/DealWon.v2.schema.json' });
  });
});
