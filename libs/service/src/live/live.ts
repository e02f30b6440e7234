import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Fact } from '@attain/compensation';
import type { Clock } from '@attain/eventsourcing';
import { Observable } from 'rxjs';
import type { FedHistory } from '../fed-history.js';
import type { Caller } from '../identity/caller.js';
import { TooMany } from '../problem.js';
import { Progress } from '../progress.js';
import { Scopes } from '../scope.js';
import { CLOCK, HISTORY } from '../tokens.js';
import { allTopicsFor, type News, newsOf, type Seen, topicsFor, type Topic } from './news.rules.js';

/**
 * A message of a stream: the position and the time of the present numbers, and the topics whose answers may have
 * changed.
 */
export interface LiveMessage {
  readonly position: string;
  readonly at: string;
  readonly topics: readonly Topic[];
}
interface Listener {
  notify(news: News): void;
  end(): void;
}
interface Asked {
  readonly caller: Caller;
  /** The position of the client's last message; undefined without one. */
  readonly after: bigint | undefined;
  /** Whether the caller is still signed in. */
  holds(): Promise<boolean>;
}

/** Milliseconds in which events become one message. */
const TOGETHER = 250;
/** Milliseconds between two messages of a stream without news, which show the client that the stream is open. */
const BEAT = 15_000;
/** Milliseconds between two checks that the caller is still signed in. */
const LOOK = 5_000;
const MOST = 500;
const MOST_OF_ONE = 10;
/** The most events after the client's last message that are examined one by one. */
const MOST_MISSED = 5_000;

/** Notifies listeners of new facts once the read models of this process contain them. */
@Injectable()
export class Live implements BeforeApplicationShutdown {
  private readonly listeners = new Set<Listener>();
  private readonly of = new Map<string, number>();
  private heard: Fact[] = [];
  private due: NodeJS.Timeout | undefined;

  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  hear(facts: readonly Fact[]): void {
    if (this.listeners.size === 0) return;
    for (const fact of facts) this.heard.push(fact);
    this.due ??= setTimeout(() => void this.notify(), TOGETHER);
  }

  /** Throws TooMany if the caller, or all callers together, have the maximum number of streams. */
  stream({ caller, after, holds }: Asked): Observable<LiveMessage> {
    const own = this.of.get(caller.actor) ?? 0;
    if (own >= MOST_OF_ONE || this.listeners.size >= MOST)
      throw new TooMany(`There are ${own} streams of yours; close one, or ask again every 30 seconds.`, 30);
    return new Observable((subscriber) => {
      this.of.set(caller.actor, (this.of.get(caller.actor) ?? 0) + 1);
      const send = (topics: readonly Topic[]) =>
        subscriber.next({ position: String(this.history.head), at: this.clock(), topics });
      const sendNews = (news: News) => {
        const found = topicsFor(news, caller, this.seenBy(caller));
        // A caller who was signed out receives nothing more.
        if (found.length > 0)
          void holds().then(
            (isHeld) => (isHeld ? send(found) : subscriber.complete()),
            () => subscriber.complete(),
          );
      };
      const listener: Listener = { notify: sendNews, end: () => subscriber.complete() };
      this.listeners.add(listener);
      const beat = setInterval(() => send([]), BEAT);
      const look = setInterval(() => {
        void holds().then(
          (isHeld) => (isHeld ? undefined : subscriber.complete()),
          () => subscriber.complete(),
        );
      }, LOOK);
      send(this.missed(caller, after));
      return () => {
        clearInterval(beat);
        clearInterval(look);
        this.listeners.delete(listener);
        this.of.set(caller.actor, (this.of.get(caller.actor) ?? 1) - 1);
        if (this.of.get(caller.actor) === 0) this.of.delete(caller.actor);
      };
    });
  }

  /** A stopping server waits for its answers, and streams never end by themselves. */
  beforeApplicationShutdown(): void {
    clearTimeout(this.due);
    for (const listener of [...this.listeners]) listener.end();
  }

  private async notify(): Promise<void> {
    const facts = this.heard;
    this.heard = [];
    this.due = undefined;
    const last = facts.at(-1)!.position;
    // Waits for a lagging model, because a client that asks meanwhile would wait too.
    await this.progress.reached(last).catch(() => undefined);
    const news = newsOf(facts, (event) => this.history.record(event)?.sellers ?? null);
    for (const listener of [...this.listeners]) listener.notify(news);
  }

  private missed(caller: Caller, after: bigint | undefined): readonly Topic[] {
    if (after === undefined) return [];
    const { head } = this.history;
    // A log that is shorter than the client's position was restored from a copy.
    if (after > head) return allTopicsFor(caller);
    const missed = this.history.factsBetween(after, head);
    if (missed.length > MOST_MISSED) return allTopicsFor(caller);
    const news = newsOf(missed, (event) => this.history.record(event)?.sellers ?? null);
    return topicsFor(news, caller, this.seenBy(caller));
  }

  private seenBy(caller: Caller): Seen | null {
    try {
      return this.scopes.scopeOf(caller);
    } catch {
      return null;
    }
  }
}
