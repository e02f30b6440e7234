import { randomUUID } from 'node:crypto';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type handleBidiStreamingCall, type handleClientStreamingCall, type handleServerStreamingCall, type Metadata, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { Proposed } from '../messages.js';
import type { Faults } from './faults.js';
import type { Entry, ExpectedRevision, Filter, ServerLog } from './log.js';
import { type Answer, type Refusal, appendResponse, batchResponse, readEvent, refusal, refusalOf, wrongVersion } from './responses.js';

type Reading = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;
export interface StreamsService {
  read: handleServerStreamingCall<streams.ReadReq, streams.ReadResp>;
  append: handleClientStreamingCall<streams.AppendReq, streams.AppendResp>;
  batchAppend: handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp>;
  /** Live subscriptions of now say nothing any more, and do not end. */
  silence(): void;
  /** Live subscriptions of now end with an error. */
  drop(): void;
}

const MOST = 10_000;

/** Streams.Read, Append and BatchAppend over a log. `refuse` is asked before each call and each append. */
export function createStreamsService(log: ServerLog, faults: Faults, refuse: (call: { metadata: Metadata }) => Refusal | undefined): StreamsService {
  const live = new Set<{ silent: boolean; end(): void }>();

  async function append(stream: string, expected: ExpectedRevision, events: readonly (Proposed & { json: boolean })[]): Promise<Answer> {
    const answer = await log.append(stream, expected, events);
    if (faults.lostAnswers > 0 && (faults.lostAnswers -= 1) >= 0) throw refusal(status.UNAVAILABLE, 'Connection dropped');
    if (!('actual' in answer)) {
      const [first] = faults.older ? await log.stream(stream, answer.revision - events.length + 1, 1) : [];
      return { ...answer, position: first?.position ?? answer.position };
    }
    if (faults.forgetsIds || expected === 'exists' || expected === 'any') return answer;
    const from = expected === 'none' ? 0 : expected + 1;
    const told = await log.stream(stream, from, events.length);
    const again = told.length === events.length && told.every(({ id }, n) => id === events[n]?.id);
    return again ? { revision: from + events.length - 1, position: faults.older ? undefined : told.at(-1)?.position } : answer;
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
    if (last === 'none') {
      const notFound = new streams.ReadResp.StreamNotFound().setStreamIdentifier(which.getStreamIdentifier());
      return void call.write(new streams.ReadResp().setStreamNotFound(notFound));
    }
    const backwards = options.getReadDirection() === 1;
    const from = which.hasStart() ? 0 : which.hasEnd() ? last : Math.min(Number(which.getRevision()), backwards ? last : Infinity);
    const entries = from > last ? [] : await log.stream(stream, backwards ? Math.max(0, from - count + 1) : from, backwards ? Math.min(count, from + 1) : count);
    for (const entry of backwards ? entries.reverse() : entries) await tell(call, entry, true);
  }

  async function readAll(call: Reading, options: Options): Promise<void> {
    const count = Math.min(MOST, Number(options.getCount()));
    const filter = filterOf(options);
    if (options.getReadDirection() === 1) {
      for (const entry of await log.backwards(await startOf(options, 'end'), count, filter)) await tell(call, entry, false);
      return;
    }
    const short = faults.shortReads > 0 ? (faults.shortReads -= 1) % 2 : undefined;
    const { entries } = await log.forwards((await startOf(options, 0n)) as bigint, count, filter);
    for (const entry of short === undefined ? entries : entries.slice(0, short * Math.floor(entries.length / 2))) await tell(call, entry, false);
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
    const interval = (options.getFilter()?.getMax() ?? 32) * (options.getFilter()?.getCheckpointintervalmultiplier() ?? 1);
    const started = await startOf(options, 0n);
    let position = started === 'end' ? await log.end() : started;
    let checkpoint = position;
    let wake = (): void => undefined;
    let caughtUp = false;
    const subscription = { silent: false, end: () => call.emit('error', refusal(status.UNAVAILABLE, 'Server Is Not Ready')) };
    const stopListening = log.onAppend(() => wake());
    call.once('cancelled', () => wake());
    live.add(subscription);
    try {
      call.write(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));
      while (!call.cancelled && !call.destroyed) {
        const woken = new Promise<void>((resume) => (wake = resume));
        const { entries, last } = await log.forwards(position + 1n, 1000, filter);
        for (const entry of entries) if (!subscription.silent) await tell(call, entry, false);
        const more = entries.length === 1000;
        position = last;
        if (!subscription.silent && filter && position - checkpoint > BigInt(interval) * 97n) {
          checkpoint = position;
          const here = new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position));
          call.write(new streams.ReadResp().setCheckpoint(here));
        }
        if (more) continue;
        if (!caughtUp) call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
        caughtUp = true;
        if (position >= (await log.end())) await woken;
      }
    } finally {
      stopListening();
      live.delete(subscription);
    }
  }

  return {
    read(call) {
      const refused = refuse(call);
      if (refused) return void call.emit('error', refused);
      const options = call.request.getOptions() as Options;
      const work = options.hasSubscription() ? subscribe(call, options) : options.hasStream() ? readStream(call, options) : readAll(call, options);
      work.then(
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
        const refused = refuse(call);
        if (refused || !options) return answer(refused ?? refusal(status.INVALID_ARGUMENT, 'options come first'));
        const stream = nameOf(options.getStreamIdentifier());
        const expected: ExpectedRevision = options.hasNoStream() ? 'none' : options.hasAny() ? 'any' : options.hasStreamExists() ? 'exists' : Number(options.getRevision());
        append(stream, expected, events).then(
          (told) => ('actual' in told && faults.older ? answer(wrongVersion(stream, expected, told.actual)) : answer(null, appendResponse(told, expected))),
          (error: unknown) => answer(refusalOf(error)),
        );
      });
    },
    batchAppend(call) {
      const open = new Map<string, { options: streams.BatchAppendReq.Options | undefined; events: (Proposed & { json: boolean })[] }>();
      let ended = false;
      const end = (refused: Refusal): void => {
        if (!ended) call.emit('error', refused);
        ended = true;
      };
      call.on('data', (request: streams.BatchAppendReq) => {
        const refused = refuse(call);
        if (refused) return end(refused);
        const correlation = request.getCorrelationId() as shared.UUID;
        const batch = open.get(correlation.getString()) ?? { options: request.getOptions(), events: [] };
        open.set(correlation.getString(), batch);
        batch.events.push(...request.getProposedMessagesList().map(proposedOf));
        if (!request.getIsFinal() || !batch.options) return;
        open.delete(correlation.getString());
        const { options, events } = batch;
        const expected: ExpectedRevision = options.hasNoStream() ? 'none' : options.hasAny() ? 'any' : options.hasStreamExists() ? 'exists' : Number(options.getStreamPosition());
        append(nameOf(options.getStreamIdentifier()), expected, events).then(
          (told) => ended || call.write(batchResponse(told).setCorrelationId(correlation).setStreamIdentifier(options.getStreamIdentifier())),
          (error: unknown) => end(refusalOf(error)),
        );
      });
      call.on('end', () => call.end());
    },
    silence: () => live.forEach((subscription) => (subscription.silent = true)),
    drop: () => live.forEach((subscription) => subscription.end()),
  };
}

function nameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

function proposedOf(message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage): Proposed & { json: boolean } {
  const metadata = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    json: metadata.get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

function filterOf(options: Options): Filter | undefined {
  const filter = options.getFilter();
  if (!filter) return undefined;
  const expression = (filter.getStreamIdentifier() ?? filter.getEventType()) as streams.ReadReq.Options.FilterOptions.Expression;
  const byName = filter.hasStreamIdentifier();
  const textOf = ({ stream, type }: { stream: string; type: string }): string => (byName ? stream : type);
  if (expression.getRegex()) {
    const pattern = new RegExp(expression.getRegex());
    return { matches: (entry) => pattern.test(textOf(entry)) };
  }
  const prefixes = expression.getPrefixList();
  return { matches: (entry) => prefixes.some((prefix) => textOf(entry).startsWith(prefix)), prefixes: byName ? prefixes : undefined };
}
