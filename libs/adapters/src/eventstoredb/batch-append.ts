import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { AppendTooLarge, Transient } from '@attain/eventsourcing';
import { ACCOUNT, type Commands, DEADLINE } from './calls.js';
import { type Proposed, batchAppendRequests, checkSizes, sizeOf, uuidOf } from './messages.js';

/** Revision of the last event, and a position: of one of the append's events, where the server tells it. */
export interface Written {
  revision: number;
  position: bigint | undefined;
}
type Waiting = Map<
  string,
  { about: string; resolve(written: Written | undefined): void; reject(error: unknown): void; timer: NodeJS.Timeout }
>;
interface Line {
  call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
  waiting: Waiting;
  /** Nobody's append is answered any more, and the next one opens a new line. */
  fail(error: unknown): void;
  failed: boolean;
  /** Resolves when the call has ended, however it did. */
  ended: Promise<void>;
}

/** Milliseconds that a server has to end a call that was half closed. */
const FAREWELL = 50;
const PASSES = /^(Timeout|Server Is Not Ready|Server Is Busy|No leader info.*)$/;

/**
 * Appends over one call that stays open, each answered by its correlation: a call for each would cost about twice the time.
 * Undefined where the stream stands at another revision; an append that was cut off may have been written.
 */
export function createBatchAppend(client: Commands): {
  append(stream: string, expected: number | 'none', events: readonly Proposed[]): Promise<Written | undefined>;
  /** Resolves when no call is open any more. */
  close(): Promise<void>;
} {
  let line: Promise<Line> | undefined;
  let closing = false;

  function open(): Promise<Line> {
    const opened = new Promise<Line>((resolve, reject) => {
      const call = (service: grpc.StreamsClient): Line['call'] =>
        service.batchAppend(...client.callArguments({ requiresLeader: true }, { deadline: Infinity }));
      const ended = client.execute(
        grpc.StreamsClient,
        'batchAppend',
        (service) => new Promise<void>((done, broken) => resolve(lineOn(call(service), done, broken))),
      );
      ended.catch((error: unknown) => {
        forget();
        reject(error);
      });
    });
    const forget = (): void => void (line === opened && (line = undefined));
    return opened;

    function lineOn(call: Line['call'], done: () => void, broken: (error: unknown) => void): Line {
      const waiting: Waiting = new Map();
      const { promise, resolve: end } = Promise.withResolvers<void>();
      const mine: Line = { call, waiting, fail, failed: false, ended: promise };
      function fail(error: unknown): void {
        forget();
        mine.failed = true;
        for (const { reject, timer } of waiting.values()) {
          clearTimeout(timer);
          reject(error);
        }
        waiting.clear();
      }
      call.on('data', (answer: streams.BatchAppendResp) => {
        const id = uuidOf(answer.getCorrelationId());
        const one = waiting.get(id);
        if (!one) return;
        waiting.delete(id);
        clearTimeout(one.timer);
        if (!answer.hasError()) one.resolve(writtenOf(answer));
        else if (answer.getError()?.getMessage() === 'WrongExpectedVersion') one.resolve(undefined);
        else one.reject(refusalOf(answer, one.about));
      });
      call.on('error', (error) => {
        fail(error);
        end();
        // Whoever closes has cancelled it, and needs no new connection.
        if (closing) done();
        else broken(error);
      });
      call.on('end', () => {
        fail(new Transient('the event store ended the call'));
        end();
        done();
      });
      return mine;
    }
  }

  return {
    async append(stream, expected, events) {
      checkSizes(stream, events);
      const { call, waiting, fail, failed } = await (line ??= open());
      if (failed) throw new Transient('the event store: the call has just ended');
      return new Promise((resolve, reject) => {
        const id = randomUUID();
        const timer = setTimeout(() => {
          fail(new Transient(`the event store: no answer to an append within ${DEADLINE} ms`));
          call.cancel();
        }, DEADLINE);
        waiting.set(id, {
          about: `${stream}: ${events.length} events of ${events.reduce((sum, event) => sum + sizeOf(event), 0)} bytes`,
          resolve,
          reject,
          timer,
        });
        for (const request of batchAppendRequests(id, stream, expected, events)) call.write(request);
      });
    },
    async close() {
      closing = true;
      const open = await Promise.race([line?.catch(() => undefined), delay(FAREWELL, undefined, { ref: false })]);
      if (!open) return;
      open.call.end();
      // Servers up to 26.0 end it only with an answer that is still to come, and after a refused append not even then.
      await Promise.race([open.ended, delay(FAREWELL)]);
      open.call.cancel();
      await open.ended;
    },
  };
}

function refusalOf(answer: streams.BatchAppendResp, about: string): Error {
  const error = answer.getError();
  const message = error?.getMessage() ?? '';
  if (PASSES.test(message)) return new Transient(`the event store: ${message}`);
  if (message === 'AccessDenied') return new Error(`${about}: the event store denies access; ${ACCOUNT}`);
  if (!/^MaximumAppend(Event)?SizeExceeded$/.test(message))
    return new Error(`${about}: the event store refused them: ${message}`);
  const limit = error
    ?.getDetails()
    ?.unpack(shared.MaximumAppendSizeExceeded.deserializeBinary, 'event_store.client.MaximumAppendSizeExceeded')
    ?.getMaxappendsize();
  const most =
    limit === undefined ? 'the event store takes in one event' : `the ${limit} that the event store takes at once`;
  return new AppendTooLarge(`${about} are more than ${most}; raise its setting MaxAppendSize`);
}

function writtenOf(answer: streams.BatchAppendResp): Written {
  const success = answer.getSuccess();
  const position = success?.getPosition();
  return {
    revision: Number(success?.getCurrentRevision()),
    position: position && BigInt(position.getCommitPosition()),
  };
}
