import type { Proposed } from '../messages.js';

/** The limits of a server. */
export interface Limits {
  /** Bytes of the events of one append. */
  append: number;
  /** Milliseconds from an append's first message to its last. */
  assembly: number;
}

/** EventStoreDB 20.6 to 25.0; from 25.1 on an append may have 256 MiB and an event 16. */
export const LIMITS: Limits = { append: 1024 * 1024, assembly: 2000 };

/** As the server counts it. */
export function sizeOnDisk({ type, data, metadata }: Proposed): number {
  return data.length + metadata.length + 2 * type.length;
}
