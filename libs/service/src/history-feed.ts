import { Inject, Injectable } from '@nestjs/common';
import { createHistory, type Fact, type History } from '@attain/compensation';
import { type AttainEvent, decodeEvent, eventTypes } from '@attain/contracts';
import type { EventBus, EventStore, StoredEvent } from '@attain/eventsourcing';
import type { Consumer } from './consumer.js';
import { Alarms } from './alarms.js';
import { ClockGuard } from './clock/clock-guard.js';
import { EVENT_STORE, HISTORY } from './tokens.js';

/** The engine's facts, all of the store's, and a way to wait for one of them. */
export type FedHistory = History & {
  /** Resolves when every fact up to this position is in; throws NotReady after five seconds. */
  reached(position: bigint | string): Promise<void>;
};

export const HISTORY_GROUP = 'history';
/** What pay follows from; who may sign in is none of it. */
export const historyCategories: readonly string[] = [
  ...new Set([...eventTypes.values()].map(({ category }) => category).filter((category) => category !== 'user')),
];

/** Fills the history: first with what the store has, then with what the bus brings. */
@Injectable()
export class HistoryFeed implements Consumer {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(ClockGuard) private readonly guard: ClockGuard,
    @Inject(Alarms) alarms: Alarms,
  ) {
    guard.onChange((message) => (message === null ? alarms.over('CLOCK') : alarms.raise('CLOCK', message)));
  }

  async start(bus: EventBus, onError: (error: unknown, group: string) => void): ReturnType<Consumer['start']> {
    let position = 0n;
    for await (const page of this.store.readAll({ categories: historyCategories })) {
      this.#take(page);
      position = page.at(-1)?.position ?? position;
      // An embedded store answers without ever waiting, and liveness must be told meanwhile.
      await new Promise(setImmediate);
    }
    this.guard.heard(this.history.lastKnown());
    const subscription = await bus.subscribe({
      group: HISTORY_GROUP,
      categories: historyCategories,
      after: position,
      resume: async () => position,
      everyProcess: true,
      handle: async (events, span) => {
        this.#take(events);
        if (events.length > 0) this.guard.heard(this.history.lastKnown());
        position = span.through;
      },
      onError: (error) => onError(error, HISTORY_GROUP),
    });
    return {
      position: () => position,
      stored: async () => position,
      stop: () => subscription.stop(),
      failure: () => undefined,
      redrive: async () => ({ redriven: 0, parked: 0 }),
    };
  }

  #take(events: readonly StoredEvent[]): void {
    const head = this.history.head;
    this.history.append(events.filter(({ position }) => position > head).map(factOf));
  }
}

export function createFedHistory(reached: (position: bigint) => Promise<void>): FedHistory {
  return Object.assign(createHistory(), { reached: (position: bigint | string) => reached(BigInt(position)) });
}

function factOf({ id, position, stream, type, version, data, meta }: StoredEvent): Fact {
  const event: AttainEvent = decodeEvent(type, version, data);
  return { ...event, id, position, stream, recorded: meta.recorded };
}
