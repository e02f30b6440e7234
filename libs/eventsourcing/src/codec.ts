import type { StoredEvent } from './events.js';
import type { Decoded } from './projection.js';

/** The event types, as `libs/contracts` defines them. */
export interface Codec {
  /** Stored version of a type; throws on an unknown one. */
  versionOf(type: string): number;
  /** Strictly decodes the data of any known version into today's shape; throws an Error that names the type and the place. */
  decode(type: string, version: number, data: unknown): { type: string; data: unknown };
}

/** The decoded data of an event that several consumers of a process share, with the function that decoded it. */
const DECODED = Symbol('decoded');
interface Shared {
  [DECODED]?: { decode: Codec['decode']; event: unknown };
}

/** A stored event in today's shape, decoded once for all consumers that share the event; errors of `decode` pass through. */
export function decoded<E extends { type: string; data: unknown }>(
  codec: Pick<Codec, 'decode'>,
  event: StoredEvent,
): Decoded<E> {
  const before = (event as Shared)[DECODED];
  if (before?.decode === codec.decode) return before.event as Decoded<E>;
  const { data } = codec.decode(event.type, event.version, event.data);
  const now = { ...event, data } as Decoded<E>;
  // Not in a WeakMap, because each collection of garbage walks all of it; and not enumerable, so that copies and comparisons leave it out.
  if (before === undefined && Object.isExtensible(event))
    Object.defineProperty(event, DECODED, { value: { decode: codec.decode, event: now } });
  return now;
}
