import type { StoredEvent } from './events.js';
import type { EventBus, EventStore, Span, Subscribe, Subscription } from './ports.js';
import { nextTurn } from './turns.js';

/** A store that notifies when it has grown. */
export interface FollowedStore extends EventStore {
  /** Calls back after each commit; returns a function that stops the calls. */
  onAppend(listener: () => void): () => void;
}

/** As many events as even a slow projection handles in less than two turns. */
const PAGE = 500;
/** The largest number of pages in one batch, for a group that asks for bulk. */
const MOST_PAGES = 16;
const LONGEST_PAUSE = 5000;

/** The embedded bus: it follows the log itself, so there is no second copy that could differ. */
export function createLogBus(log: FollowedStore): EventBus {
  const subscriptions = new Map<string, Subscription>();
  let closed = false;
  return {
    async subscribe(asked) {
      const { group } = asked;
      if (closed) throw new Error('the event bus is closed');
      // Two subscriptions of one name would overtake each other's position.
      if (subscriptions.has(group)) throw new Error(`${group} is subscribed already`);
      const follower = new LogFollower(log, asked);
      const subscription: Subscription = {
        async stop() {
          await follower.stop();
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

/** Follows the log for one group without end: errors go to `onError`, and the work is retried. */
class LogFollower {
  private position: bigint;
  private stopping = false;
  private failures = 0;
  private wake = (): void => undefined;
  private cutPause = (): void => undefined;
  private readonly following: Promise<void>;

  constructor(
    private readonly log: FollowedStore,
    private readonly asked: Subscribe,
  ) {
    this.position = asked.after;
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    this.cutPause();
    await this.following;
  }

  private async follow(): Promise<void> {
    const { group, resume, onError } = this.asked;
    const stopListening = this.log.onAppend(() => this.wake());
    while (!this.stopping) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        if (this.failures > 0 && resume) this.position = await resume();
        await this.catchUp();
        if (!this.stopping && this.position >= (await this.log.head())) await woken;
      } catch (error) {
        this.failures += 1;
        if (onError) onError(error);
        else process.emitWarning(`${group}: ${String(error)}`);
        if (!this.stopping)
          await pause(Math.min(LONGEST_PAUSE, 25 * 2 ** this.failures), (cut) => (this.cutPause = cut));
      }
    }
    stopListening();
  }

  private async catchUp(): Promise<void> {
    const { categories } = this.asked;
    const head = await this.log.head();
    if (this.position >= head) return;
    const most = this.pagesAtOnce(head);
    let pages: StoredEvent[][] = [];
    for await (const page of this.log.readAll({ categories, after: this.position, upTo: head, page: PAGE })) {
      if (this.stopping) return;
      pages.push(page);
      if (pages.length < most) continue;
      await this.deliver(pages.flat(), page.at(-1)?.position ?? head);
      pages = [];
    }
    if (pages.length > 0 && !this.stopping) await this.deliver(pages.flat(), pages.at(-1)?.at(-1)?.position ?? head);
    if (this.position < head && !this.stopping) await this.deliver([], head);
  }

  /** More pages the further the group is behind, because few large commits cost less; failed work is retried in single pages. */
  private pagesAtOnce(head: bigint): number {
    if (!this.asked.inBulk || this.failures > 0) return 1;
    return Math.min(MOST_PAGES, Math.max(1, Math.floor(Number(head - this.position) / PAGE / 2)));
  }

  private async deliver(events: readonly StoredEvent[], through: bigint): Promise<void> {
    const span: Span = { after: this.position, through };
    await this.asked.handle(events, span);
    this.position = through;
    this.failures = 0;
    // Catching up must leave room for requests.
    await nextTurn();
  }
}

/** Waits until the time is over or a caller ends the wait. */
async function pause(milliseconds: number, cutBy: (cut: () => void) => void): Promise<void> {
  await new Promise<void>((resume) => {
    const timer = setTimeout(resume, milliseconds);
    cutBy(() => {
      clearTimeout(timer);
      resume();
    });
  });
}
