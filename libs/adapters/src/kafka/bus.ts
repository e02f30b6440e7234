import type { EventBus, Subscription } from '@attain/eventsourcing';
import { createClient, ensureTopics, type Log, topicsOf } from './client.js';
import { subscribeTo } from './subscription.js';
import { parseKafkaUrl } from './url.js';

/** Creates missing topics. Rejects if no broker answers within half a minute, or one rejects the login; later it waits for brokers without limit. */
export async function openKafkaBus({ url, log }: { url: string; log?: Log }): Promise<EventBus> {
  const parsed = parseKafkaUrl(url);
  const kafka = createClient(parsed, log);
  await ensureTopics(kafka, parsed);
  const subscriptions = new Map<string, Subscription>();
  let closed = false;

  return {
    async subscribe(subscribe) {
      const { group } = subscribe;
      if (closed) throw new Error('the event bus is closed');
      if (subscriptions.has(group)) throw new Error(`${group} is subscribed already`);
      const running = subscribeTo({ kafka, topics: topicsOf(parsed), prefix: parsed.prefix }, subscribe);
      const subscription: Subscription = {
        async stop() {
          await running.stop();
          if (subscriptions.get(group) === subscription) subscriptions.delete(group);
        },
      };
      subscriptions.set(group, subscription);
      return subscription;
    },
    async close() {
      closed = true;
      await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
    },
  };
}
