import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { categoryOf, type StoredEvent } from '@attain/eventsourcing';
import { BadMessage, decodeEvent, decodeProgress, encodeEvent, encodeProgress, type Headers } from './message.rules.js';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const meta = fc.record(
  {
    actor: text,
    correlation: text,
    recorded: fc.constant('2026-03-01T10:00:00.000Z'),
    causation: text,
    reason: text,
    effective: fc.constant('2026-03-01'),
    key: text,
    fingerprint: text,
  },
  { requiredKeys: ['actor', 'correlation', 'recorded'] },
);
const events: fc.Arbitrary<StoredEvent> = fc
  .record({
    id: fc.uuid(),
    type: text,
    version: fc.nat(1000),
    data: fc.jsonValue(),
    meta,
    position: fc.bigInt(1n, 2n ** 63n - 1n),
    stream: text,
    revision: fc.nat(),
  })
  .map((event) => ({
    ...event,
    data: JSON.parse(JSON.stringify(event.data)) as unknown,
    category: categoryOf(event.stream),
  }));

/** As it comes off the wire. */
const onWire = (headers: Record<string, string>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
const sample: StoredEvent = {
  id: '5f0c4d0e-7d7c-4d1c-9d7e-0d6f1c1a2b3c',
  type: 'DealWon',
  version: 2,
  data: { amount: '12.50' },
  meta: { actor: 'rep-7', correlation: 'c-1', recorded: '2026-03-01T10:00:00.000Z' },
  position: 9_007_199_254_740_993n,
  stream: 'deal-crm:1',
  category: 'deal',
  revision: 3,
};

describe('An event on Kafka', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(events, (event) => {
        const { value, headers } = encodeEvent(event);
        expect(decodeEvent(Buffer.from(value), onWire(headers))).toEqual(event);
      }),
    );
  });

  it('is a CloudEvent in binary mode, keyed by its stream', () => {
    expect(encodeEvent(sample)).toEqual({
      key: 'deal-crm:1',
      value: '{"amount":"12.50"}',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: sample.id,
        ce_type: 'DealWon',
        ce_source: '/deal',
        ce_subject: 'deal-crm:1',
        ce_time: '2026-03-01T10:00:00.000Z',
        ce_dataversion: '2',
        ce_revision: '3',
        ce_position: '9007199254740993',
        ce_meta: JSON.stringify(sample.meta),
      },
    });
  });

  it.each([
    ['{"amount":"12.5', '{"amount":"12.5'] as const,
    ['', ''] as const,
    [null, ''] as const,
    [new Uint8Array([0xff, 0x22]), '\ufffd"'] as const,
  ])('whose data is broken (%j) keeps its place, with data that no schema takes', (value, data) => {
    expect(decodeEvent(value, onWire(encodeEvent(sample).headers))).toEqual({ ...sample, data });
  });

  it.each([
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_subject',
    'ce_dataversion',
    'ce_revision',
    'ce_position',
    'ce_meta',
  ])('without %s, or with two of it, is refused', (name) => {
    const { value, headers } = encodeEvent(sample);
    const wire: Headers = onWire(headers);
    expect(() => decodeEvent(value, { ...wire, [name]: undefined })).toThrow(`header ${name} is missing`);
    expect(() => decodeEvent(value, { ...wire, [name]: ['1', '2'] })).toThrow(`header ${name} is there twice`);
  });

  it.each([
    ['ce_specversion', '0.3'],
    ['ce_position', '-1'],
    ['ce_position', '1e3'],
    ['ce_revision', 'x'],
    ['ce_dataversion', '1.5'],
    ['ce_meta', '{"actor":"a"}'],
    ['ce_meta', 'null'],
    ['ce_meta', '{'],
  ])('with %s %j is refused', (name, value) => {
    const message = encodeEvent(sample);
    expect(() => decodeEvent(message.value, { ...onWire(message.headers), [name]: Buffer.from(value) })).toThrow(
      BadMessage,
    );
  });

  it('in another encoding than UTF-8 is refused', () => {
    const message = encodeEvent(sample);
    expect(() => decodeEvent(message.value, { ...message.headers, ce_type: new Uint8Array([0xff]) })).toThrow(
      BadMessage,
    );
  });
});

describe('A record of progress', () => {
  const offset = fc.bigInt(0n, 2n ** 63n - 1n);
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.record({
          after: offset,
          through: offset,
          count: fc.nat(),
          ends: fc.array(fc.tuple(fc.nat(999), offset)).map((ends) => new Map(ends)),
        }),
        (record) => {
          const again = decodeProgress(Buffer.from(encodeProgress(record)));
          expect({ ...again, ends: new Map([...again.ends].sort()) }).toEqual({
            ...record,
            ends: new Map([...record.ends].sort()),
          });
        },
      ),
    );
  });

  it.each([
    null,
    '',
    '[]',
    '3',
    '{}',
    '{"after":1,"through":"2","count":0,"ends":{}}',
    '{"after":"1","through":"2","count":0,"ends":{"x":"1"}}',
    '{"after":"1","through":"2","ends":{}}',
  ])('with %j is rejected', (value) => {
    expect(() => decodeProgress(value)).toThrow(BadMessage);
  });
});
