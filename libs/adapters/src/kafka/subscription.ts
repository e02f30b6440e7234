import { type Consumer, type EachBatchPayload, type Kafka, type KafkaMessage } from 'kafkajs';
import { newUuid } from '@attain/values';
import { nextTurn, type Subscribe, type Subscription } from '@attain/eventsourcing';
import { asAdmin, type Topics } from './client.js';
import { createMerge, type Merge } from './merge.rules.js';
import { decodeEvent, decodeProgress } from './message.rules.js';
import { commitments, offsetsFor } from './offsets.js';
import { singleWorker } from './single-worker.js';

export interface Carrier {
  kafka: Kafka;
  topics: Topics;
  prefix: string;
}

/** The work of the group, while this process has it. */
interface Tenure {
  consumer: Consumer;
  partitions: Record<string, number[]>;
  /** Undefined until it is known where to read. */
  merge: Merge | undefined;
  /** Has looked from the beginning for what is missing. */
  reread: boolean;
  paused: Set<string>;
}

/** Events that one batch may hold. */
const LARGEST = 1000;
/** Events, or records of progress, that may wait for what comes before them. */
const CROWD = 20_000;
const LONGEST_PAUSE = 5000;
const COMMIT_EVERY = 1000;
/** A living consumer fetches several times a second; a rebalance may hold it up for its timeout. */
const SILENCE = 120_000;
const STUCK = 30_000;
/** Requests whose answers say that the group counts on this member. */
const CONFIRMING: ReadonlySet<string> = new Set(['Heartbeat', 'SyncGroup']);

/** Follows both topics as a member of the group, for ever: what goes wrong is told to `onError` and tried again. */
export function subscribeTo(
  { kafka, topics, prefix }: Carrier,
  { group, categories, after, resume, everyProcess, handle, onError }: Subscribe,
): Subscription {
  const groupId = `${prefix}.${group}${everyProcess ? `.${newUuid()}` : ''}`;
  let position = after;
  let tenure: Tenure | undefined;
  let stopping = false;
  let wake = (): void => undefined;
  let endSessions = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (endSessions = resolve));
  const pauses = new Set<() => void>();
  let committed = 0;
  let fetched = 0;
  let taken = 0;

  function report(error: unknown): void {
    if (onError) onError(error);
    else process.emitWarning(`${group}: ${String(error)}`);
  }

  /** Waits, but not longer than until it is stopped. */
  function pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        pauses.delete(done);
        resolve();
      };
      const timer = setTimeout(done, stopping ? 0 : Math.min(LONGEST_PAUSE, 25 * 2 ** (failures - 1)));
      pauses.add(done);
    });
  }

  function gain(consumer: Consumer, partitions: Record<string, number[]>): void {
    tenure = partitions[topics.events]
      ? { consumer, partitions, merge: undefined, reread: false, paused: new Set() }
      : undefined;
    // Nothing is fetched before it is known from where.
    if (tenure) consumer.pause(Object.entries(partitions).map(([topic, of]) => ({ topic, partitions: of })));
    wake();
  }

  /** Reads on from what is committed, as far as that is not ahead of the position, or all again. */
  async function read(mine: Tenure, all = false): Promise<void> {
    const from = await asAdmin(kafka, (admin) =>
      offsetsFor(admin, { groupId, topics, position: all ? undefined : position }),
    );
    if (tenure !== mine) return;
    mine.merge = createMerge({ from, position, categories, largest: LARGEST, crowd: CROWD });
    for (const [topic, offsets] of [
      [topics.events, from.events],
      [topics.progress, from.progress],
    ] as const)
      for (const [partition, offset] of offsets) mine.consumer.seek({ topic, partition, offset: String(offset) });
    mine.consumer.resume(Object.entries(mine.partitions).map(([topic, partitions]) => ({ topic, partitions })));
    mine.paused = new Set();
  }

  function take(merge: Merge, topic: string, partition: number, { offset, value, headers }: KafkaMessage): void {
    const at = BigInt(offset);
    try {
      if (topic === topics.events) merge.event(partition, at, decodeEvent(value, headers));
      else merge.progress(partition, at, decodeProgress(value));
    } catch (error) {
      // A stranger's message does no harm; one of ours is then missed, which the counts of progress betray.
      report(
        new Error(`${topic}[${partition}] at offset ${offset} is passed over: ${(error as Error).message}`, {
          cause: error,
        }),
      );
      if (topic === topics.events) merge.event(partition, at, undefined);
      else merge.progress(partition, at, undefined);
    }
  }

  async function eachBatch({ batch, isStale, resolveOffset }: EachBatchPayload): Promise<void> {
    const mine = tenure;
    if (!mine?.merge || isStale()) return;
    for (const message of batch.messages) take(mine.merge, batch.topic, batch.partition, message);
    resolveOffset(batch.lastOffset());
    taken = performance.now();
    restrain(mine);
    wake();
  }

  function restrain({ consumer, merge, partitions, paused }: Tenure): void {
    const crowded = merge?.crowded();
    for (const [topic, hold] of [
      [topics.events, crowded?.events ?? []],
      [topics.progress, crowded?.progress ?? []],
    ] as const) {
      for (const partition of partitions[topic] ?? []) {
        const key = `${topic}/${partition}`;
        if (hold.includes(partition) === paused.has(key)) continue;
        consumer[paused.has(key) ? 'resume' : 'pause']([{ topic, partitions: [partition] }]);
        if (!paused.delete(key)) paused.add(key);
      }
    }
  }

  /** Only a hint of where to read, so that it may fail. */
  async function commit({ consumer, merge }: Tenure): Promise<void> {
    committed = performance.now();
    if (merge) await consumer.commitOffsets(commitments(topics, merge.restart(), position)).catch(() => undefined);
  }

  /** Tells the next batch; false when there is none yet. */
  async function tell(mine: Tenure): Promise<boolean> {
    const batch = mine.merge?.next(position);
    restrain(mine);
    if (!batch) return false;
    if (batch.gap && !mine.reread) {
      await read(mine, true);
      mine.reread = true;
      return true;
    }
    await handle(batch.events, batch.span);
    position = batch.span.through;
    mine.merge?.told(position);
    mine.reread = false;
    if (performance.now() - committed > COMMIT_EVERY) void commit(mine);
    // Catching up must leave room for requests.
    await nextTurn();
    return true;
  }

  async function tellAll(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      try {
        const mine = tenure;
        if (mine && (!mine.merge || failures > 0)) {
          const stood = position;
          if (resume) position = await resume();
          if (!mine.merge || position < stood) await read(mine);
        }
        const told = mine !== undefined && (await tell(mine));
        failures = 0;
        if (!told && mine === tenure && !stopping) await woken;
      } catch (error) {
        failures += 1;
        report(error);
        await pause(failures);
      }
    }
  }

  /** The life of one consumer, which kafkajs ends at many a failure. */
  async function session(joined: () => void): Promise<void> {
    let [asked, confirmed] = [0, 0];
    const consumer = kafka.consumer({
      groupId,
      partitionAssigners: [
        singleWorker(() => (tenure?.consumer === consumer ? performance.now() - confirmed : undefined)),
      ],
      sessionTimeout: 10_000,
      heartbeatInterval: 1000,
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: 200,
      // One fetch is what may be here beyond the crowd.
      maxBytes: 2 ** 21,
      maxBytesPerPartition: 2 ** 18,
      metadataMaxAge: 30_000,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
    const { CRASH, FETCH, GROUP_JOIN, HEARTBEAT, REQUEST } = consumer.events;
    fetched = taken = performance.now();
    let over = false;
    let watch: NodeJS.Timeout | undefined;
    // An answer may have waited while this process was frozen: it confirms what was so when it was asked for.
    consumer.on(
      REQUEST,
      ({ payload: { apiName, duration } }) => void (CONFIRMING.has(apiName) && (asked = performance.now() - duration)),
    );
    consumer.on(HEARTBEAT, () => void (confirmed = asked));
    const member = new Promise<void>((resolve) =>
      consumer.on(GROUP_JOIN, ({ payload }) => {
        confirmed = asked;
        if (!stopping && !over) gain(consumer, payload.memberAssignment);
        joined();
        resolve();
      }),
    );
    const ended = new Promise<never>((_, reject) => {
      consumer.on(CRASH, ({ payload }) => reject(payload.error));
      consumer.on(FETCH, () => void (fetched = performance.now()));
      watch = setInterval(() => {
        if (performance.now() - fetched > SILENCE) reject(new Error(`heard nothing of Kafka for ${SILENCE / 1000} s`));
        const missing = [...(tenure?.merge?.needed() ?? [])];
        if (missing.length === 0 || performance.now() - taken < STUCK) return;
        taken = performance.now();
        report(
          new Error(
            `${topics.events} ends before what partitions ${missing.join(', ')} should hold: Kafka has lost acknowledged messages`,
          ),
        );
      }, 5000);
    });
    let running: Promise<void> | undefined;
    try {
      const start = async (): Promise<void> => {
        await consumer.connect();
        await consumer.subscribe({ topics: [topics.events, topics.progress], fromBeginning: true });
        if (!over) await (running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }));
        await ended;
      };
      await Promise.race([start(), ended, stopped]);
    } finally {
      over = true;
      clearInterval(watch);
      if (tenure?.consumer === consumer) tenure = undefined;
      // One that goes while it joins would be waited for by the others as if it were there.
      if (running) await atMost(5000, Promise.race([member, ended]));
      await atMost(15_000, consumer.disconnect());
    }
  }

  async function sessions(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      try {
        await session(() => (failures = 0));
      } catch (error) {
        if (stopping) return;
        failures += 1;
        report(error);
        await pause(failures);
      }
    }
  }

  const telling = tellAll();
  const reading = sessions();
  let ending: Promise<void> | undefined;
  async function end(): Promise<void> {
    stopping = true;
    wake();
    for (const cut of pauses) cut();
    await telling;
    if (tenure) await atMost(5000, commit(tenure));
    endSessions();
    await reading;
    if (everyProcess)
      await atMost(
        5000,
        asAdmin(kafka, (admin) => admin.deleteGroups([groupId])),
      );
  }
  return { stop: () => (ending ??= end()) };
}

/** Waits for work that may fail or hang at an end. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work.catch(() => undefined),
    new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))),
  ]);
  clearTimeout(timer);
}
