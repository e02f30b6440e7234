import { randomUUID } from 'node:crypto';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Transient } from '@attain/eventsourcing';
import { DEADLINE, type Commands } from './connection.js';
import { type Proposed, batchAppendRequests } from './messages.js';

/** Revision of the last event, and a position: of one of the append's events, where the server tells it. */
export interface Written {
  revision: number;
  position: bigint | undefined;
}
type Waiting = Map<string, { resolve(written: Written | undefined): void; reject(error: unknown): void; timer: NodeJS.Timeout }>;
interface Line {
  call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
  waiting: Waiting;
  /** Nobody's append is answered any more, and the next one opens a new line. */
  fail(error: unknown): void;
  failed: boolean;
}

const PASSES = /^(Timeout|Server Is Not Ready|Server Is Busy|No leader info.*)$/;

/**
 * Appends over one call that stays open, each answered by its correlation: a call for each would cost about twice the time.
 * Undefined where the stream stands at another revision; an append that was cut off may have been written.
 */
export function createBatchAppend(client: Commands): {
  append(stream: string, expected: number | 'none', events: readonly Proposed[]): Promise<Written | undefined>;
  close(): void;
} {
  let line: Promise<Line> | undefined;

  function open(): Promise<Line> {
    const opened = new Promise<Line>((resolve, reject) => {
      const call = (service: grpc.StreamsClient): Line['call'] => service.batchAppend(...client.callArguments({ requiresLeader: true }, { deadline: Infinity }));
      const ended = client.execute(grpc.StreamsClient, 'batchAppend', (service) => new Promise<void>((done, broken) => resolve(lineOn(call(service), done, broken))));
      ended.catch((error: unknown) => {
        forget();
        reject(error);
      });
    });
    const forget = (): void => void (line === opened && (line = undefined));
    return opened;

    function lineOn(call: Line['call'], done: () => void, broken: (error: unknown) => void): Line {
      const waiting: Waiting = new Map();
      const mine: Line = { call, waiting, fail, failed: false };
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
        const id = answer.getCorrelationId()?.getString() ?? '';
        const one = waiting.get(id);
        if (!one) return;
        waiting.delete(id);
        clearTimeout(one.timer);
        const refused = answer.getError()?.getMessage();
        if (refused === undefined) one.resolve(writtenOf(answer));
        else if (refused === 'WrongExpectedVersion') one.resolve(undefined);
        else one.reject(PASSES.test(refused) ? new Transient(`the event store: ${refused}`) : new Error(`the event store refused an append: ${refused}`));
      });
      call.on('error', (error) => {
        fail(error);
        broken(error);
      });
      call.on('end', () => {
        fail(new Transient('the event store ended the call'));
        done();
      });
      return mine;
    }
  }

  return {
    async append(stream, expected, events) {
      const { call, waiting, fail, failed } = await (line ??= open());
      if (failed) throw new Transient('the event store: the call has just ended');
      return new Promise((resolve, reject) => {
        const id = randomUUID();
        const timer = setTimeout(() => {
          fail(new Transient(`the event store: no answer to an append within ${DEADLINE} ms`));
          call.cancel();
        }, DEADLINE);
        waiting.set(id, { resolve, reject, timer });
        for (const request of batchAppendRequests(id, stream, expected, events)) call.write(request);
      });
    },
    close: () => void line?.then(({ call }) => call.end()).catch(() => undefined),
  };
}

function writtenOf(answer: streams.BatchAppendResp): Written {
  const success = answer.getSuccess();
  const position = success?.getPosition();
  return { revision: Number(success?.getCurrentRevision()), position: position && BigInt(position.getCommitPosition()) };
}
