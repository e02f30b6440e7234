import type { EventBus, EventStore, Span, Subscribe, Subscription } from './ports.js';
import { nextTurn } from './turns.js';

/** A store that says when it has grown. */
export interface FollowedStore extends EventStore {
  /** Calls after each commit; answers how to stop that. */
  onAppend(listener: () => void): () => void;
}

/** Events that even a slow projection takes in less than two turns. */
const PAGE = 500;
const LONGEST_PAUSE = 5000;

/** The embedded carrier: follows the log itself, so there is no second copy that could disagree. */
export function createLogBus(log: FollowedStore): EventBus {
  const subscriptions = new Map<string, Subscription>();
  let closed = false;

  async function subscribe({ categories, after, resume, handle, onError, group }: Subscribe): Promise<Subscription> {
    if (closed) throw new Error('the event bus is closed');
    // Two of one name would each overtake the other's position.
    if (subscriptions.has(group)) throw new Error(`${group} is subscribed already`);
    let position = after;
    let stopping = false;
    let wake = (): void => undefined;
    let cutPause = (): void => undefined;
    let failures = 0;
    const stopListening = log.onAppend(() => wake());

    async function deliver(events: Parameters<typeof handle>[0], through: bigint): Promise<void> {
      const span: Span = { after: position, through };
      await handle(events, span);
      position = through;
      failures = 0;
      // Catching up must leave room for requests.
      await nextTurn();
    }

    async function catchUp(): Promise<void> {
      const head = await log.head();
      if (position >= head) return;
      for await (const page of log.readAll({ categories, after: position, upTo: head, page: PAGE })) {
        if (stopping) return;
        await deliver(page, page.at(-1)?.position ?? head);
      }
      if (position < head && !stopping) await deliver([], head);
    }

    async function follow(): Promise<void> {
      while (!stopping) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        try {
          if (failures > 0 && resume) position = await resume();
          await catchUp();
          if (!stopping && position >= (await log.head())) await woken;
        } catch (error) {
          failures += 1;
          if (onError) onError(error);
          else process.emitWarning(`${group}: ${String(error)}`);
          if (!stopping) await pause(Math.min(LONGEST_PAUSE, 25 * 2 ** failures), (cut) => (cutPause = cut));
        }
      }
      stopListening();
    }

    const following = follow();
    const subscription: Subscription = {
      async stop() {
        stopping = true;
        wake();
        cutPause();
        await following;
        if (subscriptions.get(group) === subscription) subscriptions.delete(group);
      },
    };
    subscriptions.set(group, subscription);
    return subscription;
  }

  return {
    subscribe,
    async close() {
      closed = true;
      await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
    },
  };
}

/** Waits, but not longer than until somebody cuts it short. */
async function pause(milliseconds: number, cutBy: (cut: () => void) => void): Promise<void> {
  await new Promise<void>((resume) => {
    const timer = setTimeout(resume, milliseconds);
    cutBy(() => {
      clearTimeout(timer);
      resume();
    });
  });
}
