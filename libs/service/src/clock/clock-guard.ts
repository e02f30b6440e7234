import { type Append, CLOCK, categoryOf, type Clock, ClockUntrusted, type EventStore } from '@attain/eventsourcing';
import type { SecondClock } from './second-clock.js';
import type { ClockState } from './clock.answers.js';

export type { ClockState } from './clock.answers.js';

export interface ClockLimits {
  /** The most milliseconds by which an instant may be after the second clock, and the log after the clock. */
  ahead: number;
  /** The most milliseconds between the log's last instant and the clock. */
  idle: number;
}
const HELP =
  'Nothing is recorded until that is settled; reading goes on. Set the clock right; if it is right, continue with: attain clock accept --reason TEXT';

/** Keeps instants of a wrong clock out of the log, because events are stored for ever. */
export class ClockGuard {
  private recorded: string | undefined;
  private report: (message: string | null) => void = () => undefined;

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly second: SecondClock | undefined,
    private readonly limits: ClockLimits,
  ) {}

  /** Calls back with each change of the trust in the clock. */
  onChange(report: (message: string | null) => void): void {
    this.report = report;
  }

  /** Takes the latest instant in the log since the clock was last accepted; '' for an empty log. */
  heard(recorded: string): void {
    this.recorded = recorded;
    this.examine();
  }

  /** Examines the clock and returns the reason if it cannot be trusted. */
  examine(): string | null {
    const why = this.why(this.clock());
    this.report(why);
    return why;
  }

  accepted(): void {
    this.second?.accept(Date.parse(this.clock()));
  }

  async state(): Promise<ClockState> {
    await this.known();
    const second = this.second && new Date(this.second.now()).toISOString();
    return { now: this.clock(), second: second ?? null, recorded: this.recorded || null, distrusted: this.examine() };
  }

  /** Throws ClockUntrusted if an event has an impossible instant; the event that accepts the clock may have any. */
  async check(appends: readonly Append[]): Promise<void> {
    await this.known();
    const instants = new Set<string>();
    for (const { stream, events } of appends)
      if (categoryOf(stream) !== CLOCK) for (const { meta } of events) instants.add(meta.recorded);
    for (const instant of instants) {
      const why = this.why(instant) ?? this.why(this.clock());
      if (why === null) continue;
      this.report(why);
      throw new ClockUntrusted(why);
    }
  }

  private why(instant: string): string | null {
    const [now, recorded, second] = [
      Date.parse(this.clock()),
      Date.parse(this.recorded || instant),
      this.second?.now() ?? Infinity,
    ];
    const { ahead, idle } = this.limits;
    if (recorded > now + ahead)
      return `The clock shows ${this.clock()}, and the last event was recorded at ${this.recorded}: the clock was ahead once, or is behind now. ${HELP}`;
    if (Date.parse(instant) > second + ahead)
      return `The clock shows ${instant}, but by the file system and the uptime of the machine it is ${new Date(second).toISOString()}: the clock is ahead, or was set. ${HELP}`;
    if (Date.parse(instant) > recorded + idle)
      return `The clock shows ${instant}, and the last event was recorded at ${this.recorded}, more than ${Math.round(idle / 86_400_000)} days before: the clock is ahead, or nothing was recorded for so long. ${HELP}`;
    return null;
  }

  /** Before the history is loaded, the latest instant comes from the log itself. */
  private async known(): Promise<void> {
    if (this.recorded !== undefined) return;
    const head = await this.store.head();
    const last = head === 0n ? undefined : await this.store.readAt(head);
    const limit = new Date(Date.parse(this.clock()) + this.limits.ahead).toISOString();
    const hidden = (await this.store.positionAt(limit)) < head;
    this.recorded ??= hidden ? await this.latest() : (last?.meta.recorded ?? '');
  }

  /** The latest instant since the clock was last accepted, read from the log. */
  private async latest(): Promise<string> {
    let latest = '';
    for await (const page of this.store.readAll()) {
      for (const { category, meta } of page)
        latest = category === CLOCK || meta.recorded > latest ? meta.recorded : latest;
    }
    return latest;
  }
}

/** A store that records nothing while the clock cannot be trusted. */
export function guarding(store: EventStore, guard: ClockGuard): EventStore {
  return {
    append: async (append) => {
      await guard.check([append]);
      return store.append(append);
    },
    appendMany: async (appends) => {
      await guard.check(appends);
      return store.appendMany(appends);
    },
    readStream: (stream, from) => store.readStream(stream, from),
    readStreams: (streams) => store.readStreams(streams),
    readAll: (options) => store.readAll(options),
    readAt: (position) => store.readAt(position),
    head: () => store.head(),
    sealAt: (position) => store.sealAt(position),
    positionAt: (instant) => store.positionAt(instant),
    close: () => store.close(),
  };
}
