import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import type { Entry, ServerLog } from './log.js';
import { type Guard, filterOf, nameOf } from './requests.js';
import { denied, readEvent, refusal, refusalOf } from './responses.js';

type Reading = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;

/** Events per scan without a filter's window. */
const WINDOW = 1000;

/** Streams.Read: pages of a stream, pages of `$all`, and subscriptions. */
export class Reads {
  /** Where each subscription began. */
  readonly begun: bigint[] = [];
  private readonly live = new Set<{ silent: boolean; end(): void }>();

  constructor(
    private readonly log: ServerLog,
    private readonly faults: Faults,
    private readonly guard: Guard,
  ) {}

  serve(call: Reading): void {
    const refused = this.guard.refuse(call);
    if (refused) return void call.emit('error', refused);
    this.answer(call, call.request.getOptions() as Options).then(
      () => call.end(),
      (error: unknown) => call.emit('error', refusalOf(error)),
    );
  }

  /** Existing live subscriptions send nothing more, and do not end. */
  silence(): void {
    this.live.forEach((subscription) => (subscription.silent = true));
  }

  /** Existing live subscriptions end with an error. */
  drop(): void {
    this.live.forEach((subscription) => subscription.end());
  }

  private async answer(call: Reading, options: Options): Promise<void> {
    const stream = options.hasStream() ? nameOf(options.getStream()?.getStreamIdentifier()) : '$all';
    if (!(await this.guard.permits(call, 'read', stream))) throw denied();
    await (options.hasSubscription()
      ? this.subscribe(call, options)
      : options.hasStream()
        ? this.readStream(call, options)
        : this.readAll(call, options));
  }

  private async send(call: Reading, entry: Entry, ofStream: boolean): Promise<void> {
    const response = new streams.ReadResp().setEvent(readEvent(entry, ofStream && this.faults.older));
    if (call.write(response) || call.cancelled) return;
    await new Promise<void>((resume) => {
      const on = (): void => {
        call.off('drain', on).off('cancelled', on);
        resume();
      };
      call.on('drain', on).on('cancelled', on);
    });
  }

  private async readStream(call: Reading, options: Options): Promise<void> {
    const which = options.getStream() as streams.ReadReq.Options.StreamOptions;
    const stream = nameOf(which.getStreamIdentifier());
    const count = Number(options.getCount());
    const last = await this.log.lastRevision(stream);
    const { $tb = 0, $maxCount } = await this.log.metadata(stream);
    if (last === 'none') {
      const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(which.getStreamIdentifier());
      return void call.write(new streams.ReadResp().setStreamNotFound(notFound));
    }
    const backwards = options.getReadDirection() === 1;
    const first = Math.max($tb, $maxCount === undefined ? 0 : last - $maxCount + 1);
    const asked = which.hasStart()
      ? 0
      : which.hasEnd()
        ? last
        : Math.min(Number(which.getRevision()), backwards ? last : Infinity);
    const from = backwards ? Math.max(first, asked - count + 1) : Math.max(first, asked);
    const entries =
      from > last || (backwards && from > asked)
        ? []
        : await this.log.stream(stream, from, backwards ? asked - from + 1 : count);
    for (const entry of backwards ? entries.reverse() : entries) await this.send(call, entry, true);
  }

  /** A filtered read ends with one match more than requested, which it does not send, or at the log's end: until then it scans everything. */
  private async readAll(call: Reading, options: Options): Promise<void> {
    const count = Number(options.getCount());
    const filter = filterOf(options);
    const window = Math.min(WINDOW, options.getFilter()?.getMax() ?? Math.max(32, count));
    const backwards = options.getReadDirection() === 1;
    const short = !backwards && this.faults.shortReads > 0 ? (this.faults.shortReads -= 1) % 2 : undefined;
    const held: Entry[] = [];
    const from = await this.startOf(options, backwards ? 'end' : 0n);
    let found = 0;
    scan: for await (const { entries } of backwards
      ? this.log.backwards(from, window, filter)
      : this.log.forwards(from as bigint, window, filter)) {
      for (const entry of entries) {
        if (found >= count) break scan;
        found += 1;
        if (short === undefined) await this.send(call, entry, false);
        else held.push(entry);
      }
      if (call.cancelled || (!filter && found >= count)) break;
      if (filter && this.faults.slowScans > 0) await delay(this.faults.slowScans);
    }
    for (const entry of held.slice(0, (short ?? 0) * Math.floor(held.length / 2))) await this.send(call, entry, false);
  }

  private async startOf(options: Options, otherwise: bigint | 'end'): Promise<bigint | 'end'> {
    const all = options.getAll() as streams.ReadReq.Options.AllOptions;
    if (all.hasStart()) return 0n;
    if (all.hasEnd()) return 'end';
    const position = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
    if (otherwise !== 'end' && position > (await this.log.end())) return position;
    if (!(await this.log.isPosition(position))) throw refusal(status.UNKNOWN, 'Unexpected ReadAllResult: Error');
    return position;
  }

  private async subscribe(call: Reading, options: Options): Promise<void> {
    const filter = filterOf(options);
    const window = options.getFilter()?.getMax() ?? 32;
    const started = await this.startOf(options, 0n);
    let position = started === 'end' ? await this.log.end() : started;
    let checkpoint = position - 1n;
    this.begun.push(position);
    let wake = (): void => undefined;
    let caughtUp = false;
    const subscription = {
      silent: false,
      end: () => call.emit('error', refusal(status.UNAVAILABLE, 'Server Is Not Ready')),
    };
    const stopListening = this.log.onAppend(() => wake());
    call.once('cancelled', () => wake());
    this.live.add(subscription);
    try {
      call.write(
        new streams.ReadResp().setConfirmation(
          new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()),
        ),
      );
      while (!call.cancelled && !call.destroyed) {
        const woken = new Promise<void>((resume) => (wake = resume));
        for await (const { entries, last } of this.log.forwards(position + 1n, window, filter)) {
          for (const entry of entries) if (!subscription.silent && !call.cancelled) await this.send(call, entry, false);
          if (filter && this.faults.slowScans > 0) await delay(this.faults.slowScans);
          // Names the start of the scan, unless an event behind it was sent.
          const here = entries.at(-1)?.position ?? position;
          position = last;
          if (call.cancelled) break;
          if (subscription.silent || !filter || here <= checkpoint) continue;
          checkpoint = here;
          call.write(
            new streams.ReadResp().setCheckpoint(
              new streams.ReadResp.Checkpoint().setCommitPosition(String(here)).setPreparePosition(String(here)),
            ),
          );
        }
        if (!caughtUp) call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
        caughtUp = true;
        if (position >= (await this.log.end())) await woken;
      }
    } finally {
      stopListening();
      this.live.delete(subscription);
    }
  }
}
