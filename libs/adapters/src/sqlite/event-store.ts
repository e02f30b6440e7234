import { type Appended, type FollowedStore, nextTurn, type StoredEvent, WrongRevision } from '@attain/eventsourcing';
import { MEMORY, openReader, openWriter } from './connection.js';
import { LogReader } from './log-reader.js';
import { LOG_FORMAT } from './log-schema.js';
import { createLogWriter } from './log-writer.js';

export interface EventStoreOptions {
  /** The database's file, or `:memory:`. Its directory must exist and belong to this process only. */
  file: string;
  /** The largest number of 4 KiB pages in the file: beyond it the store is full. */
  maxPages?: number;
  /** NORMAL loses acknowledged events in a power cut; only the test that shows this uses it. */
  synchronous?: 'FULL' | 'NORMAL';
}

export function openSqliteEventStore({ file, maxPages, synchronous = 'FULL' }: EventStoreOptions): FollowedStore {
  const writing = openWriter(file, { synchronous, ...LOG_FORMAT });
  if (maxPages !== undefined) writing.exec(`PRAGMA max_page_count = ${maxPages}`);
  const reading = file === MEMORY ? writing : openReader(file);
  const listeners = new Set<() => void>();
  const writer = createLogWriter(writing, () => listeners.forEach((listener) => listener()));
  const reader = new LogReader(reading);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await writer.close();
    if (reading !== writing) reading.close();
    writing.close();
  }

  return {
    async append(append) {
      const [answer] = await writer.appendMany([append]);
      if (answer instanceof WrongRevision) throw answer;
      return answer as Appended;
    },
    appendMany: writer.appendMany,
    async *readStream(stream, from = 0) {
      yield* reader.stream(stream, from);
    },
    async readStreams(streams) {
      const found = reader.streams(streams);
      for (const stream of streams) writer.remember(stream, found.get(stream)?.at(-1)?.revision ?? 'none');
      return found;
    },
    readAll: (options = {}) => breathing(reader.all(options)),
    async readAt(position) {
      for (const [event] of reader.all({ after: position - 1n, upTo: position, page: 1 })) return event;
      return undefined;
    },
    async head() {
      return BigInt(writer.head());
    },
    async sealAt(position) {
      return reader.sealAt(Number(position));
    },
    async positionAt(instant) {
      return BigInt(reader.positionAt(new Date(instant).toISOString(), writer.head()));
    },
    close: () => (closing ??= close()),
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Other work has its turn between pages of a long read. */
async function* breathing(pages: Generator<StoredEvent[]>): AsyncGenerator<StoredEvent[]> {
  for (const page of pages) {
    yield page;
    await nextTurn();
  }
}
