import { Transient } from '@attain/eventsourcing';

const LONGEST_PAUSE = 5000;

export interface FollowerParts {
  /** Position of the newest event. */
  head(): Promise<bigint>;
  /** Reports the positions behind one, as they come; resolves when it ends. */
  subscribe(after: bigint, report: (position: bigint) => void, signal: AbortSignal): Promise<void>;
  /** Milliseconds in which the newest event must have arrived. */
  patience: number;
  onError(error: unknown): void;
}

export interface Follower {
  onAppend(listener: () => void): () => void;
  stop(): void;
}

/**
 * One live subscription for all listeners, while there are any. Subscriptions may die silently, so the newest event of the log
 * is the canary: if it does not arrive in time, the follower notifies the listeners and renews the subscription.
 */
export function createFollower({ head, subscribe, patience, onError }: FollowerParts): Follower {
  const listeners = new Set<{ listener: () => void }>();
  let running: AbortController | undefined;

  const notify = (): void => listeners.forEach(({ listener }) => listener());

  async function run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const attempt = new AbortController();
      const end = (): void => attempt.abort();
      signal.addEventListener('abort', end);
      try {
        let shown = await head();
        // Events that came while there was no listener.
        notify();
        const show = (position: bigint): void => {
          shown = position;
          failures = 0;
          notify();
        };
        await Promise.race([subscribe(shown, show, attempt.signal), canary(() => shown, attempt.signal)]);
        if (!signal.aborted) throw new Transient('the subscription ended');
      } catch (error) {
        failures += 1;
        if (!signal.aborted) onError(error);
      } finally {
        end();
        signal.removeEventListener('abort', end);
      }
      await pause(Math.min(LONGEST_PAUSE, 25 * 2 ** failures), signal);
    }
  }

  async function canary(shown: () => bigint, signal: AbortSignal): Promise<void> {
    for (let newest = 0n; ; newest = await head()) {
      await pause(patience, signal);
      if (signal.aborted) return;
      if (shown() < newest)
        throw new Transient(`the subscription has gone silent: ${newest} did not arrive within ${patience} ms`);
    }
  }

  return {
    onAppend(listener) {
      const entry = { listener };
      listeners.add(entry);
      if (!running) {
        running = new AbortController();
        void run(running.signal);
      }
      return () => {
        listeners.delete(entry);
        if (listeners.size > 0) return;
        running?.abort();
        running = undefined;
      };
    },
    stop() {
      running?.abort();
      listeners.clear();
    },
  };
}

/** Keeps no process alive. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    if (signal.aborted) return resume();
    const timer = setTimeout(done, milliseconds).unref();
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resume();
    }
    signal.addEventListener('abort', done);
  });
}
