import type grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { CallOptions, Client, Metadata } from '@grpc/grpc-js';

/**
 * The calls under the client's own commands, which its types hide. The public commands are unsuitable: `readAll` has no
 * filter, reads have no deadline, and `appendToStream` shares its pending promises between all clients of the process,
 * so that an answer without a waiting caller throws into the event loop.
 */
export interface Commands {
  execute<T>(
    client: typeof grpc.StreamsClient,
    name: string,
    action: (streams: grpc.StreamsClient) => Promise<T>,
  ): Promise<T>;
  callArguments(options: { requiresLeader: boolean }, call: CallOptions): [Metadata, CallOptions];
  handleError(client: Client, error: Error): Promise<void>;
  getChannel(): Promise<{ close(): void }>;
}
/** Milliseconds. */
export const DEADLINE = 10_000;
/** The required rights of an account, for the error of a rejected one. */
export const ACCOUNT =
  'the account of the URL must be in $admins, or have $r on $all and $r and $w on the streams of its namespace';
