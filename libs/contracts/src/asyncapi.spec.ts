import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { eventTypes } from './events/index.js';
import { problemsBy } from './schemas.fixture.js';

interface Message {
  headers: object;
  payload: object;
}
interface AsyncApi {
  channels: Record<'events' | 'progress', { address: string; messages: Record<string, Message> }>;
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const files = /^\./;
/** The document with its files in the place of the references to them. */
const bundled = (text: string) =>
  JSON.parse(text, (_, value: { $ref?: string }) =>
    files.test(value?.$ref ?? '') ? (JSON.parse(read(`../schemas/${value.$ref}`)) as object) : value,
  ) as AsyncApi;
const document = bundled(read('../schemas/asyncapi.json'));

const ajv = new Ajv({ strict: false });
formats.default(ajv);
const isAsyncApi = ajv.compile(specs.schemasWithoutId['3.0.0']);

describe('the AsyncAPI document', () => {
  it('is one by the official schema of AsyncAPI 3.0, with the schemas of its messages in their places', () => {
    isAsyncApi(document);
    expect(isAsyncApi.errors ?? []).toEqual([]);
  });

  it.each([
    ['a channel without an address that is text', { channels: { events: { address: 7 } } }],
    [
      'an operation that neither sends nor receives',
      { operations: { tell: { action: 'shout', channel: { $ref: '#/channels/events' } } } },
    ],
    [
      'a payload that is no schema',
      { channels: { events: { messages: { DealWon: { payload: { type: 'money' } } } } } },
    ],
    ['a key of no binding', { channels: { events: { messages: { DealWon: { bindings: { kafka: { keys: {} } } } } } } }],
  ])('would be refused with %s', (_, planted) => {
    expect(isAsyncApi({ ...document, ...planted })).toBe(false);
  });

  it('has two topics, and each version of each event type as a message of the first', () => {
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual([
      '{prefix}.events',
      '{prefix}.progress',
    ]);
    const versions = [...eventTypes.values()].flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, older) => `${type}.v${older + 1}`),
    );
    expect(Object.keys(document.channels.events.messages)).toEqual(versions);
  });
});

const meta = { actor: 'import:crm', correlation: 'c-1', recorded: '2025-02-01T09:30:00.000Z', effective: '2025-01-31' };
const headersOf = (type: string, version: string) => ({
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: '0b2f7c3e-6d0b-5d8e-9a52-0e6f3f1f8a11',
  ce_type: type,
  ce_source: `/${eventTypes.get(type)!.category}`,
  ce_subject: `${eventTypes.get(type)!.category}-1`,
  ce_time: meta.recorded,
  ce_dataversion: version,
  ce_revision: '0',
  ce_position: '1',
  ce_meta: JSON.stringify(meta),
});

describe('a message of the bus', () => {
  it.each(Object.entries(document.channels.events.messages))('is the golden %s, and no other', (name, message) => {
    const [type = '', version = ''] = name.split('.v');
    const headers = headersOf(type, version);
    const data = JSON.parse(read(`../golden/${name}.json`)) as object;
    const [ofHeaders, ofData] = [problemsBy(message.headers), problemsBy(message.payload)];
    expect([ofHeaders(headers), ofData(data)]).toEqual([[], []]);
    expect(ofData({ ...data, unheardOf: 'x' })).not.toEqual([]);
    const wrong = {
      ce_type: `${type}ed`,
      ce_source: '/nowhere',
      ce_dataversion: '0',
      ce_specversion: '0.3',
      ce_id: '7',
      ce_time: 'today',
      ce_position: '1.5',
      'content-type': 'text/plain',
    };
    for (const [header, value] of Object.entries(wrong))
      expect({ header, problems: ofHeaders({ ...headers, [header]: value }) }).not.toEqual({ header, problems: [] });
    for (const header of Object.keys(headers)) expect(ofHeaders({ ...headers, [header]: undefined })).not.toEqual([]);
  });

  it('may bring further headers, such as those of tracing', () => {
    const { headers } = document.channels.events.messages['DealWon.v1']!;
    expect(
      problemsBy(headers)({
        ...headersOf('DealWon', '1'),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
    ).toEqual([]);
  });

  it('states the relay’s progress, with positions and offsets as text', () => {
    const problems = problemsBy(document.channels.progress.messages['progress']!.payload);
    expect(problems({ after: '0', through: '9007199254740993', count: 20, ends: { 0: '12', 1: '7' } })).toEqual([]);
    for (const wrong of [
      { after: 0 },
      { through: '-1' },
      { count: '2' },
      { count: -1 },
      { ends: { 0: 12 } },
      { ends: { first: '12' } },
    ]) {
      expect(problems({ after: '0', through: '2', count: 2, ends: {}, ...wrong })).not.toEqual([]);
    }
  });
});
