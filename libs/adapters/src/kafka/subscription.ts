import { type Consumer, type EachBatchPayload, type Kafka, type KafkaMessage } from 'kafkajs';
import { newUuid } from '@attain/values';
import { nextTurn, type Subscribe, type Subscription } from '@attain/eventsourcing';
import { asAdmin, type Topics } from './client.js';
import { Merge } from './merge.rules.js';
import { decodeEvent, decodeProgress } from './message.rules.js';
import { commitments, offsetsFor } from './offsets.js';
import { atMost, Session } from './session.js';

export interface Carrier {
  kafka: Kafka;
  topics: Topics;
  prefix: string;
}

/** The work of the group, while this process has it. */
interface Tenure {
  consumer: Consumer;
  partitions: Record<string, number[]>;
  /** Undefined until the offsets to read from are known. */
  merge: Merge | undefined;
  /** Has searched for missing messages from the beginning. */
  reread: boolean;
  paused: Set<string>;
}

/** Maximum events of one batch, and of one for a group that asks for bulk. */
const LARGEST = 1000;
const LARGEST_IN_BULK = 4000;
/** Maximum events, or records of progress, that wait for earlier ones. */
const CROWD = 20_000;
const LONGEST_PAUSE = 5000;
const COMMIT_EVERY = 1000;
/** Follows both topics as a member of the group, without end: errors go to `onError`, and the work is retried. */
export function subscribeTo(carrier: Carrier, subscribe: Subscribe): Subscription {
  const member = new GroupMember(carrier, subscribe);
  member.start();
  return { stop: () => member.stop() };
}

class GroupMember {
  private readonly groupId: string;
  private position: bigint;
  private tenure: Tenure | undefined;
  private stopping = false;
  private wake = (): void => undefined;
  private readonly stopped = Promise.withResolvers<void>();
  private readonly pauses = new Set<() => void>();
  private committed = 0;
  private delivering: Promise<void> | undefined;
  private reading: Promise<void> | undefined;
  private ending: Promise<void> | undefined;

  constructor(
    private readonly carrier: Carrier,
    private readonly asked: Subscribe,
  ) {
    this.groupId = `${carrier.prefix}.${asked.group}${asked.everyProcess ? `.${newUuid()}` : ''}`;
    this.position = asked.after;
  }

  start(): void {
    this.delivering = this.deliverAll();
    this.reading = this.sessions();
  }

  stop(): Promise<void> {
    return (this.ending ??= this.end());
  }

  private async end(): Promise<void> {
    this.stopping = true;
    this.wake();
    for (const cut of this.pauses) cut();
    await this.delivering;
    if (this.tenure) await atMost(5000, this.commit(this.tenure));
    this.stopped.resolve();
    await this.reading;
    const { groupId } = this;
    if (this.asked.everyProcess)
      await atMost(
        5000,
        asAdmin(this.carrier.kafka, (admin) => admin.deleteGroups([groupId])),
      );
  }

  private report(error: unknown): void {
    if (this.asked.onError) this.asked.onError(error);
    else process.emitWarning(`${this.asked.group}: ${String(error)}`);
  }

  /** Waits until the time is over or the subscription stops. */
  private pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.pauses.delete(done);
        resolve();
      };
      const timer = setTimeout(done, this.stopping ? 0 : Math.min(LONGEST_PAUSE, 25 * 2 ** (failures - 1)));
      this.pauses.add(done);
    });
  }

  private gain(consumer: Consumer, partitions: Record<string, number[]>): void {
    if (this.stopping) return;
    this.tenure = partitions[this.carrier.topics.events]
      ? { consumer, partitions, merge: undefined, reread: false, paused: new Set() }
      : undefined;
    // Fetching starts only from known offsets.
    if (this.tenure) consumer.pause(Object.entries(partitions).map(([topic, of]) => ({ topic, partitions: of })));
    this.wake();
  }

  /** Continues from the committed offsets, unless they are ahead of the position; otherwise reads everything again. */
  private async read(mine: Tenure, all = false): Promise<void> {
    const { groupId, position } = this;
    const { kafka, topics } = this.carrier;
    const from = await asAdmin(kafka, (admin) =>
      offsetsFor(admin, { groupId, topics, position: all ? undefined : position }),
    );
    if (this.tenure !== mine) return;
    mine.merge = new Merge({
      from,
      position: this.position,
      categories: this.asked.categories,
      largest: this.asked.inBulk ? LARGEST_IN_BULK : LARGEST,
      crowd: CROWD,
    });
    for (const [topic, offsets] of [
      [topics.events, from.events],
      [topics.progress, from.progress],
    ] as const)
      for (const [partition, offset] of offsets) mine.consumer.seek({ topic, partition, offset: String(offset) });
    mine.consumer.resume(Object.entries(mine.partitions).map(([topic, partitions]) => ({ topic, partitions })));
    mine.paused = new Set();
  }

  private take(merge: Merge, topic: string, partition: number, { offset, value, headers }: KafkaMessage): void {
    const at = BigInt(offset);
    try {
      if (topic === this.carrier.topics.events) merge.event(partition, at, decodeEvent(value, headers));
      else merge.progress(partition, at, decodeProgress(value));
    } catch (error) {
      // A foreign message does no harm; if it was a damaged one of ours, the counts of progress reveal the missing event.
      this.report(
        new Error(`${topic}[${partition}] at offset ${offset} is passed over: ${(error as Error).message}`, {
          cause: error,
        }),
      );
      if (topic === this.carrier.topics.events) merge.event(partition, at, undefined);
      else merge.progress(partition, at, undefined);
    }
  }

  private async eachBatch({ batch, isStale, resolveOffset }: EachBatchPayload): Promise<boolean> {
    const mine = this.tenure;
    if (!mine?.merge || isStale()) return false;
    for (const message of batch.messages) this.take(mine.merge, batch.topic, batch.partition, message);
    resolveOffset(batch.lastOffset());
    this.restrain(mine);
    this.wake();
    return true;
  }

  private restrain({ consumer, merge, partitions, paused }: Tenure): void {
    const crowded = merge?.crowded();
    for (const [topic, hold] of [
      [this.carrier.topics.events, crowded?.events ?? []],
      [this.carrier.topics.progress, crowded?.progress ?? []],
    ] as const) {
      for (const partition of partitions[topic] ?? []) {
        const key = `${topic}/${partition}`;
        if (hold.includes(partition) === paused.has(key)) continue;
        consumer[paused.has(key) ? 'resume' : 'pause']([{ topic, partitions: [partition] }]);
        if (!paused.delete(key)) paused.add(key);
      }
    }
  }

  /** Commits only a hint for the next reading, so it may fail. */
  private async commit({ consumer, merge }: Tenure): Promise<void> {
    this.committed = performance.now();
    if (merge)
      await consumer
        .commitOffsets(commitments(this.carrier.topics, merge.restart(), this.position))
        .catch(() => undefined);
  }

  /** Delivers the next batch; false if there is none yet. */
  private async deliverNext(mine: Tenure): Promise<boolean> {
    const batch = mine.merge?.next(this.position);
    this.restrain(mine);
    if (!batch) return false;
    if (batch.gap && !mine.reread) {
      await this.read(mine, true);
      mine.reread = true;
      return true;
    }
    await this.asked.handle(batch.events, batch.span);
    this.position = batch.span.through;
    mine.merge?.delivered(this.position);
    mine.reread = false;
    if (performance.now() - this.committed > COMMIT_EVERY) void this.commit(mine);
    // Catching up must leave room for requests.
    await nextTurn();
    return true;
  }

  private async deliverAll(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        const mine = this.tenure;
        if (mine && (!mine.merge || failures > 0)) {
          const stood = this.position;
          if (this.asked.resume) this.position = await this.asked.resume();
          if (!mine.merge || this.position < stood) await this.read(mine);
        }
        const delivered = mine !== undefined && (await this.deliverNext(mine));
        failures = 0;
        if (!delivered && mine === this.tenure && !this.stopping) await woken;
      } catch (error) {
        failures += 1;
        this.report(error);
        await this.pause(failures);
      }
    }
  }

  private session(joined: () => void): Session {
    const { kafka, topics } = this.carrier;
    return new Session({
      kafka,
      topics,
      groupId: this.groupId,
      stopped: this.stopped.promise,
      atWork: (consumer) => this.tenure?.consumer === consumer,
      gain: (consumer, partitions) => this.gain(consumer, partitions),
      lose: (consumer) => {
        if (this.tenure?.consumer === consumer) this.tenure = undefined;
      },
      joined,
      eachBatch: (payload) => this.eachBatch(payload),
      missing: () => [...(this.tenure?.merge?.needed() ?? [])],
      report: (error) => this.report(error),
    });
  }

  private async sessions(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      try {
        await this.session(() => (failures = 0)).run();
      } catch (error) {
        if (this.stopping) return;
        failures += 1;
        this.report(error);
        await this.pause(failures);
      }
    }
  }
}
