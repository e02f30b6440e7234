import { join } from 'node:path';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { Admission, HOST } from './admission.js';
import { type Faults, noFaults } from './faults.js';
import { LIMITS, type Limits } from './limits.js';
import { openServerLog } from './log.js';
import { type StreamsService, createStreamsService } from './streams-service.js';

export interface StandInOptions {
  /** Keeps the log in this directory, which must exist; in memory when absent. */
  data?: string;
  /** 0 chooses a free one. */
  port?: number;
  /** Default 127.0.0.1; a container has to listen beyond. */
  host?: string;
  /** A second listener with TLS, where every call needs the credentials; their account is in $admins unless its groups exclude it. */
  tls?: { port?: number; cert: Buffer; key: Buffer; user: string; password: string; groups?: readonly string[] };
  /** The limits of servers through 25.0 if absent. */
  limits?: Partial<Limits>;
}
/** A stand-in for EventStoreDB. */
export interface StandIn {
  port: number;
  /** Without TLS and credentials: `esdb://127.0.0.1:PORT?tls=false`. */
  url: string;
  tlsPort: number | undefined;
  faults: Faults;
  /** Where each subscription began. */
  begun(): bigint[];
  /** Calls of BatchAppend that have not ended. */
  openBatches(): number;
  silence(): void;
  drop(): void;
  close(): Promise<void>;
}

const VERSION = '24.10.0.0';

export async function startStandIn({
  data,
  port = 0,
  host = HOST,
  tls,
  limits,
}: StandInOptions = {}): Promise<StandIn> {
  const log = await openServerLog(data === undefined ? undefined : join(data, 'events.db'));
  const faults = noFaults();
  const admission = new Admission(log, faults, tls);
  const services: StreamsService[] = [];

  async function listen(
    credentials: ServerCredentials,
    on: number,
    authorized: boolean,
  ): Promise<{ server: Server; bound: number }> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    const service = createStreamsService(
      log,
      faults,
      { ...LIMITS, ...limits },
      admission.guard(authorized, () => bound),
    );
    services.push(service);
    addServices(server, service, () => bound);
    const bound = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`${host}:${on}`, credentials, (error, chosen) => (error ? reject(error) : resolve(chosen))),
    );
    return { server, bound };
  }

  const servers: Server[] = [];
  try {
    const plain = await listen(ServerCredentials.createInsecure(), port, true);
    servers.push(plain.server);
    const secure =
      tls &&
      (await listen(
        ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }]),
        tls.port ?? 0,
        false,
      ));
    if (secure) servers.push(secure.server);
    return {
      port: plain.bound,
      url: `esdb://${HOST}:${plain.bound}?tls=false`,
      tlsPort: secure?.bound,
      faults,
      begun: () => services.flatMap((service) => service.begun()),
      openBatches: () => services.reduce((sum, service) => sum + service.openBatches(), 0),
      silence: () => services.forEach((service) => service.silence()),
      drop: () => services.forEach((service) => service.drop()),
      async close() {
        servers.forEach((server) => server.forceShutdown());
        await log.close();
      },
    };
  } catch (error) {
    servers.forEach((server) => server.forceShutdown());
    await log.close();
    throw error;
  }
}

function addServices(server: Server, service: StreamsService, bound: () => number): void {
  server.addService(
    streamsGrpc.StreamsService as never,
    { read: service.read, append: service.append, batchAppend: service.batchAppend } as UntypedServiceImplementation,
  );
  server.addService(
    gossipGrpc.GossipService as never,
    {
      read: (_call: unknown, answer: (error: null, info: gossip.ClusterInfo) => void) => answer(null, cluster(bound())),
    } as UntypedServiceImplementation,
  );
  server.addService(
    featuresGrpc.ServerFeaturesService as never,
    {
      getSupportedMethods: (_call: unknown, answer: (error: null, methods: features.SupportedMethods) => void) =>
        answer(null, supported()),
    } as UntypedServiceImplementation,
  );
}

/** A cluster of one, which leads. */
function cluster(port: number): gossip.ClusterInfo {
  const member = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
    .setTimeStamp(String(BigInt(Date.now()) * 10_000n))
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(HOST).setPort(port));
  return new gossip.ClusterInfo().setMembersList([member]);
}

function supported(): features.SupportedMethods {
  const methods = ['read', 'append', 'batchappend'].map((name) =>
    new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
  );
  return new features.SupportedMethods().setEventStoreServerVersion(VERSION).setMethodsList(methods);
}
