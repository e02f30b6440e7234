import { createRequire } from 'node:module';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { KafkaUrl } from './url.js';

/** One log line of kafkajs. */
export type Log = (level: 'error' | 'warn' | 'info', message: string) => void;

export interface Topics {
  events: string;
  progress: string;
}

const LARGEST_MESSAGE = 16 * 2 ** 20;
const PATIENCE = 30_000;
const LEVELS = { [logLevel.ERROR]: 'error', [logLevel.WARN]: 'warn' } as const;

export const topicsOf = ({ prefix }: KafkaUrl): Topics => ({
  events: `${prefix}.events`,
  progress: `${prefix}.progress`,
});

/** Messages of kafkajs go only to `log`; callers receive the failures that matter. */
export function createClient({ brokers, ssl, sasl }: KafkaUrl, log: Log = () => undefined): Kafka {
  stopBusyTimers();
  return new Kafka({
    clientId: 'attain',
    brokers,
    ssl: typeof ssl === 'object' ? { ca: [ssl.ca] } : ssl,
    // @ts-expect-error kafkajs has one type per mechanism, distinguished by a literal.
    sasl,
    connectionTimeout: 5000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) =>
      log(LEVELS[entry.level as keyof typeof LEVELS] ?? 'info', `kafka: ${entry.log.message}`),
  });
}

/** Connects for one piece of work, because an idle admin does not notice that its broker is gone. */
export async function asAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Creates missing topics; existing ones keep their settings. */
export async function ensureTopics(kafka: Kafka, url: KafkaUrl): Promise<void> {
  const { events, progress } = topicsOf(url);
  await patiently(() =>
    asAdmin(kafka, async (admin) => {
      const there = await admin.listTopics();
      const missing = [events, progress].filter((topic) => !there.includes(topic));
      if (missing.length === 0) return;
      await admin.createTopics({
        topics: missing.map((topic) => ({
          topic,
          numPartitions: topic === events ? url.partitions : 1,
          replicationFactor: url.replication,
          configEntries: [
            // A new projection reads everything from the beginning.
            { name: 'retention.ms', value: '-1' },
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'min.insync.replicas', value: String(Math.max(1, url.replication - 1)) },
            { name: 'max.message.bytes', value: String(LARGEST_MESSAGE) },
          ],
        })),
      });
    }),
  );
}

/** A starting broker answers that its coordinators are loading; a rejected login or certificate is final. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let pause = 100; ; pause = Math.min(2000, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      if (isFinal(error) || performance.now() + pause > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function isFinal(error: unknown): boolean {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: unknown };
  return (
    name === 'KafkaJSSASLAuthenticationError' ||
    /CERT|SIGNATURE/.test(code ?? '') ||
    (cause instanceof Error && isFinal(cause))
  );
}

/** kafkajs 2.2.4 sets a timer in the past again and again for each connection: 5 % of a core each, and a warning of Node. */
function stopBusyTimers(): void {
  interface RequestQueue {
    throttledUntil: number;
    pending: unknown[];
    scheduleCheckPendingRequests(): void;
  }
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue & { patched?: true };
  };
  if (prototype.patched) return;
  prototype.patched = true;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
