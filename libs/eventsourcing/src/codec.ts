import type { StoredEvent } from './events.js';
import type { Decoded } from './projection.js';

/** What the types of events are, as `libs/contracts` knows it. */
export interface Codec {
  /** Stored version of a type; throws on an unknown one. */
  versionOf(type: string): number;
  /** Strictly decodes the data of any known version into today's shape; throws an Error that names the type and the place. */
  decode(type: string, version: number, data: unknown): { type: string; data: unknown };
}

/** What was decoded of events that several consumers of a process share, with the function that decoded it. */
const known = new WeakMap<StoredEvent, { decode: Codec['decode']; event: unknown }>();

/** A stored event in today's shape, decoded once for all consumers that share the event; errors of `decode` pass through. */
export function decoded<E extends { type: string; data: unknown }>(
  codec: Pick<Codec, 'decode'>,
  event: StoredEvent,
): Decoded<E> {
  const before = known.get(event);
  if (before?.decode === codec.decode) return before.event as Decoded<E>;
  const { data } = codec.decode(event.type, event.version, event.data);
  const now = { ...event, data } as Decoded<E>;
  known.set(event, { decode: codec.decode, event: now });
  return now;
}
