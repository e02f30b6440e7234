import type { Span, StoredEvent } from '@attain/eventsourcing';
import type { Progress } from './message.rules.js';

/** Offsets from which to read, partition by partition: of the topic of events and of the one of progress. */
export interface Offsets {
  events: Map<number, bigint>;
  progress: Map<number, bigint>;
}
/** The events that may be delivered next. A gap means that messages before it are missing. */
export interface Batch {
  events: StoredEvent[];
  span: Span;
  gap: boolean;
}
interface Waiting {
  partition: number;
  offset: bigint;
  /** Absent if its category is not subscribed; it counts nevertheless. */
  event: StoredEvent | undefined;
}

export interface MergeParts {
  /** Offsets at which reading begins. */
  from: Offsets;
  /** The position up to which events are delivered. */
  position: bigint;
  /** All when absent. */
  categories?: readonly string[];
  /** Maximum events in a batch of several records. */
  largest: number;
  /** Maximum events, or records, that wait here. */
  crowd: number;
}
/** Merges the partitions into the order of positions; duplicates and delays make no difference. */
export class Merge {
  private readonly wished: ReadonlySet<string> | undefined;
  private readonly nextEvent: Map<number, bigint>;
  private readonly nextRecord: Map<number, bigint>;
  private readonly waiting = new Map<bigint, Waiting>();
  private position: bigint;
  private records: { partition: number; offset: bigint; record: Progress }[] = [];
  private order: bigint[] | undefined;
  private crowds = { events: false, records: false };
  private readonly largest: number;
  private readonly crowd: number;

  constructor({ from, position, categories, largest, crowd }: MergeParts) {
    this.wished = categories && new Set(categories);
    this.nextEvent = new Map(from.events);
    this.nextRecord = new Map(from.progress);
    this.position = position;
    this.largest = largest;
    this.crowd = crowd;
  }

  /** A message of the topic of events; without an event if it is a foreign message. */
  event(partition: number, offset: bigint, event: StoredEvent | undefined): void {
    if (offset >= (this.nextEvent.get(partition) ?? 0n)) this.nextEvent.set(partition, offset + 1n);
    if (!event || event.position <= this.position || this.waiting.has(event.position)) return;
    this.waiting.set(event.position, {
      partition,
      offset,
      event: !this.wished || this.wished.has(event.category) ? event : undefined,
    });
    // Of one partition, events arrive in the order of positions.
    const last = this.order?.at(-1);
    if (last !== undefined && last > event.position) this.order = undefined;
    else this.order?.push(event.position);
  }

  progress(partition: number, offset: bigint, record: Progress | undefined): void {
    if (offset >= (this.nextRecord.get(partition) ?? 0n)) this.nextRecord.set(partition, offset + 1n);
    if (record && record.through > this.position) this.records.push({ partition, offset, record });
  }

  /** The next batch behind a position; undefined while messages of it may still come. */
  next(after: bigint): Batch | undefined {
    this.delivered(after);
    this.order ??= this.sorted();
    const span: Span = { after, through: after };
    let before = 0;
    for (const { record } of this.records) {
      if (record.through <= span.through) continue;
      if (!this.complete(record)) break;
      let found = before;
      while (found < this.order.length && (this.order[found] as bigint) <= record.through) found += 1;
      const torn = record.after === span.through && found - before < record.count;
      if (torn || record.after > span.through) {
        if (span.through > after) break;
        // Nothing is certain about a span with a hole, only about the events behind it.
        const known: Span = { after: torn ? record.through : record.after, through: record.through };
        return { events: this.eventsOf(known), span: known, gap: true };
      }
      if (span.through > after && found > this.largest) break;
      span.through = record.through;
      before = found;
    }
    return span.through > after ? { events: this.eventsOf(span), span, gap: false } : undefined;
  }

  /** Partitions to pause, because too much waits here; never those that the next record needs. */
  crowded(): { events: number[]; progress: number[] } {
    // Paused partitions resume only at half the limit, so that they do not flutter.
    this.crowds = {
      events: this.waiting.size > (this.crowds.events ? this.crowd / 2 : this.crowd),
      records: this.records.length > (this.crowds.records ? this.crowd / 2 : this.crowd),
    };
    const need = this.needed();
    return {
      events: this.crowds.events ? [...this.nextEvent.keys()].filter((partition) => !need.has(partition)) : [],
      progress: this.crowds.records ? [...this.nextRecord.keys()] : [],
    };
  }

  /** The offsets to read from so that no event after the delivered position is missing. */
  restart(): Offsets {
    const events = new Map(this.nextEvent);
    for (const { partition, offset } of this.waiting.values())
      if (offset < (events.get(partition) as bigint)) events.set(partition, offset);
    const progress = new Map(this.nextRecord);
    for (const { partition, offset } of this.records)
      if (offset < (progress.get(partition) as bigint)) progress.set(partition, offset);
    return { events, progress };
  }

  /** Forgets delivered events. */
  delivered(through: bigint): void {
    if (through <= this.position) return;
    this.position = through;
    this.order ??= this.sorted();
    const behind = this.order.findIndex((at) => at > through);
    for (const at of this.order.splice(0, behind < 0 ? this.order.length : behind)) this.waiting.delete(at);
    this.records = this.records.filter(({ record }) => record.through > through);
  }

  /** Partitions of events that the first waiting record still needs. */
  needed(): Set<number> {
    const [first] = this.records;
    return new Set(
      [...(first?.record.ends ?? [])]
        .filter(([partition, offset]) => (this.nextEvent.get(partition) ?? 0n) <= offset)
        .map(([partition]) => partition),
    );
  }

  private sorted(): bigint[] {
    return [...this.waiting.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  private complete({ ends }: Progress): boolean {
    for (const [partition, offset] of ends) if ((this.nextEvent.get(partition) ?? 0n) <= offset) return false;
    return true;
  }

  private eventsOf({ after, through }: Span): StoredEvent[] {
    return (this.order ?? []).flatMap((at) => (at > after && at <= through ? (this.waiting.get(at)?.event ?? []) : []));
  }
}
