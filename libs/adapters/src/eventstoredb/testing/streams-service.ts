import type streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  status,
} from '@grpc/grpc-js';
import type { Proposed } from '../messages.js';
import { type BatchParts, createBatchAppends } from './batch-service.js';
import type { Faults } from './faults.js';
import { type Limits, sizeOnDisk } from './limits.js';
import type { ServerLog } from './log.js';
import { type Guard, type Written, expectedOf, nameOf, proposedOf } from './requests.js';
import { Reads } from './read-service.js';
import { appendResponse, denied, refusal, refusalOf, tooLarge, wrongVersion } from './responses.js';

export interface StreamsService {
  read: handleServerStreamingCall<streams.ReadReq, streams.ReadResp>;
  append: handleClientStreamingCall<streams.AppendReq, streams.AppendResp>;
  batchAppend: handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp>;
  /** Where each subscription began. */
  begun(): readonly bigint[];
  /** Calls of BatchAppend that have not ended. */
  openBatches(): number;
  /** Existing live subscriptions send nothing more, and do not end. */
  silence(): void;
  /** Existing live subscriptions end with an error. */
  drop(): void;
}

/** Streams.Read, Append and BatchAppend over a log. */
export function createStreamsService(log: ServerLog, faults: Faults, limits: Limits, guard: Guard): StreamsService {
  const reads = new Reads(log, faults, guard);
  const batches = new Set<unknown>();
  const append = writeTo(log, faults);
  return {
    read: (call) => reads.serve(call),
    append: createAppend({ guard, faults, limits, append }),
    batchAppend: createBatchAppends({ guard, faults, limits, append, open: batches }),
    begun: () => reads.begun,
    openBatches: () => batches.size,
    silence: () => reads.silence(),
    drop: () => reads.drop(),
  };
}

/** Writes an append and answers like the server: a known append gets its first answer. */
function writeTo(log: ServerLog, faults: Faults): Written {
  return async (stream, expected, events) => {
    const answer = await log.append(stream, expected, events);
    if (faults.lostAnswers > 0 && (faults.lostAnswers -= 1) >= 0)
      throw refusal(status.UNAVAILABLE, 'Connection dropped');
    if (!('actual' in answer)) {
      const [first] = faults.older ? await log.stream(stream, answer.revision - events.length + 1, 1) : [];
      return { ...answer, position: first?.position ?? answer.position };
    }
    if (faults.forgetsIds || expected === 'exists' || expected === 'any') return answer;
    const from = expected === 'none' ? 0 : expected + 1;
    const known = await log.stream(stream, from, events.length);
    const again = known.length === events.length && known.every(({ id }, n) => id === events[n]?.id);
    return again
      ? { revision: from + events.length - 1, position: faults.older ? undefined : known.at(-1)?.position }
      : answer;
  };
}

/** Streams.Append: one append per call. */
function createAppend({
  guard,
  faults,
  limits,
  append,
}: Omit<BatchParts, 'open'>): handleClientStreamingCall<streams.AppendReq, streams.AppendResp> {
  return (call, answer) => {
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
          if (events.reduce((sum, event) => sum + sizeOnDisk(event), 0) > limits.append) throw tooLarge(limits.append);
          return append(stream, expected, events);
        })
        .then(
          (written) =>
            'actual' in written && faults.older
              ? answer(wrongVersion(stream, expected, written.actual))
              : answer(null, appendResponse(written, expected)),
          (error: unknown) => answer(refusalOf(error)),
        );
    });
  };
}
