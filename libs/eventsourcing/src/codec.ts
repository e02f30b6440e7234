import type { StoredEvent } from './events.js';
import type { Decoded } from './projection.js';

/** What the types of events are, as `libs/contracts` knows it. */
export interface Codec {
  /** Stored version of a type; throws on an unknown one. */
  versionOf(type: string): number;
  /** Strictly decodes the data of any known version into today's shape; throws an Error that names the type and the place. */
  decode(type: string, version: number, data: unknown): { type: string; data: unknown };
}

/** A stored event in today's shape; errors of `decode` pass through. */
export function decoded<E extends { type: string; data: unknown }>(
  codec: Pick<Codec, 'decode'>,
  event: StoredEvent,
): Decoded<E> {
  const { data } = codec.decode(event.type, event.version, event.data);
  return { ...event, data } as Decoded<E>;
}
