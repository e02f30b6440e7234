import { Inject, Injectable, Optional } from '@nestjs/common';
import { createHistory, type Fact, type RecordEntry } from '@attain/compensation';
import { type AttainEvent, decodeEvent, eventTypes } from '@attain/contracts';
import {
  categoryOf,
  CLOCK,
  type Clock,
  decoded,
  type EventBus,
  type EventStore,
  nextTurn,
  type StoredEvent,
  Turns,
} from '@attain/eventsourcing';
import { dateOf, FIRST_RECORDABLE, isRecordable, LAST_RECORDABLE, type LocalDate } from '@attain/values';
import type { Consumer } from './consumer.js';
import { Alarms } from './alarms.js';
import type { FedHistory } from './fed-history.js';
import { ClockGuard } from './clock/clock-guard.js';
import { Live } from './live/live.js';
import { FactsSnapshot, NOTHING_HEARD } from './snapshot/facts-snapshot.js';
import { EVENT_STORE, HISTORY } from './tokens.js';

export const HISTORY_GROUP = 'history';
const codec = { decode: decodeEvent };
/** Users, issued statements and imports, which do not affect pay. */
const UNASKED: ReadonlySet<string> = new Set(['user', 'statement', 'import', 'quarantine', 'approval']);
/** The categories of events that affect pay. */
export const historyCategories: readonly string[] = [
  ...new Set([...eventTypes.values()].map(({ category }) => category)),
].filter((category) => !UNASKED.has(category));
/** The categories that the shell itself needs: the company's settings, and who is above whom. */
export const peopleCategories: readonly string[] = ['company', 'participant', CLOCK];

/** Loads the history from the store, then keeps it up to date from the bus. */
@Injectable()
export class HistoryFeed implements Consumer {
  private heard = NOTHING_HEARD;
  private isStopping = false;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(ClockGuard) private readonly guard: ClockGuard,
    @Inject(FactsSnapshot) private readonly snapshot: FactsSnapshot,
    @Inject(Alarms) alarms: Alarms,
    @Optional() @Inject(Live) private readonly live?: Live,
  ) {
    guard.onChange((message) => (message === null ? alarms.over('CLOCK') : alarms.raise('CLOCK', message)));
  }

  async start(bus: EventBus, onError: (error: unknown, group: string) => void): ReturnType<Consumer['start']> {
    this.heard = await this.snapshot.restore();
    let { position } = this.heard;
    this.history.remember(this.heard);
    for await (const page of this.store.readAll({ categories: historyCategories, after: position })) {
      this.take(page);
      position = page.at(-1)?.position ?? position;
      // An embedded store never waits, so the loop must let liveness probes be answered.
      await nextTurn();
    }
    this.guard.heard(this.heard.known);
    this.snapshot.fed();
    const subscription = await bus.subscribe({
      group: HISTORY_GROUP,
      categories: historyCategories,
      after: position,
      resume: async () => position,
      everyProcess: true,
      handle: async (events, span) => {
        this.take(events);
        if (events.length > 0) this.guard.heard(this.heard.known);
        position = span.through;
      },
      onError: (error) => onError(error, HISTORY_GROUP),
    });
    const named = this.prepare(onError);
    return {
      position: () => position,
      stored: async () => position,
      stop: async () => {
        this.isStopping = true;
        await named;
        await subscription.stop();
        await this.snapshot.stop();
      },
      failure: () => undefined,
      redrive: async () => ({ redriven: 0, parked: 0 }),
    };
  }

  /** Lists the facts in the background, before a question about one of them. */
  private async prepare(onError: (error: unknown, group: string) => void): Promise<void> {
    const turns = new Turns();
    try {
      for (const _ of this.history.namedInSteps()) {
        await turns.next();
        if (this.isStopping) return;
      }
    } catch (error) {
      onError(error, HISTORY_GROUP);
    }
  }

  private take(events: readonly StoredEvent[]): void {
    const facts = events.filter(({ position }) => position > this.heard.position).map(factOf);
    if (facts.length === 0) return;
    this.history.append(facts);
    let { known } = this.heard;
    for (const { type, recorded } of facts) if (type === 'ClockAccepted' || recorded > known) known = recorded;
    this.heard = { position: facts.at(-1)!.position, known, ...this.history.heard() };
    this.snapshot.heard(this.heard);
    this.live?.hear(facts);
  }
}

/** A history that reads the dates of all facts but stores only those of some categories. */
export function createFedHistory(
  reached: (position: bigint) => Promise<void>,
  clock: Clock,
  categories: readonly string[] = historyCategories,
): FedHistory {
  const history = createHistory();
  const append = history.append.bind(history);
  const held = new Set(categories);
  let [from, to] = [LAST_RECORDABLE, FIRST_RECORDABLE];
  let count = 0;
  const note = (date: LocalDate) => {
    if (date < from) from = date;
    if (date > to) to = date;
  };
  return Object.assign(history, {
    append(facts: readonly Fact[]) {
      const own = facts.filter(({ stream }) => held.has(categoryOf(stream)));
      append(own);
      count += own.length;
      for (const { data } of facts) for (const date of datesIn(data)) note(date);
    },
    restore(facts: readonly RecordEntry[]) {
      history.load(facts);
      count += facts.length;
    },
    remember(dates: { from: LocalDate; to: LocalDate }) {
      if (dates.from > dates.to) return;
      note(dates.from);
      note(dates.to);
    },
    heard: () => ({ from, to, facts: count }),
    reached: (position: bigint | string) => reached(BigInt(position)),
    span() {
      const today = dateOf(clock(), history.company().timeZone);
      return { from: from < today ? from : today, to: to > today ? to : today };
    },
  });
}

/**
 * The dates of a fact; years outside the recordable range, such as the beginning of what was always so, do not count.
 */
function* datesIn(data: AttainEvent['data']): Generator<LocalDate> {
  const fields = 'fields' in data ? data.fields : {};
  for (const holder of [data, fields] as readonly Readonly<Record<string, unknown>>[]) {
    for (const name of ['opened', 'closed', 'date', 'from', 'effective']) {
      const date = holder[name];
      if (typeof date === 'string' && isRecordable(date)) yield date;
    }
  }
}

function factOf(stored: StoredEvent): Fact {
  const { type, data, id, position, stream, meta } = decoded<AttainEvent>(codec, stored);
  return { type, data, id, position, stream, recorded: meta.recorded } as Fact;
}
