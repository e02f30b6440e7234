import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Topics } from './client.js';
import { singleWorker } from './single-worker.js';

/** The subscription's part in the life of one consumer. */
export interface SessionParts {
  kafka: Kafka;
  topics: Topics;
  groupId: string;
  /** Resolves when the subscription ends. */
  stopped: Promise<void>;
  /** Whether this consumer has the work of the group. */
  atWork(consumer: Consumer): boolean;
  /** The group has confirmed this member, which has these partitions. */
  gain(consumer: Consumer, partitions: Record<string, number[]>): void;
  /** The consumer has lost the work. */
  lose(consumer: Consumer): void;
  joined(): void;
  /** Whether the messages were accepted. */
  eachBatch(payload: EachBatchPayload): Promise<boolean>;
  /** Partitions of events that should contain the messages of the next batch. */
  missing(): readonly number[];
  report(error: unknown): void;
}

/** A living consumer fetches several times a second; a rebalance may delay it by its timeout. */
const SILENCE = 120_000;
const STUCK = 30_000;
/** Requests whose answers confirm this member of the group. */
const CONFIRMING: ReadonlySet<string> = new Set(['Heartbeat', 'SyncGroup']);

/** The life of one consumer, which kafkajs ends after many kinds of failure. */
export class Session {
  private readonly consumer: Consumer;
  private asked = 0;
  private confirmed = 0;
  private fetched = performance.now();
  private taken = performance.now();
  private over = false;

  constructor(private readonly parts: SessionParts) {
    this.consumer = parts.kafka.consumer({
      groupId: parts.groupId,
      partitionAssigners: [
        singleWorker(() => (parts.atWork(this.consumer) ? performance.now() - this.confirmed : undefined)),
      ],
      sessionTimeout: 10_000,
      heartbeatInterval: 1000,
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: 200,
      // One fetch may exceed the limit of waiting messages.
      maxBytes: 2 ** 22,
      maxBytesPerPartition: 2 ** 20,
      metadataMaxAge: 30_000,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
  }

  /** Runs until the subscription ends; rejects if the consumer ended. */
  async run(): Promise<void> {
    const { consumer, parts } = this;
    this.confirm();
    const member = this.member();
    const { ended, endWatch } = this.watch();
    let running: Promise<void> | undefined;
    try {
      const start = async (): Promise<void> => {
        await consumer.connect();
        await consumer.subscribe({ topics: [parts.topics.events, parts.topics.progress], fromBeginning: true });
        const eachBatch = (payload: EachBatchPayload): Promise<void> => this.take(payload);
        if (!this.over) await (running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }));
        await ended;
      };
      await Promise.race([start(), ended, parts.stopped]);
    } finally {
      this.over = true;
      endWatch();
      parts.lose(consumer);
      // The others would wait for a member that leaves while it joins.
      if (running) await atMost(5000, Promise.race([member, ended]));
      await atMost(15_000, consumer.disconnect());
    }
  }

  /** An answer may be old because this process was frozen: it confirms the state at the time of its request. */
  private confirm(): void {
    const { HEARTBEAT, REQUEST } = this.consumer.events;
    this.consumer.on(REQUEST, ({ payload: { apiName, duration } }) => {
      if (CONFIRMING.has(apiName)) this.asked = performance.now() - duration;
    });
    this.consumer.on(HEARTBEAT, () => void (this.confirmed = this.asked));
  }

  /** Resolves when the consumer has joined the group. */
  private member(): Promise<void> {
    return new Promise((resolve) =>
      this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => {
        this.confirmed = this.asked;
        if (!this.over) this.parts.gain(this.consumer, payload.memberAssignment);
        this.parts.joined();
        resolve();
      }),
    );
  }

  /** `ended` rejects when the consumer has crashed or receives nothing. */
  private watch(): { ended: Promise<never>; endWatch(): void } {
    const { CRASH, FETCH } = this.consumer.events;
    const { promise: ended, reject } = Promise.withResolvers<never>();
    this.consumer.on(CRASH, ({ payload }) => reject(payload.error));
    this.consumer.on(FETCH, () => void (this.fetched = performance.now()));
    const timer = setInterval(() => {
      if (performance.now() - this.fetched > SILENCE)
        reject(new Error(`heard nothing of Kafka for ${SILENCE / 1000} s`));
      this.reportMissing();
    }, 5000);
    return { ended, endWatch: () => clearInterval(timer) };
  }

  private reportMissing(): void {
    const missing = this.parts.missing();
    if (missing.length === 0 || performance.now() - this.taken < STUCK) return;
    this.taken = performance.now();
    this.parts.report(
      new Error(
        `${this.parts.topics.events} ends before what partitions ${missing.join(', ')} should hold: Kafka has lost acknowledged messages`,
      ),
    );
  }

  private async take(payload: EachBatchPayload): Promise<void> {
    if (await this.parts.eachBatch(payload)) this.taken = performance.now();
  }
}

/** Waits for final work that may fail or hang. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work.catch(() => undefined),
    new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))),
  ]);
  clearTimeout(timer);
}
