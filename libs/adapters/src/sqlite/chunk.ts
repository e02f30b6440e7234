import { createHash } from 'node:crypto';
import { type EventMeta, type StoredEvent, categoryOf } from '@attain/eventsourcing';

/**
 * A row of the log: consecutive events with the same category and the same meta. `events` contains one JSON text per
 * line, `,\n` between them, so that a reader parses a page at once, or finds one event without parsing the rest.
 */
export interface Chunk {
  /** Of its first event. */
  position: number;
  count: number;
  category: string;
  meta: string;
  events: string;
}
export const SEPARATOR = ',\n';
export const GENESIS = Buffer.alloc(32);

/**
 * The seal chains every byte of the log: SHA-256 over the previous seal and the row's canonical bytes, which are
 * `<position> <count> <category>\n<meta>\n<events>` in UTF-8. `verify-log.ts` repeats this form independently.
 */
export function sealOf(before: Uint8Array, { position, count, category, meta, events }: Chunk): Buffer {
  return createHash('sha256').update(before).update(`${position} ${count} ${category}\n${meta}\n${events}`).digest();
}

interface Line {
  stream: string;
  revision: number;
  id: string;
  type: string;
  version: number;
  data: unknown;
}

/** All events of a chunk. */
export function eventsOf(chunk: Chunk): StoredEvent[] {
  const meta = JSON.parse(chunk.meta) as EventMeta;
  const lines = JSON.parse(`[${chunk.events}]`) as Line[];
  return lines.map((line, n) => stored(line, chunk.position + n, chunk.category, meta));
}

const BEFORE_STREAM = '{"stream":"'.length;

/** The events of a chunk except those of some streams, whose text is not parsed. */
export function eventsWithout(chunk: Chunk, without: (stream: string) => boolean): StoredEvent[] {
  let meta: EventMeta | undefined;
  const events: StoredEvent[] = [];
  for (const [n, text] of chunk.events.split(SEPARATOR).entries()) {
    const stream = text.slice(BEFORE_STREAM, text.indexOf('"', BEFORE_STREAM));
    // A name with a backslash may continue behind its first quotation mark.
    if (!stream.includes('\\') && without(stream)) continue;
    meta ??= JSON.parse(chunk.meta) as EventMeta;
    events.push(stored(JSON.parse(text) as Line, chunk.position + n, chunk.category, meta));
  }
  return events;
}

/** One event of a chunk's lines. */
export function eventAt(
  chunk: { position: number; meta: EventMeta; lines: readonly string[] },
  position: number,
): StoredEvent {
  const line = JSON.parse(chunk.lines[position - chunk.position] as string) as Line;
  return stored(line, position, categoryOf(line.stream), chunk.meta);
}

function stored(
  { stream, revision, id, type, version, data }: Line,
  position: number,
  category: string,
  meta: EventMeta,
): StoredEvent {
  return { position: BigInt(position), stream, category, revision, id, type, version, data, meta };
}
