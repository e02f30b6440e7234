import { categoryOf, type EventMeta, type Span, type StoredEvent } from '@attain/eventsourcing';

/** One event: CloudEvents 1.0 in Kafka's binary mode, keyed by its stream. */
export interface EventMessage {
  key: string;
  value: string;
  headers: Record<string, string>;
}
/** Headers as received. */
export type Headers = Readonly<Record<string, Uint8Array | string | (Uint8Array | string)[] | undefined>>;
export type Bytes = Uint8Array | string | null;

/** The last offset of a span's events in each partition, and their count. */
export interface Progress extends Span {
  count: number;
  /** Partition → offset of the span's last message in it; a partition without any is absent. */
  ends: ReadonlyMap<number, bigint>;
}

/** The message is not in a form that this version of Attain writes. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage';
}

export function encodeEvent({
  id,
  type,
  version,
  data,
  meta,
  position,
  stream,
  category,
  revision,
}: StoredEvent): EventMessage {
  return {
    key: stream,
    value: JSON.stringify(data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: `/${category}`,
      ce_subject: stream,
      ce_time: meta.recorded,
      ce_dataversion: String(version),
      ce_revision: String(revision),
      ce_position: String(position),
      ce_meta: JSON.stringify(meta),
    },
  };
}

/**
 * Throws BadMessage if the headers do not identify the event. Data that is not JSON stays text: every schema rejects it,
 * so the projector parks the event, and a redrive reads it from the store.
 */
export function decodeEvent(value: Bytes, headers: Headers = {}): StoredEvent {
  const specversion = text(headers, 'ce_specversion');
  if (specversion !== '1.0') throw new BadMessage(`ce_specversion is ${specversion}, not 1.0`);
  const stream = text(headers, 'ce_subject');
  return {
    position: position(text(headers, 'ce_position')),
    stream,
    category: categoryOf(stream),
    revision: count(text(headers, 'ce_revision')),
    id: text(headers, 'ce_id'),
    type: text(headers, 'ce_type'),
    version: count(text(headers, 'ce_dataversion')),
    data: dataOf(value ?? ''),
    meta: metaOf(text(headers, 'ce_meta')),
  };
}

export function encodeProgress({ after, through, count: events, ends }: Progress): string {
  return JSON.stringify({
    after: String(after),
    through: String(through),
    count: events,
    ends: Object.fromEntries([...ends].map(([partition, offset]) => [partition, String(offset)])),
  });
}

/** Throws BadMessage on anything that `encodeProgress` does not write. */
export function decodeProgress(value: Bytes): Progress {
  const record = json(string(value ?? '')) as {
    after: unknown;
    through: unknown;
    count: unknown;
    ends: unknown;
  } | null;
  if (typeof record !== 'object' || record === null || typeof record.ends !== 'object' || record.ends === null)
    throw new BadMessage('it is no record of progress');
  const ends = Object.entries(record.ends).map(([partition, offset]) => [count(partition), position(offset)] as const);
  return {
    after: position(record.after),
    through: position(record.through),
    count: count(String(record.count)),
    ends: new Map(ends),
  };
}

function text(headers: Headers, name: string): string {
  const value = headers[name];
  if (value === undefined || Array.isArray(value))
    throw new BadMessage(`header ${name} is ${value === undefined ? 'missing' : 'there twice'}`);
  return string(value);
}

function string(bytes: Uint8Array | string): string {
  if (typeof bytes === 'string') return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadMessage('it is no UTF-8');
  }
}

function position(value: unknown): bigint {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) throw new BadMessage(`${String(value)} is no position`);
  return BigInt(value);
}

function count(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new BadMessage(`${value} is no whole number`);
  return Number(value);
}

function dataOf(value: Uint8Array | string): unknown {
  try {
    return JSON.parse(string(value));
  } catch {
    return typeof value === 'string' ? value : new TextDecoder().decode(value);
  }
}

function metaOf(value: string): EventMeta {
  const meta = json(value) as Partial<EventMeta> | null;
  if (typeof meta?.actor !== 'string' || typeof meta.correlation !== 'string' || typeof meta.recorded !== 'string')
    throw new BadMessage('ce_meta is not who, why and when');
  return meta as EventMeta;
}

function json(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new BadMessage(`it is no JSON: ${value.slice(0, 100)}`);
  }
}
