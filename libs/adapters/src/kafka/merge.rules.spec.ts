import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '@attain/eventsourcing';
import { Merge, type Offsets } from './merge.rules.js';
import type { Progress } from './message.rules.js';

/** What Kafka holds: partitions of events, and the one of progress. */
interface Topics {
  events: StoredEvent[][];
  progress: Progress[];
}
const START = (partitions: number): Offsets => ({
  events: new Map(Array.from({ length: partitions }, (_, n) => [n, 0n])),
  progress: new Map([[0, 0n]]),
});

function stored(position: bigint, category = 'deal'): StoredEvent {
  return {
    position,
    stream: `${category}-${position}`,
    category,
    revision: 0,
    id: String(position),
    type: 'A',
    version: 1,
    data: {},
    meta: { actor: 'a', correlation: 'c', recorded: '' },
  };
}
function empty(partitions: number): Topics {
  return { events: Array.from({ length: partitions }, () => []), progress: [] };
}
/** What a relay publishes of a span, and the record that it then still has to publish. */
function publish(topics: Topics, log: readonly StoredEvent[], after: bigint, through: bigint): Progress {
  const ends = new Map<number, bigint>();
  const events = log.filter(({ position }) => position > after && position <= through);
  for (const event of events) {
    const partition = Number(event.position % BigInt(topics.events.length));
    topics.events[partition]?.push(event);
    ends.set(partition, BigInt((topics.events[partition]?.length ?? 0) - 1));
  }
  return { after, through, count: events.length, ends };
}
function feed(merge: Merge, { events, progress }: Topics): void {
  events.forEach((messages, partition) =>
    messages.forEach((event, offset) => merge.event(partition, BigInt(offset), event)),
  );
  progress.forEach((record, offset) => merge.progress(0, BigInt(offset), record));
}
const positions = (events: readonly StoredEvent[] | undefined): bigint[] | undefined =>
  events?.map(({ position }) => position);

describe('Merging partitions', () => {
  const log = [2n, 3n, 7n, 8n, 9n, 12n].map((position) => stored(position, position % 2n === 0n ? 'deal' : 'quota'));

  it('delivers nothing of a span before all its messages have arrived', () => {
    const topics = empty(2);
    const record = publish(topics, log, 0n, 7n);
    const merge = new Merge({ from: START(2), position: 0n, largest: 100, crowd: 100 });
    merge.progress(0, 0n, record);
    merge.event(0, 0n, log[0]);
    merge.event(1, 0n, log[1]);
    expect([merge.next(0n), [...merge.needed()]]).toEqual([undefined, [1]]);
    merge.event(1, 1n, log[2]);
    expect(positions(merge.next(0n)?.events)).toEqual([2n, 3n, 7n]);
    expect(merge.next(0n)?.span).toEqual({ after: 0n, through: 7n });
  });

  it('delivers the subscribed categories, and states up to which position they are complete', () => {
    const topics = empty(2);
    topics.progress.push(publish(topics, log, 0n, 3n), publish(topics, log, 3n, 8n));
    const merge = new Merge({ from: START(2), position: 0n, categories: ['quota'], largest: 100, crowd: 100 });
    feed(merge, topics);
    expect(merge.next(0n)).toEqual({ events: [log[1], log[2]], span: { after: 0n, through: 8n }, gap: false });
  });

  it('puts records together up to the largest batch, and never cuts one', () => {
    const topics = empty(2);
    for (const [after, through] of [
      [0n, 2n],
      [2n, 3n],
      [3n, 9n],
      [9n, 12n],
    ] as const)
      topics.progress.push(publish(topics, log, after, through));
    const merge = new Merge({ from: START(2), position: 0n, largest: 2, crowd: 100 });
    feed(merge, topics);
    const spans = [0n, 3n, 9n].map((position) => merge.next(position)?.span.through);
    expect([...spans, merge.next(12n)]).toEqual([3n, 9n, 12n, undefined]);
  });

  it('leaves out the delivered events of a record that begins before the position', () => {
    const topics = empty(2);
    topics.progress.push(publish(topics, log, 0n, 9n));
    const merge = new Merge({ from: START(2), position: 7n, largest: 100, crowd: 100 });
    feed(merge, topics);
    expect(merge.next(7n)).toEqual({ events: [log[3], log[4]], span: { after: 7n, through: 9n }, gap: false });
  });

  it('finds that a record is lost', () => {
    const topics = empty(2);
    publish(topics, log, 0n, 3n);
    topics.progress.push(publish(topics, log, 3n, 8n));
    const merge = new Merge({ from: START(2), position: 0n, largest: 100, crowd: 100 });
    feed(merge, topics);
    expect(merge.next(0n)).toEqual({ events: [log[2], log[3]], span: { after: 3n, through: 8n }, gap: true });
  });

  it('finds that an event is lost, and delivers the events before it first', () => {
    const topics = empty(2);
    topics.progress.push(publish(topics, log, 0n, 3n), publish(topics, log, 3n, 9n));
    const merge = new Merge({ from: START(2), position: 0n, largest: 100, crowd: 100 });
    topics.events[0] = topics.events[0]?.filter(({ position }) => position !== 8n) ?? [];
    feed(merge, topics);
    merge.event(0, 2n, undefined);
    expect(merge.next(0n)).toEqual({ events: [log[0], log[1]], span: { after: 0n, through: 3n }, gap: false });
    expect(merge.next(3n)).toEqual({ events: [], span: { after: 9n, through: 9n }, gap: true });
  });

  it('ignores a foreign message, because no record counts it', () => {
    const topics = empty(1);
    const merge = new Merge({ from: START(1), position: 0n, largest: 100, crowd: 100 });
    merge.event(0, 0n, undefined);
    topics.events[0]?.push(stored(1n));
    merge.progress(0, 0n, publish(topics, log, 0n, 3n));
    merge.event(0, 1n, log[0]);
    merge.event(0, 2n, log[1]);
    expect(positions(merge.next(0n)?.events)).toEqual([2n, 3n]);
  });

  it('pauses partitions beyond the limit, but never those that the next record needs', () => {
    const topics = empty(2);
    const record = publish(topics, log, 0n, 12n);
    const merge = new Merge({ from: START(2), position: 0n, largest: 100, crowd: 2 });
    topics.events[0]?.forEach((event, offset) => merge.event(0, BigInt(offset), event));
    expect(merge.crowded()).toEqual({ events: [0, 1], progress: [] });
    merge.progress(0, 0n, record);
    expect(merge.crowded()).toEqual({ events: [0], progress: [] });
    topics.events[1]?.forEach((event, offset) => merge.event(1, BigInt(offset), event));
    merge.delivered(8n);
    expect(merge.crowded()).toEqual({ events: [0, 1], progress: [] });
    merge.delivered(9n);
    expect(merge.crowded()).toEqual({ events: [], progress: [] });
    for (let n = 1n; n <= 3n; n += 1n) merge.progress(0, n, record);
    expect(merge.crowded()).toEqual({ events: [], progress: [0] });
  });

  it('delivers every event once and in order, despite two relays, delayed and paused partitions, and restarts', () => {
    const scenario = fc.record({
      steps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }),
      partitions: fc.integer({ min: 1, max: 5 }),
      largest: fc.integer({ min: 1, max: 10 }),
      crowd: fc.integer({ min: 1, max: 6 }),
      seed: fc.infiniteStream(fc.nat(999)),
    });
    fc.assert(
      fc.property(scenario, ({ steps, partitions, largest, crowd, seed }) => {
        const chance = (of: number): number => (seed.next().value as number) % of;
        let last = 0n;
        const history = steps.map((step) => stored((last += BigInt(step)), chance(2) ? 'deal' : 'quota'));

        const topics = empty(partitions);
        const places = [0n, 0n];
        const unsaid: (Progress | undefined)[] = [undefined, undefined];
        while (places.some((place) => place < last)) {
          const relay = chance(2);
          const record = unsaid[relay];
          if (record) {
            topics.progress.push(record);
            unsaid[relay] = undefined;
            // A relay that is killed before it saves its place publishes again; one that is refused takes over the other's.
            places[relay] =
              chance(4) === 0
                ? (places[relay] as bigint)
                : chance(4) === 0
                  ? (places.reduce((a, b) => (a > b ? a : b)) as bigint)
                  : record.through;
          } else {
            const ahead = history.filter(({ position }) => position > (places[relay] as bigint));
            const end = ahead[chance(Math.min(6, ahead.length) || 1)];
            if (end) unsaid[relay] = publish(topics, history, places[relay] as bigint, end.position);
          }
        }

        let position = 0n;
        const delivered: StoredEvent[] = [];
        let offsets = START(partitions);
        let merge = new Merge({ from: offsets, position, largest, crowd });
        for (let turn = 0; turn < 20_000 && position < last; turn += 1) {
          const of = chance(partitions + 2);
          const crowded = merge.crowded();
          if (crowded.events.includes(of) || (of === partitions && crowded.progress.length > 0)) {
            // It is paused.
          } else if (of < partitions) {
            const offset = offsets.events.get(of) as bigint;
            const event = topics.events[of]?.[Number(offset)];
            if (event) {
              merge.event(of, offset, event);
              offsets.events.set(of, offset + 1n);
            }
          } else if (of === partitions) {
            const offset = offsets.progress.get(0) as bigint;
            const record = topics.progress[Number(offset)];
            if (record) {
              merge.progress(0, offset, record);
              offsets.progress.set(0, offset + 1n);
            }
          } else if (chance(10) === 0) {
            offsets = merge.restart();
            merge = new Merge({
              from: { events: new Map(offsets.events), progress: new Map(offsets.progress) },
              position,
              largest,
              crowd,
            });
          }
          const batch = merge.next(position);
          if (!batch) continue;
          expect(batch.gap).toBe(false);
          expect(batch.span.after).toBe(position);
          delivered.push(...batch.events);
          position = batch.span.through;
          merge.delivered(position);
        }
        expect(delivered).toEqual(history);
      }),
      { numRuns: 300 },
    );
  });
});
