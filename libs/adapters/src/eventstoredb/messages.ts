import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { AppendTooLarge, type NewEvent, type StoredEvent, categoryOf } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';

/** An event as bytes. */
export interface Proposed {
  id: string;
  type: string;
  data: Uint8Array;
  metadata: Uint8Array;
}
/** An event as the server sends it, not yet decoded. */
export interface Recorded {
  id: string;
  type: string;
  /** With its namespace. */
  stream: string;
  revision: number;
  /** Undefined in a stream read from a server before 22.6. */
  position: bigint | undefined;
  data: Uint8Array;
  metadata: Uint8Array;
}
export type Placed = Recorded & { position: bigint };
/** Of stream names. */
export type NameFilter = { prefixes: readonly string[] } | { regex: string };
export interface ReadAllRequest {
  /** Inclusive forwards, exclusive backwards; it must be a real event's, because the server rejects other positions. */
  from: bigint | 'start' | 'end';
  backwards?: boolean;
  filter?: NameFilter;
  count: number | 'subscribe';
}
export interface ReadStreamRequest {
  stream: string;
  /** Inclusive. */
  from: number | 'start' | 'end';
  backwards?: boolean;
  count: number;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Events between two checkpoints of a live subscription. */
const CHECKPOINT = 1000;
/** Bytes of events in one message. */
const LARGEST = 2 * 1024 * 1024;
/** No server takes a larger event: it must fit a log record of 16 MiB, and a message of that size with its envelope. */
const LARGEST_EVENT = 16 * 1024 * 1024 - 128 * 1024;
/** Servers write the largest position for "no position". */
const NO_POSITION = 1n << 63n;

/** Throws TypeError on values that JSON or EventStoreDB cannot hold. */
export function proposed({ id, type, version, data, meta, json }: NewEvent): Proposed {
  if (!UUID.test(id)) throw new TypeError(`${type}: not a UUID in lower case: ${id}`);
  if (type.startsWith('$')) throw new TypeError(`${type}: types that begin with $ are the server's own`);
  return {
    id,
    type,
    data: Buffer.from(json ?? canonicalJson(data)),
    metadata: Buffer.from(JSON.stringify({ version, ...meta })),
  };
}

/** Throws AppendTooLarge on an event that would end the call of all appends. */
export function checkSizes(stream: string, events: readonly Proposed[]): void {
  for (const event of events) {
    const size = sizeOf(event);
    if (size > LARGEST_EVENT)
      throw new AppendTooLarge(
        `${stream}: ${event.type} has ${size} bytes, and the event store takes no event of more than ${LARGEST_EVENT}`,
      );
  }
}

/** Bytes as the server counts them against its limit: a character of the type is two. */
export function sizeOf({ type, data, metadata }: Pick<Proposed, 'type' | 'data' | 'metadata'>): number {
  return data.length + metadata.length + 2 * type.length;
}

/** The answer of a timeout has a structured id, regardless of the request's form. */
export function uuidOf(id: shared.UUID | undefined): string {
  const parts = id?.getStructured();
  if (!parts) return id?.getString() ?? '';
  const hex = [parts.getMostSignificantBits(), parts.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Undefined if this adapter did not write the event. */
export function stored(event: Recorded, stream: string, position: bigint): StoredEvent | undefined {
  const known = metadataOf(event.metadata);
  if (!known) return undefined;
  const { version, ...meta } = known;
  return {
    id: event.id,
    type: event.type,
    version,
    data: JSON.parse(textOf(event.data)) as unknown,
    meta,
    position,
    stream,
    category: categoryOf(stream),
    revision: event.revision,
  };
}

function metadataOf(bytes: Uint8Array): (StoredEvent['meta'] & { version: number }) | undefined {
  try {
    const known = JSON.parse(textOf(bytes)) as StoredEvent['meta'] & { version: number };
    return typeof known.version === 'number' && typeof known.recorded === 'string' ? known : undefined;
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function readAllRequest({ from, backwards = false, filter, count }: ReadAllRequest): streams.ReadReq {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') all.setStart(new shared.Empty());
  else if (from === 'end') all.setEnd(new shared.Empty());
  else
    all.setPosition(
      new streams.ReadReq.Options.Position().setCommitPosition(String(from)).setPreparePosition(String(from)),
    );
  const options = optionsOf(backwards).setAll(all);
  if (count === 'subscribe') options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  else options.setCount(String(count));
  if (!filter) return new streams.ReadReq().setOptions(options.setNoFilter(new shared.Empty()));
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  if ('regex' in filter) expression.setRegex(filter.regex);
  else expression.setPrefixList([...filter.prefixes]);
  const by = new streams.ReadReq.Options.FilterOptions().setStreamIdentifier(expression);
  // Servers reject a search window that is not larger than the page.
  if (count === 'subscribe') by.setMax(CHECKPOINT).setCheckpointintervalmultiplier(1);
  else by.setMax(4 * count + 1000).setCheckpointintervalmultiplier(1);
  return new streams.ReadReq().setOptions(options.setFilter(by));
}

export function readStreamRequest({ stream, from, backwards = false, count }: ReadStreamRequest): streams.ReadReq {
  const which = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(identifier(stream));
  if (from === 'start') which.setStart(new shared.Empty());
  else if (from === 'end') which.setEnd(new shared.Empty());
  else which.setRevision(String(from));
  return new streams.ReadReq().setOptions(
    optionsOf(backwards).setStream(which).setCount(String(count)).setNoFilter(new shared.Empty()),
  );
}

/** The messages of one append, each small enough for a server. */
export function batchAppendRequests(
  correlation: string,
  stream: string,
  expected: number | 'none',
  events: readonly Proposed[],
): streams.BatchAppendReq[] {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifier(stream));
  // The same bytes as the required type.
  if (expected === 'none') options.setNoStream(new shared.Empty() as never);
  else options.setStreamPosition(String(expected));
  const next = (): streams.BatchAppendReq =>
    new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(correlation));
  const requests = [next().setOptions(options)];
  let size = 0;
  for (const { id, type, data, metadata } of events) {
    const message = new streams.BatchAppendReq.ProposedMessage()
      .setId(new shared.UUID().setString(id))
      .setData(data)
      .setCustomMetadata(metadata);
    message.getMetadataMap().set('type', type).set('content-type', 'application/json');
    size += data.length + metadata.length;
    if (size > LARGEST && requests.at(-1)?.getProposedMessagesList().length) {
      requests.push(next());
      size = data.length + metadata.length;
    }
    requests.at(-1)?.addProposedMessages(message);
  }
  requests.at(-1)?.setIsFinal(true);
  return requests;
}

export function recorded(response: streams.ReadResp.ReadEvent): Recorded {
  const event = response.getEvent() as streams.ReadResp.ReadEvent.RecordedEvent;
  const position = BigInt(response.hasCommitPosition() ? response.getCommitPosition() : event.getCommitPosition());
  return {
    id: event.getId()?.getString() ?? '',
    type: event.getMetadataMap().get('type') ?? '',
    stream: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    revision: Number(event.getStreamRevision()),
    position: position >= NO_POSITION || position === 0n ? undefined : position,
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
  };
}

function optionsOf(backwards: boolean): streams.ReadReq.Options {
  const uuid = new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty());
  return new streams.ReadReq.Options()
    .setReadDirection(backwards ? 1 : 0)
    .setResolveLinks(false)
    .setUuidOption(uuid);
}

function identifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
}
