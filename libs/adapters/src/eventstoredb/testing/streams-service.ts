import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import type { Proposed } from '../messages.js';
import { createBatchAppends } from './batch-service.js';
import type { Faults } from './faults.js';
import { type Limits, sizeOnDisk } from './limits.js';
import type { Entry, ExpectedRevision, ServerLog } from './log.js';
import { type Guard, expectedOf, filterOf, nameOf, proposedOf } from './requests.js';
import {
  type Answer,
  appendResponse,
  denied,
  readEvent,
  refusal,
  refusalOf,
  tooLarge,
  wrongVersion,
} from './responses.js';

type Reading = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;
export interface StreamsService {
  read: handleServerStreamingCall<streams.ReadReq, streams.ReadResp>;
  append: handleClientStreamingCall<streams.AppendReq, streams.AppendResp>;
  batchAppend: handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp>;
  /** Where each subscription began. */
  begun(): readonly bigint[];
  /** Calls of BatchAppend that have not ended. */
  openBatches(): number;
  /** Live subscriptions of now say nothing any more, and do not end. */
  silence(): void;
  /** Live subscriptions of now end with an error. */
  drop(): void;
}

/** Events that a server looks at in one go where no filter says. */
const WINDOW = 1000;

/** Streams.Read, Append and BatchAppend over a log. */
export function createStreamsService(log: ServerLog, faults: Faults, limits: Limits, guard: Guard): StreamsService {
  const live = new Set<{ silent: boolean; end(): void }>();
  const batches = new Set<unknown>();
  const begun: bigint[] = [];

  async function append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly (Proposed & { json: boolean })[],
  ): Promise<Answer> {
    const answer = await log.append(stream, expected, events);
    if (faults.lostAnswers > 0 && (faults.lostAnswers -= 1) >= 0)
      throw refusal(status.UNAVAILABLE, 'Connection dropped');
    if (!('actual' in answer)) {
      const [first] = faults.older ? await log.stream(stream, answer.revision - events.length + 1, 1) : [];
      return { ...answer, position: first?.position ?? answer.position };
    }
    if (faults.forgetsIds || expected === 'exists' || expected === 'any') return answer;
    const from = expected === 'none' ? 0 : expected + 1;
    const told = await log.stream(stream, from, events.length);
    const again = told.length === events.length && told.every(({ id }, n) => id === events[n]?.id);
    return again
      ? { revision: from + events.length - 1, position: faults.older ? undefined : told.at(-1)?.position }
      : answer;
  }

  async function tell(call: Reading, entry: Entry, ofStream: boolean): Promise<void> {
    const response = new streams.ReadResp().setEvent(readEvent(entry, ofStream && faults.older));
    if (call.write(response) || call.cancelled) return;
    await new Promise<void>((resume) => {
      const on = (): void => {
        call.off('drain', on).off('cancelled', on);
        resume();
      };
      call.on('drain', on).on('cancelled', on);
    });
  }

  async function readStream(call: Reading, options: Options): Promise<void> {
    const which = options.getStream() as streams.ReadReq.Options.StreamOptions;
    const stream = nameOf(which.getStreamIdentifier());
    const count = Number(options.getCount());
    const last = await log.lastRevision(stream);
    const { $tb = 0, $maxCount } = await log.metadata(stream);
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
        : await log.stream(stream, from, backwards ? asked - from + 1 : count);
    for (const entry of backwards ? entries.reverse() : entries) await tell(call, entry, true);
  }

  /** A filtered read ends with one more match than was asked for, which is not told, or at the log's end: until then it looks at everything. */
  async function readAll(call: Reading, options: Options): Promise<void> {
    const count = Number(options.getCount());
    const filter = filterOf(options);
    const window = Math.min(WINDOW, options.getFilter()?.getMax() ?? Math.max(32, count));
    const backwards = options.getReadDirection() === 1;
    const short = !backwards && faults.shortReads > 0 ? (faults.shortReads -= 1) % 2 : undefined;
    const held: Entry[] = [];
    const from = await startOf(options, backwards ? 'end' : 0n);
    let found = 0;
    scan: for await (const { entries } of backwards
      ? log.backwards(from, window, filter)
      : log.forwards(from as bigint, window, filter)) {
      for (const entry of entries) {
        if (found >= count) break scan;
        found += 1;
        if (short === undefined) await tell(call, entry, false);
        else held.push(entry);
      }
      if (call.cancelled || (!filter && found >= count)) break;
      if (filter && faults.slowScans > 0) await delay(faults.slowScans);
    }
    for (const entry of held.slice(0, (short ?? 0) * Math.floor(held.length / 2))) await tell(call, entry, false);
  }

  async function startOf(options: Options, otherwise: bigint | 'end'): Promise<bigint | 'end'> {
    const all = options.getAll() as streams.ReadReq.Options.AllOptions;
    if (all.hasStart()) return 0n;
    if (all.hasEnd()) return 'end';
    const position = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
    if (otherwise !== 'end' && position > (await log.end())) return position;
    if (!(await log.isPosition(position))) throw refusal(status.UNKNOWN, 'Unexpected ReadAllResult: Error');
    return position;
  }

  async function subscribe(call: Reading, options: Options): Promise<void> {
    const filter = filterOf(options);
    const window = options.getFilter()?.getMax() ?? 32;
    const started = await startOf(options, 0n);
    let position = started === 'end' ? await log.end() : started;
    let checkpoint = position - 1n;
    begun.push(position);
    let wake = (): void => undefined;
    let caughtUp = false;
    const subscription = {
      silent: false,
      end: () => call.emit('error', refusal(status.UNAVAILABLE, 'Server Is Not Ready')),
    };
    const stopListening = log.onAppend(() => wake());
    call.once('cancelled', () => wake());
    live.add(subscription);
    try {
      call.write(
        new streams.ReadResp().setConfirmation(
          new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()),
        ),
      );
      while (!call.cancelled && !call.destroyed) {
        const woken = new Promise<void>((resume) => (wake = resume));
        for await (const { entries, last } of log.forwards(position + 1n, window, filter)) {
          for (const entry of entries) if (!subscription.silent && !call.cancelled) await tell(call, entry, false);
          if (filter && faults.slowScans > 0) await delay(faults.slowScans);
          // It tells of the place from which it began to look, if no event behind that was told.
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
        if (position >= (await log.end())) await woken;
      }
    } finally {
      stopListening();
      live.delete(subscription);
    }
  }

  async function answer(call: Reading, options: Options): Promise<void> {
    const stream = options.hasStream() ? nameOf(options.getStream()?.getStreamIdentifier()) : '$all';
    if (!(await guard.permits(call, 'read', stream))) throw denied();
    await (options.hasSubscription()
      ? subscribe(call, options)
      : options.hasStream()
        ? readStream(call, options)
        : readAll(call, options));
  }

  return {
    read(call) {
      const refused = guard.refuse(call);
      if (refused) return void call.emit('error', refused);
      answer(call, call.request.getOptions() as Options).then(
        () => call.end(),
        (error: unknown) => call.emit('error', refusalOf(error)),
      );
    },
    append(call, answer) {
      let options: streams.AppendReq.Options | undefined;
      const events: (Proposed & { json: boolean })[] = [];
      call.on('data', (request: streams.AppendReq) => {
        const message = request.getProposedMessage();
        if (message) events.push(proposedOf(message));
        else options = request.getOptions();
      });
      call.on('end', () => {
        const refused = guard.refuse(call);
        if (refused || !options) return answer(refused ?? refusal(status.INVALID_ARGUMENT, 'options come first'));
        const [stream, expected] = [nameOf(options.getStreamIdentifier()), expectedOf(options)];
        guard
          .permits(call, 'write', stream)
          .then((permitted) => {
            if (!permitted) throw denied();
            if (events.reduce((sum, event) => sum + sizeOnDisk(event), 0) > limits.append)
              throw tooLarge(limits.append);
            return append(stream, expected, events);
          })
          .then(
            (told) =>
              'actual' in told && faults.older
                ? answer(wrongVersion(stream, expected, told.actual))
                : answer(null, appendResponse(told, expected)),
            (error: unknown) => answer(refusalOf(error)),
          );
      });
    },
    batchAppend: createBatchAppends(guard, faults, limits, append, batches),
    begun: () => begun,
    openBatches: () => batches.size,
    silence: () => live.forEach((subscription) => (subscription.silent = true)),
    drop: () => live.forEach((subscription) => subscription.end()),
  };
}
