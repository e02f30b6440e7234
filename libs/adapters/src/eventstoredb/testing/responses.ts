import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status } from '@grpc/grpc-js';
import type { Entry, ExpectedRevision } from './log.js';

/** The answer to an append: its end, or the stream's actual revision. */
export type Answer = { revision: number; position: bigint | undefined } | { actual: number | 'none' };
/** A call's failure: status and trailers. */
export interface Refusal {
  code: status;
  details: string;
  metadata?: Metadata;
}

/** The largest position, which servers before 22.6 return on stream reads. */
const NO_POSITION = '18446744073709551615';

export function refusal(code: status, details: string, trailers: Record<string, string> = {}): Refusal {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
}

export function refusalOf(error: unknown): Refusal {
  return error instanceof Error ? refusal(status.UNKNOWN, error.message) : (error as Refusal);
}

export function denied(): Refusal {
  return refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
}

export function tooLarge(limit: number): Refusal {
  return refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });
}

export function wrongVersion(stream: string, expected: ExpectedRevision, actual: number | 'none'): Refusal {
  const number = { none: -1, any: -2, exists: -4 } as const;
  return refusal(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(typeof expected === 'number' ? expected : number[expected]),
      'actual-version': actual === 'none' ? '' : String(actual),
    },
  );
}

export function readEvent(
  { id, type, stream, revision, position, json, created, data, metadata }: Entry,
  withoutPosition: boolean,
): streams.ReadResp.ReadEvent {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
    .setStreamRevision(String(revision))
    .setCommitPosition(withoutPosition ? NO_POSITION : String(position))
    .setPreparePosition(withoutPosition ? NO_POSITION : String(position))
    .setData(data)
    .setCustomMetadata(metadata);
  event
    .getMetadataMap()
    .set('type', type)
    .set('content-type', json ? 'application/json' : 'application/octet-stream')
    .set('created', String(BigInt(created.getTime()) * 10_000n));
  const result = new streams.ReadResp.ReadEvent().setEvent(event);
  return withoutPosition ? result.setNoPosition(new shared.Empty()) : result.setCommitPosition(String(position));
}

export function appendResponse(answer: Answer, expected: ExpectedRevision): streams.AppendResp {
  if ('actual' in answer) {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (answer.actual === 'none') wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(answer.actual));
    if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
    else if (expected === 'none') wrong.setExpectedNoStream(new shared.Empty());
    else wrong.setExpectedStreamExists(new shared.Empty());
    return new streams.AppendResp().setWrongExpectedVersion(wrong);
  }
  const success = new streams.AppendResp.Success().setCurrentRevision(String(answer.revision));
  if (answer.position === undefined) success.setNoPosition(new shared.Empty());
  else
    success.setPosition(
      new streams.AppendResp.Position()
        .setCommitPosition(String(answer.position))
        .setPreparePosition(String(answer.position)),
    );
  return new streams.AppendResp().setSuccess(success);
}

/** The answer to a rejected append on a batch call: without details, except a name. */
export function batchError(message: 'Timeout' | 'AccessDenied'): streams.BatchAppendResp {
  const refused = new statuses.Status()
    .setCode(message === 'Timeout' ? code.Code.DEADLINE_EXCEEDED : code.Code.PERMISSION_DENIED)
    .setMessage(message);
  return new streams.BatchAppendResp().setError(refused);
}

export function batchTooLarge(limit: number): streams.BatchAppendResp {
  const refused = statuses.Status.deserializeBinary(Uint8Array.of(0x1a, 0))
    .setCode(code.Code.INVALID_ARGUMENT)
    .setMessage('MaximumAppendSizeExceeded');
  refused
    .getDetails()
    ?.pack(
      new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit).serializeBinary(),
      'event_store.client.MaximumAppendSizeExceeded',
    );
  return new streams.BatchAppendResp().setError(refused);
}

export function batchResponse(answer: Answer): streams.BatchAppendResp {
  if ('actual' in answer) {
    const wrong = new shared.WrongExpectedVersion();
    if (answer.actual !== 'none') wrong.setCurrentStreamRevision(String(answer.actual));
    // An empty field of details, to be filled.
    const refused = statuses.Status.deserializeBinary(Uint8Array.of(0x1a, 0))
      .setCode(code.Code.ALREADY_EXISTS)
      .setMessage('WrongExpectedVersion');
    refused.getDetails()?.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
    return new streams.BatchAppendResp().setError(refused);
  }
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(answer.revision));
  if (answer.position !== undefined)
    success.setPosition(
      new shared.AllStreamPosition()
        .setCommitPosition(String(answer.position))
        .setPreparePosition(String(answer.position)),
    );
  return new streams.BatchAppendResp().setSuccess(success);
}
