import type grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { CallOptions, Client, Metadata } from '@grpc/grpc-js';

/**
 * The client's own commands are made of these, and hidden from the types of its users. Its public commands would not do: `readAll`
 * takes no filter, reads have no deadline, and `appendToStream` shares one bank of promises between all clients of the process,
 * where an answer that nobody waits for any more is thrown into the event loop.
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
/** What an account needs, for whoever is refused. */
export const ACCOUNT =
  'the account of the URL must be in $admins, or have $r on $all and $r and $w on the streams of its namespace';
