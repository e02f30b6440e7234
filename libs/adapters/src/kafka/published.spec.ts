import { readFileSync } from 'node:fs';
import type { StoredEvent } from '@attain/eventsourcing';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { encodeEvent, encodeProgress } from './message.rules.js';

const ajv = new Ajv2020({ strict: true, strictTypes: false });
formats.default(ajv);
/** The contracts' folder contains the schemas; an adapter may read them but not import the library. */
const published = (file: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../contracts/schemas/messages/${file}.v1.schema.json`, import.meta.url), 'utf8'),
  ) as { properties: Record<string, { contentSchema: object }> };
const stored: StoredEvent = {
  position: 2n ** 63n - 1n,
  stream: 'deal-crm:1',
  category: 'deal',
  revision: 0,
  id: '0b2f7c3e-6d0b-5d8e-9a52-0e6f3f1f8a11',
  type: 'DealWon',
  version: 1,
  data: { closed: '2025-01-31' },
  meta: {
    actor: 'ann',
    correlation: 'c',
    recorded: '2025-02-03T04:05:06.789Z',
    causation: 'x',
    reason: 'why',
    effective: '2025-01-31',
    key: 'k',
    fingerprint: 'f',
  },
};

describe('what is written to Kafka', () => {
  it('is an event by the published schema of its headers, with every possible key of its meta', () => {
    const schema = published('event-headers');
    const { headers } = encodeEvent(stored);
    const isHeaders = ajv.compile(schema);
    const isMeta = ajv.compile(schema.properties['ce_meta']!.contentSchema);
    isHeaders(headers);
    isMeta(JSON.parse(headers['ce_meta']!));
    expect([isHeaders.errors, isMeta.errors]).toEqual([null, null]);
    expect(Object.keys(headers).sort()).toEqual(Object.keys(schema.properties).sort());
  });

  it('is progress by its published schema', () => {
    const isProgress = ajv.compile(published('progress'));
    isProgress(
      JSON.parse(
        encodeProgress({
          after: 0n,
          through: 2n ** 63n - 1n,
          count: 3,
          ends: new Map([
            [0, 12n],
            [3, 0n],
          ]),
        }),
      ),
    );
    expect(isProgress.errors).toBeNull();
  });
});
