import { Inject, Injectable } from '@nestjs/common';
import type { EventStore, StoreFull } from '@attain/eventsourcing';
import { ForeignModels, NotReady } from './problem.js';
import { EVENT_STORE } from './tokens.js';

interface Group {
  /** Its name in `@Reads`. */
  name: string;
  /** The group has all events up to here. */
  position: bigint;
  /** The position of its stored model, if another process writes it. */
  stored: (() => Promise<bigint>) | undefined;
  /** The head when its lag was first asked for; a group below it has not caught up since its start. */
  target: bigint | undefined;
  /** Since when it has not moved although it is behind the head, in milliseconds of this process. */
  still: number | undefined;
  /** The reason that its model does not follow from this log; such a model answers nothing. */
  foreign?: string;
  /** Since when the disk of its model is full, in milliseconds of this process. */
  full?: { readonly since: number; readonly error: StoreFull };
}
/** The lag of a consumer group; `behind` counts positions of the store. */
export interface Lag {
  group: string;
  position: bigint;
  behind: bigint;
  /** Whether it is behind for longer than events need to arrive from another process. */
  late: boolean;
  /** The reason that its model does not follow from this log. */
  foreign?: string;
}

/** Milliseconds between two looks at a model that another process keeps. */
const LOOK = 50;
/** Milliseconds for a person to make room on a full disk. */
const ROOM = 5_000;
/** Milliseconds in which events arrive from another process. */
const ON_ITS_WAY = 10_000;

/** The position of each consumer group of this process, and the queries that wait for it. */
@Injectable()
export class Progress {
  private readonly groups = new Map<string, Group>();
  private readonly waiting = new Set<() => void>();
  private state: 'starting' | 'running' | 'stopped' = 'starting';

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  begin(group: string, name: string, position: bigint, stored?: () => Promise<bigint>): void {
    this.groups.set(group, { name, position, stored, target: undefined, still: undefined });
  }

  /** The model does not follow from this log, and takes no events until it is rebuilt. */
  stray(group: string, name: string, position: bigint, foreign: string): void {
    this.groups.set(group, { name, position, stored: undefined, target: undefined, still: undefined, foreign });
    this.wake();
  }

  /** The groups whose models do not follow from this log, with the reason. */
  foreign(of?: readonly string[]): { group: string; reason: string }[] {
    return [...this.groups].flatMap(([group, { name, foreign }]) =>
      foreign === undefined || (of && !of.includes(name)) ? [] : [{ group, reason: foreign }],
    );
  }

  moved(group: string, position: bigint): void {
    const known = this.groups.get(group);
    if (!known || position <= known.position) return;
    known.position = position;
    known.still = undefined;
    delete known.full;
    this.wake();
  }

  /** The model had no room for a batch, which is tried again. */
  full(group: string, error: StoreFull): void {
    const known = this.groups.get(group);
    if (known) known.full ??= { since: performance.now(), error };
    this.wake();
  }

  /** The position that all groups with these names have reached; undefined if there is no such group. */
  async positionOf(of: readonly string[]): Promise<bigint | undefined> {
    const named = [...this.groups].filter(([, { name }]) => of.includes(name));
    await Promise.all(
      named.map(async ([group, { stored }]) => {
        if (stored) this.moved(group, await stored());
      }),
    );
    const positions = named.map(([, { position }]) => position);
    return positions.length === 0 ? undefined : positions.reduce((least, one) => (one < least ? one : least));
  }

  /** All groups have started. */
  started(): void {
    this.state = 'running';
    this.wake();
  }

  /** Ends all waiting. */
  stop(): void {
    this.state = 'stopped';
    this.wake();
  }

  /** The names that a query can wait for. */
  names(): ReadonlySet<string> {
    return new Set([...this.groups.values()].map(({ name }) => name));
  }

  get running(): boolean {
    return this.state === 'running';
  }

  /**
   * Resolves when the groups with these names (default all) have reached the position. Throws NotReady after `patience`
   * milliseconds with the name of a late one, and ForeignModels at once if waiting cannot help. With `endsWhenFull` it
   * throws StoreFull after the disk of a model was full for five seconds.
   */
  async reached(
    position: bigint,
    {
      of,
      patience = 5_000,
      endsWhenFull = false,
    }: { of?: readonly string[]; patience?: number; endsWhenFull?: boolean } = {},
  ): Promise<void> {
    const deadline = performance.now() + patience;
    for (;;) {
      const foreign = this.foreign(of);
      if (foreign.length > 0) throw new ForeignModels(foreign);
      const late = this.late(position, of);
      if (late === undefined) return;
      if (endsWhenFull) this.refuseFull(of);
      const left = deadline - performance.now();
      if (left <= 0 || this.state === 'stopped')
        throw new NotReady(`${late} has not reached position ${position} yet.`);
      await this.move(this.elsewhere(position, of).length > 0 ? Math.min(left, LOOK) : left);
      await this.look(position, of);
    }
  }

  async lags(): Promise<Lag[]> {
    const head = await this.store.head();
    await this.look(head);
    return [...this.groups].map(([group, known]) => {
      const { position, stored } = known;
      known.target ??= head;
      const behind = head > position ? head - position : 0n;
      known.still = behind > 0n ? (known.still ?? performance.now()) : undefined;
      const onItsWay =
        stored !== undefined && position >= known.target && performance.now() - (known.still ?? 0) < ON_ITS_WAY;
      return {
        group,
        position,
        behind,
        late: behind > 0n && !onItsWay,
        ...(known.foreign !== undefined && { foreign: known.foreign }),
      };
    });
  }

  private elsewhere(position: bigint, of?: readonly string[]): [string, () => Promise<bigint>][] {
    return [...this.groups].flatMap(([group, { name, position: at, stored }]) =>
      stored && at < position && (!of || of.includes(name)) ? [[group, stored]] : [],
    );
  }

  private async look(position: bigint, of?: readonly string[]): Promise<void> {
    await Promise.all(this.elsewhere(position, of).map(async ([group, stored]) => this.moved(group, await stored())));
  }

  private late(position: bigint, of: readonly string[] | undefined): string | undefined {
    if (this.state === 'starting') return 'The service';
    for (const group of this.groups.values()) {
      if (group.position < position && (!of || of.includes(group.name))) return group.name;
    }
    return undefined;
  }

  private move(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, patience);
      this.waiting.add(wake);
    });
  }

  private refuseFull(of: readonly string[] | undefined): void {
    for (const { name, full } of this.groups.values()) {
      if (full && performance.now() - full.since > ROOM && (!of || of.includes(name))) throw full.error;
    }
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
