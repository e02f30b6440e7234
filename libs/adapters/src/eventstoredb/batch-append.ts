import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { AppendTooLarge, Transient } from '@attain/eventsourcing';
import { ACCOUNT, type Commands, DEADLINE } from './calls.js';
import { type Proposed, batchAppendRequests, checkSizes, sizeOf, uuidOf } from './messages.js';

/** Revision of the last event, and the position of one of the append's events, if the server returns it. */
export interface Written {
  revision: number;
  position: bigint | undefined;
}
interface Waiting {
  about: string;
  resolve(written: Written | undefined): void;
  reject(error: unknown): void;
  timer: NodeJS.Timeout;
}
type Call = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** Milliseconds for a server to end a half-closed call. */
const FAREWELL = 50;
const PASSES = /^(Timeout|Server Is Not Ready|Server Is Busy|No leader info.*)$/;

/** An open call and the appends that wait for its answers. */
class Line {
  /** Resolves when the call has ended in any way. */
  readonly ended: Promise<void>;
  private readonly waiting = new Map<string, Waiting>();
  private failed = false;

  /** Called once no append waits any more; and, once, when the call ended or broke. */
  constructor(
    readonly call: Call,
    private readonly on: { failed(): void; done(): void; broken(error: unknown): void },
  ) {
    const { promise, resolve: end } = Promise.withResolvers<void>();
    this.ended = promise;
    call.on('data', (answer: streams.BatchAppendResp) => this.answered(answer));
    call.on('error', (error) => {
      this.fail(error);
      end();
      on.broken(error);
    });
    call.on('end', () => {
      this.fail(new Transient('the event store ended the call'));
      end();
      on.done();
    });
  }

  append(stream: string, expected: number | 'none', events: readonly Proposed[]): Promise<Written | undefined> {
    if (this.failed) throw new Transient('the event store: the call has just ended');
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const timer = setTimeout(() => {
        this.fail(new Transient(`the event store: no answer to an append within ${DEADLINE} ms`));
        this.call.cancel();
      }, DEADLINE);
      const about = `${stream}: ${events.length} events of ${events.reduce((sum, event) => sum + sizeOf(event), 0)} bytes`;
      this.waiting.set(id, { about, resolve, reject, timer });
      for (const request of batchAppendRequests(id, stream, expected, events)) this.call.write(request);
    });
  }

  private answered(answer: streams.BatchAppendResp): void {
    const id = uuidOf(answer.getCorrelationId());
    const one = this.waiting.get(id);
    if (!one) return;
    this.waiting.delete(id);
    clearTimeout(one.timer);
    if (!answer.hasError()) one.resolve(writtenOf(answer));
    else if (answer.getError()?.getMessage() === 'WrongExpectedVersion') one.resolve(undefined);
    else one.reject(refusalOf(answer, one.about));
  }

  private fail(error: unknown): void {
    this.on.failed();
    this.failed = true;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.waiting.clear();
  }
}

/**
 * Appends over one open call, with answers matched by correlation: a call for each append would take about twice the time.
 * Undefined if the stream has another revision; an interrupted append may have been written.
 */
export class BatchAppend {
  private line: Promise<Line> | undefined;
  private closing = false;

  constructor(private readonly client: Commands) {}

  async append(stream: string, expected: number | 'none', events: readonly Proposed[]): Promise<Written | undefined> {
    checkSizes(stream, events);
    return (await (this.line ??= this.open())).append(stream, expected, events);
  }

  /** Resolves when no call is open any more. */
  async close(): Promise<void> {
    this.closing = true;
    const open = await Promise.race([this.line?.catch(() => undefined), delay(FAREWELL, undefined, { ref: false })]);
    if (!open) return;
    open.call.end();
    // Servers up to 26.0 end the call only with a pending answer, and after a rejected append not even then.
    await Promise.race([open.ended, delay(FAREWELL)]);
    open.call.cancel();
    await open.ended;
  }

  private open(): Promise<Line> {
    const forget = (): void => void (this.line === opened && (this.line = undefined));
    const opened = new Promise<Line>((resolve, reject) => {
      const call = (service: grpc.StreamsClient): Call =>
        service.batchAppend(...this.client.callArguments({ requiresLeader: true }, { deadline: Infinity }));
      const ended = this.client.execute(
        grpc.StreamsClient,
        'batchAppend',
        (service) =>
          new Promise<void>((done, broken) => {
            // The closing caller has cancelled the call and needs no new connection.
            const on = {
              failed: forget,
              done,
              broken: (error: unknown) => (this.closing ? done() : broken(error)),
            };
            resolve(new Line(call(service), on));
          }),
      );
      ended.catch((error: unknown) => {
        forget();
        reject(error);
      });
    });
    return opened;
  }
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
