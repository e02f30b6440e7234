import { setTimeout as delay } from 'node:timers/promises';
import { EventStoreDBClient, ErrorType, convertToCommandError } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { Transient } from '@attain/eventsourcing';
import { type Receiver, AllReads } from './all-reads.js';
import { type Written, BatchAppend } from './batch-append.js';
import { ACCOUNT, type Commands, DEADLINE } from './calls.js';
import {
  type Proposed,
  type Recorded,
  type ReadAllRequest,
  type ReadStreamRequest,
  readAllRequest,
  readStreamRequest,
  recorded,
} from './messages.js';

const ATTEMPTS = 7;
/** Milliseconds after which a call is not retried. */
const PATIENCE = 15_000;
const TRANSIENT: ReadonlySet<string> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
]);

export type Connection = ReturnType<typeof connectTo>;

/** Calls of the Streams service. Each is retried on temporary failures, then rejected with Transient. */
export function connectTo(connectionString: string, quiet = DEADLINE) {
  const client = EventStoreDBClient.connectionString(connectionString) as unknown as Commands;
  const handle = client.handleError;
  // Nobody awaits this promise, so an error in it would end the process.
  client.handleError = (failed, error) => handle(failed, error).catch(() => undefined);

  const batch = new BatchAppend(client);

  async function page(request: streams.ReadReq): Promise<Recorded[]> {
    return retried(async () => {
      const events: Recorded[] = [];
      await read(
        client,
        request,
        { event: (event) => events.push(event) },
        { deadline: new Date(Date.now() + DEADLINE) },
      );
      return events;
    });
  }

  const ping = (): Promise<unknown> => page(readAllRequest({ from: 'end', backwards: true, count: 1 }));
  const filtered = new AllReads({
    call: (request, receiver, options) => read(client, request, receiver, options),
    ping,
    portError,
    quiet,
  });

  return {
    readAll: (request: ReadAllRequest & { count: number }): Promise<Recorded[]> => {
      if (!request.filter) return page(readAllRequest(request));
      return retried(() => (request.backwards ? filtered.backwards(request) : filtered.forwards(request)));
    },
    /** An unknown stream has no events. */
    readStream: (request: ReadStreamRequest): Promise<Recorded[]> => page(readStreamRequest(request)),
    /** Resolves when the server or the signal ends it; not retried. */
    subscribe: (request: Omit<ReadAllRequest, 'count'>, receiver: Receiver, signal: AbortSignal): Promise<void> =>
      read(client, readAllRequest({ ...request, count: 'subscribe' }), receiver, { signal }).catch((error: unknown) => {
        throw portError(error);
      }),
    append: (stream: string, expected: number | 'none', events: readonly Proposed[]): Promise<Written | undefined> =>
      retried(() => batch.append(stream, expected, events)),
    async close(): Promise<void> {
      await batch.close();
      // A running search for a cluster has no waiting caller.
      void client.getChannel().then(
        (channel) => channel.close(),
        () => undefined,
      );
    },
  };
}

/** One call of Read: resolves when the server or the signal ends it. */
function read(
  client: Commands,
  request: streams.ReadReq,
  receiver: Receiver,
  options: { deadline?: Date; signal?: AbortSignal },
): Promise<void> {
  return client.execute(
    grpc.StreamsClient,
    'read',
    (service) =>
      new Promise<void>((resolve, reject) => {
        const reading = service.read(
          request,
          ...client.callArguments({ requiresLeader: true }, { deadline: options.deadline ?? Infinity }),
        );
        const cancel = (): void => reading.cancel();
        options.signal?.addEventListener('abort', cancel, { once: true });
        reading.on('data', (response: streams.ReadResp) => {
          const event = response.getEvent();
          const checkpoint = response.getCheckpoint();
          if (event?.hasEvent()) receiver.event(recorded(event));
          else if (checkpoint) receiver.checkpoint?.(BigInt(checkpoint.getCommitPosition()));
        });
        reading.on('error', (error) => {
          options.signal?.removeEventListener('abort', cancel);
          if (options.signal?.aborted) resolve();
          else reject(error);
        });
        reading.on('end', () => {
          options.signal?.removeEventListener('abort', cancel);
          resolve();
        });
        if (options.signal?.aborted) cancel();
      }),
  );
}

async function retried<T>(call: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const reason = portError(error);
      if (!(reason instanceof Transient) || attempt === ATTEMPTS || performance.now() > until) throw reason;
      await delay(25 * 2 ** attempt);
    }
  }
}

export function isType(error: unknown, type: ErrorType): boolean {
  return (commandError(error) as { type?: ErrorType }).type === type;
}

function commandError(error: unknown): unknown {
  return error instanceof Error && 'details' in error && typeof error.details === 'string'
    ? convertToCommandError(error)
    : error;
}

function portError(error: unknown): unknown {
  const reason = commandError(error) as Error & { type?: string };
  if (reason.type === ErrorType.ACCESS_DENIED)
    return new Error(`the event store: Access Denied: ${ACCOUNT}`, { cause: reason });
  const passes =
    TRANSIENT.has(reason.type ?? '') ||
    /RST_STREAM|GOAWAY|ECONNRESET|No leader info|Failed to discover/.test(reason.message);
  return passes ? new Transient(`the event store: ${reason.message}`, { cause: reason }) : reason;
}
