import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../events.js';
import type { EventBus, EventStore, Span } from '../ports.js';
import { all, event, ranksIn } from './event-store.contract.js';

/** An empty store and the bus that delivers its events. */
export interface OpenedBus {
  store: EventStore;
  bus: EventBus;
}

interface Heard {
  events: StoredEvent[];
  spans: Span[];
}

/** The contract of every event bus; run it against each adapter. */
export function eventBusContract(name: string, open: () => Promise<OpenedBus>): void {
  describe(`${name} keeps the promises of an event bus:`, () => {
    let store: EventStore;
    let bus: EventBus;
    beforeEach(async () => {
      ({ store, bus } = await open());
    });
    afterEach(async () => {
      await bus.close();
      await store.close();
    });
    const record = (stream: string, ...types: string[]): Promise<unknown> =>
      store.append({ stream, expected: 'any', events: types.map((type) => event(type)) });
    const listen = async (
      group: string,
      after: bigint,
      categories?: string[],
      heard: Heard = { events: [], spans: [] },
    ): Promise<Heard> => {
      await bus.subscribe({
        group,
        categories,
        after,
        async handle(events, span) {
          heard.events.push(...events);
          heard.spans.push(span);
        },
      });
      return heard;
    };
    const at = async (nth: number): Promise<bigint> => (await all(store.readAll()))[nth - 1]?.position ?? -1n;
    const hears = async (heard: Heard, nth: number): Promise<Heard> => {
      const through = await at(nth);
      await eventually(() => (heard.spans.at(-1)?.through ?? -1n) >= through);
      return heard;
    };
    const ranks = async ({ events }: Heard): Promise<bigint[]> => {
      const rank = await ranksIn(store);
      return events.map(({ position }) => rank(position));
    };
    const types = ({ events }: Heard): string => events.map(({ type }) => type).join('');

    it('delivers existing and new events, in the order of the store', async () => {
      await record('deal-1', 'A', 'B');
      await record('deal-2', 'C');
      const heard = await listen('one@1', 0n);
      await hears(heard, 3);
      await record('deal-1', 'D');
      expect(types(await hears(heard, 4))).toBe('ABCD');
      expect(await ranks(heard)).toEqual([1n, 2n, 3n, 4n]);
      expect(heard.events[3]).toMatchObject({ stream: 'deal-1', category: 'deal', revision: 2 });
    });

    it('continues behind the given position', async () => {
      await record('deal-1', 'A', 'B', 'C');
      expect(types(await hears(await listen('one@1', await at(1)), 3))).toBe('BC');
    });

    it('delivers only the subscribed categories, and states up to which position it has delivered them', async () => {
      const heard = await listen('one@1', 0n, ['quota', 'rate']);
      await record('deal-1', 'A', 'B');
      await hears(heard, 2);
      await record('quota-1', 'C');
      await record('deal-1', 'D');
      await record('rate-1', 'E');
      await record('deal-1', 'F');
      expect(types(await hears(heard, 6))).toBe('CE');
    });

    it('lets each span begin where the one before ended', async () => {
      const heard = await listen('one@1', 0n, ['quota']);
      for (let n = 0; n < 10; n += 1) await record(n % 3 === 0 ? 'quota-1' : 'deal-1', String(n));
      const { spans } = await hears(heard, 10);
      spans.forEach(({ after, through }, n) => {
        expect(after).toBe(n === 0 ? 0n : spans[n - 1]?.through);
        expect(through > after).toBe(true);
      });
      expect(await ranks(heard)).toEqual([1n, 4n, 7n, 10n]);
    });

    it('delivers one batch at a time', async () => {
      let inHand = 0;
      let most = 0;
      let seen = 0n;
      await bus.subscribe({
        group: 'one@1',
        after: 0n,
        async handle(_, { through }) {
          inHand += 1;
          most = Math.max(most, inHand);
          await new Promise((resume) => setTimeout(resume, 1));
          inHand -= 1;
          seen = through;
        },
      });
      for (let n = 0; n < 20; n += 1) await record(`deal-${n}`, 'A');
      const last = await at(20);
      await eventually(() => seen >= last);
      expect(most).toBe(1);
    });

    it('delivers a rejected batch again from the end of the last accepted one, and reports the rejection', async () => {
      const accepted: string[] = [];
      const errors: string[] = [];
      let failures = 2;
      await record('deal-1', 'A');
      await bus.subscribe({
        group: 'one@1',
        after: 0n,
        async handle(events) {
          if (failures > 0 && events.some(({ type }) => type === 'B')) {
            failures -= 1;
            throw new Error('not now');
          }
          accepted.push(...events.map(({ type }) => type));
        },
        onError: (error) => errors.push((error as Error).message),
      });
      await eventually(() => accepted.length === 1);
      await record('deal-1', 'B');
      await record('deal-1', 'C');
      await eventually(() => accepted.length >= 3);
      expect(accepted).toEqual(['A', 'B', 'C']);
      expect(errors).toEqual(['not now', 'not now']);
    });

    it('continues after a rejection from the position that the group has reached', async () => {
      await record('deal-1', 'A', 'B', 'C');
      const reached = await at(2);
      const heard: Heard = { events: [], spans: [] };
      let rejected = false;
      await bus.subscribe({
        group: 'one@1',
        after: 0n,
        resume: async () => (rejected ? reached : 0n),
        async handle(events, span) {
          if (!rejected) {
            rejected = true;
            throw new Error('another process has gone on');
          }
          heard.events.push(...events);
          heard.spans.push(span);
        },
        onError: () => undefined,
      });
      expect(types(await hears(heard, 3))).toBe('C');
      expect(heard.spans[0]?.after).toBe(reached);
    });

    it('lets one group fail without holding up another', async () => {
      await bus.subscribe({
        group: 'sick@1',
        after: 0n,
        handle: () => Promise.reject(new Error('always')),
        onError: () => undefined,
      });
      const heard = await listen('well@1', 0n);
      await record('deal-1', 'A');
      await record('deal-1', 'B');
      expect(types(await hears(heard, 2))).toBe('AB');
    });

    it('stops after the current batch and delivers nothing more', async () => {
      let finish: (() => void) | undefined;
      const heard: string[] = [];
      const subscription = await bus.subscribe({
        group: 'one@1',
        after: 0n,
        async handle(events) {
          await new Promise<void>((resume) => (finish = resume));
          heard.push(...events.map(({ type }) => type));
        },
      });
      await record('deal-1', 'A');
      await eventually(() => finish !== undefined);
      let stopped = false;
      const stopping = subscription.stop().then(() => (stopped = true));
      await new Promise((resume) => setTimeout(resume, 5));
      expect(stopped).toBe(false);
      finish?.();
      await stopping;
      await record('deal-1', 'B');
      await new Promise((resume) => setTimeout(resume, 20));
      expect(heard).toEqual(['A']);
    });

    it('continues behind its last batch after a new subscription', async () => {
      await record('deal-1', 'A');
      const first: Heard = { events: [], spans: [] };
      const subscription = await bus.subscribe({
        group: 'one@1',
        after: 0n,
        handle: async (events, span) => void (first.events.push(...events), first.spans.push(span)),
      });
      await hears(first, 1);
      await subscription.stop();
      await record('deal-1', 'B');
      expect(types(await hears(await listen('one@1', first.spans.at(-1)?.through ?? 0n), 2))).toBe('B');
    });

    it('accepts no subscription once it is closed', async () => {
      await bus.close();
      await expect(bus.subscribe({ group: 'one@1', after: 0n, handle: async () => undefined })).rejects.toThrow(
        'closed',
      );
    });
  });
}

export async function eventually(holds: () => boolean | Promise<boolean>, milliseconds = 120_000): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`not within ${milliseconds} ms: ${holds.toString()}`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
}
