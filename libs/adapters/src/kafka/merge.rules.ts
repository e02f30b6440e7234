import type { Span, StoredEvent } from '@attain/eventsourcing';
import type { Progress } from './message.rules.js';

/** Offsets from which to read, partition by partition: of the topic of events and of the one of progress. */
export interface Offsets {
  events: Map<number, bigint>;
  progress: Map<number, bigint>;
}
/** What may be told next. A gap says that messages are missing before it. */
export interface Batch {
  events: StoredEvent[];
  span: Span;
  gap: boolean;
}
/** Puts what the partitions bring back into the one order of positions; duplicates and delays make no difference. */
export interface Merge {
  /** A message of the topic of events; without an event where it was none of ours. */
  event(partition: number, offset: bigint, event: StoredEvent | undefined): void;
  progress(partition: number, offset: bigint, record: Progress | undefined): void;
  /** The next batch behind a position; undefined while messages of it may still come. */
  next(position: bigint): Batch | undefined;
  /** Forgets what is told. */
  told(position: bigint): void;
  /** Partitions of events that the first waiting record still needs. */
  needed(): Set<number>;
  /** Partitions that should bring nothing more for now, since too much waits here; never those that are needed. */
  crowded(): { events: number[]; progress: number[] };
  /** From where to read so that nothing behind the told position is missing. */
  restart(): Offsets;
}

interface Waiting {
  partition: number;
  offset: bigint;
  /** Absent where its category is not wished; it counts all the same. */
  event: StoredEvent | undefined;
}

export interface MergeParts {
  /** Offsets that reading begins at. */
  from: Offsets;
  /** What is told already. */
  position: bigint;
  /** All when absent. */
  categories?: readonly string[];
  /** Events that a batch of several records may hold. */
  largest: number;
  /** Events, or records, that may wait here. */
  crowd: number;
}
export function createMerge({ from, position, categories, largest, crowd }: MergeParts): Merge {
  const wished = categories && new Set(categories);
  const nextEvent = new Map(from.events);
  const nextRecord = new Map(from.progress);
  const waiting = new Map<bigint, Waiting>();
  let records: { partition: number; offset: bigint; record: Progress }[] = [];
  let order: bigint[] | undefined;
  let crowds = { events: false, records: false };

  function needed(): Set<number> {
    const [first] = records;
    return new Set(
      [...(first?.record.ends ?? [])]
        .filter(([partition, offset]) => (nextEvent.get(partition) ?? 0n) <= offset)
        .map(([partition]) => partition),
    );
  }

  function complete({ ends }: Progress): boolean {
    for (const [partition, offset] of ends) if ((nextEvent.get(partition) ?? 0n) <= offset) return false;
    return true;
  }

  function eventsOf({ after, through }: Span): StoredEvent[] {
    return (order ?? []).flatMap((at) => (at > after && at <= through ? (waiting.get(at)?.event ?? []) : []));
  }

  function told(through: bigint): void {
    if (through <= position) return;
    position = through;
    for (const at of waiting.keys()) if (at <= through) waiting.delete(at);
    order = order?.filter((at) => at > through);
    records = records.filter(({ record }) => record.through > through);
  }

  return {
    event(partition, offset, event) {
      if (offset >= (nextEvent.get(partition) ?? 0n)) nextEvent.set(partition, offset + 1n);
      if (!event || event.position <= position || waiting.has(event.position)) return;
      waiting.set(event.position, {
        partition,
        offset,
        event: !wished || wished.has(event.category) ? event : undefined,
      });
      order = undefined;
    },

    progress(partition, offset, record) {
      if (offset >= (nextRecord.get(partition) ?? 0n)) nextRecord.set(partition, offset + 1n);
      if (record && record.through > position) records.push({ partition, offset, record });
    },

    next(after) {
      told(after);
      order ??= [...waiting.keys()].sort((a, b) => (a < b ? -1 : 1));
      const span: Span = { after, through: after };
      let before = 0;
      for (const { record } of records) {
        if (record.through <= span.through) continue;
        if (!complete(record)) break;
        let found = before;
        while (found < order.length && (order[found] as bigint) <= record.through) found += 1;
        const torn = record.after === span.through && found - before < record.count;
        if (torn || record.after > span.through) {
          if (span.through > after) break;
          // Of a torn span nothing can be vouched for, only of what comes behind it.
          const known: Span = { after: torn ? record.through : record.after, through: record.through };
          return { events: eventsOf(known), span: known, gap: true };
        }
        if (span.through > after && found > largest) break;
        span.through = record.through;
        before = found;
      }
      return span.through > after ? { events: eventsOf(span), span, gap: false } : undefined;
    },

    told,

    needed,

    crowded() {
      // Once too many, they must become half as many, so that partitions do not flutter.
      crowds = {
        events: waiting.size > (crowds.events ? crowd / 2 : crowd),
        records: records.length > (crowds.records ? crowd / 2 : crowd),
      };
      const need = needed();
      return {
        events: crowds.events ? [...nextEvent.keys()].filter((partition) => !need.has(partition)) : [],
        progress: crowds.records ? [...nextRecord.keys()] : [],
      };
    },

    restart() {
      const events = new Map(nextEvent);
      for (const { partition, offset } of waiting.values())
        if (offset < (events.get(partition) as bigint)) events.set(partition, offset);
      const progress = new Map(nextRecord);
      for (const { partition, offset } of records)
        if (offset < (progress.get(partition) as bigint)) progress.set(partition, offset);
      return { events, progress };
    },
  };
}
