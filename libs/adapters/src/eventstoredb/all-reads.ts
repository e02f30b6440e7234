import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { Transient } from '@attain/eventsourcing';
import { type Recorded, type ReadAllRequest, readAllRequest } from './messages.js';

/** A message of Read: an event, or the position that a filtered read has reached. */
export interface Receiver {
  event(event: Recorded): void;
  checkpoint?(position: bigint): void;
}
export interface AllReadParts {
  /** Resolves when the server ends the call or the signal does. */
  call(request: streams.ReadReq, receiver: Receiver, options: { signal: AbortSignal }): Promise<void>;
  /** Resolves if the server answers, otherwise rejects. */
  ping(): Promise<unknown>;
  /** A failure as an error of the port. */
  portError(error: unknown): unknown;
  /** Milliseconds of silence after which the reader checks the server. */
  quiet: number;
}
type FilteredRead = ReadAllRequest & { count: number };

/** A forward read begins with the event at its position, which a continuing reader knows already. */
const isBehind = ({ from }: FilteredRead, events: readonly Recorded[]): boolean =>
  events.some(({ position }) => position !== from);

/**
 * Filtered reads of `$all`. The server has no index of them: it scans every event until it has found one match more than
 * requested, or the log's end, and sends nothing meanwhile. So a read has no deadline; the reader ends it with its last event,
 * and an interrupted read returns its events so far, because the caller continues from the last event.
 */
export class AllReads {
  constructor(private readonly parts: AllReadParts) {}

  async forwards(request: FilteredRead): Promise<Recorded[]> {
    const events: Recorded[] = [];
    const silent = await this.read(request, events, () => true);
    return silent && !isBehind(request, events) ? this.walk(request) : events;
  }

  async backwards(request: FilteredRead): Promise<Recorded[]> {
    const events: Recorded[] = [];
    await this.read(request, events, () => this.parts.ping().then(() => false));
    return events;
  }

  /** Whether silence ended the read. */
  private async read(
    request: FilteredRead,
    events: Recorded[],
    onSilence: () => boolean | Promise<boolean>,
  ): Promise<boolean> {
    const listening = silenceAfter(this.parts.quiet, onSilence);
    const event = (one: Recorded): void => {
      if (events.length < request.count) events.push(one);
      if (events.length >= request.count) listening.stop();
      else listening.heard();
    };
    try {
      await this.parts.call(readAllRequest(request), { event }, { signal: listening.signal });
      listening.check();
      return listening.silent();
    } catch (error) {
      if (!isBehind(request, events) || !(this.parts.portError(error) instanceof Transient)) throw error;
      return false;
    } finally {
      listening.stop();
    }
  }

  /** For a long stretch of others' events: a subscription reports its progress, so neither silence nor a break restarts the scan. */
  private async walk(request: FilteredRead): Promise<Recorded[]> {
    const events: Recorded[] = [];
    let from = request.from;
    for (;;) {
      const before = from;
      const listening = silenceAfter(this.parts.quiet, () => {
        throw new Transient(`the event store: a subscription was silent for ${this.parts.quiet} ms`);
      });
      const receiver: Receiver = {
        event(one) {
          if (one.position !== undefined && one.position === before) return;
          if (events.length < request.count) events.push(one);
          if (events.length >= request.count) listening.stop();
          else listening.heard();
        },
        checkpoint(position) {
          from = position;
          if (events.length > 0) listening.stop();
          else listening.heard();
        },
      };
      try {
        await this.parts.call(readAllRequest({ ...request, from, count: 'subscribe' }), receiver, {
          signal: listening.signal,
        });
        listening.check();
        if (events.length > 0) return events;
        throw new Transient('the event store ended a subscription');
      } catch (error) {
        if (!(this.parts.portError(error) instanceof Transient)) throw error;
        if (events.length > 0) return events;
        if (from === before) throw error;
      } finally {
        listening.stop();
      }
    }
  }
}

/** Checks after each stretch of silence whether the call should end; a failed check ends it, too, and `check` throws the failure. */
function silenceAfter(milliseconds: number, ask: () => boolean | Promise<boolean>) {
  const controller = new AbortController();
  let failure: Error | undefined;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  function heard(): void {
    clearTimeout(timer);
    if (!controller.signal.aborted) timer = setTimeout(() => void asked(), milliseconds);
  }
  async function asked(): Promise<void> {
    try {
      ended = await ask();
    } catch (error) {
      failure = error as Error;
    }
    if (ended || failure) controller.abort();
    else heard();
  }
  heard();
  return {
    signal: controller.signal,
    heard,
    silent: () => ended,
    check(): void {
      if (failure) throw failure;
    },
    stop(): void {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
