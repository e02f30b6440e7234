import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Infra } from '@attain/adapters';
import { decodeEvent, eventTypes } from '@attain/contracts';

import { type Clock, createExecutor, type EventStore } from '@attain/eventsourcing';
import { Registry } from 'prom-client';
import { Alarms } from './alarms.js';
import { ClockCommands, ClockController } from './clock/clock.controller.js';
import { ClockGuard, guarding } from './clock/clock-guard.js';
import type { SecondClock } from './clock/second-clock.js';
import { CommandInterceptor } from './command.interceptor.js';
import { CONFIG, type Config, snapshotDirectory } from './config.js';
import { EtagInterceptor } from './etag.interceptor.js';
import { EventTransport } from './event-transport.js';
import { eventHandler } from './feature.js';
import { Handovers } from './handover/handovers.js';
import { Parcels } from './handover/parcels.js';
import { Hierarchy } from './hierarchy.js';
import type { FedHistory } from './fed-history.js';
import { createFedHistory, HISTORY_GROUP, historyCategories, HistoryFeed } from './history-feed.js';
import { HomeController } from './home/home.controller.js';
import { type Link, LINKS } from './home/links.js';
import { Authentication } from './identity/authentication.js';
import { DEMO, type Demo } from './identity/demo.js';
import { DemoController } from './identity/demo.controller.js';
import { PermitGuard } from './identity/permit.guard.js';
import { LocalSessionController, SessionController } from './identity/session.controller.js';
import { Credentials } from './identity/credentials.js';
import { KeyRate } from './identity/key-rate.js';
import { Keys } from './identity/keys.js';
import { KeysController } from './identity/keys.controller.js';
import { COUNTING, type Counting, Sessions } from './identity/sessions.js';
import { SignInBrake } from './identity/sign-in-brake.js';
import { SignIns } from './identity/sign-ins.js';
import { Users } from './identity/users.js';
import { UsersController } from './identity/users.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { Jobs } from './jobs/jobs.js';
import { Live } from './live/live.js';
import { LiveController } from './live/live.controller.js';
import { LOG, type Log } from './log.js';
import { HealthController } from './platform/health.controller.js';
import { MetricsController } from './platform/metrics.controller.js';
import { counting, Metrics, REGISTRY } from './platform/metrics.js';
import { ModelComparisons } from './platform/model-comparisons.js';
import { ModelsController } from './platform/models.controller.js';
import { ParkedController } from './platform/parked.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { Names } from './names.js';
import { Progress } from './progress.js';
import { Scopes } from './scope.js';
import { FactsSnapshot } from './snapshot/facts-snapshot.js';
import { TableInterceptor } from './tables/table.interceptor.js';
import { tooLong } from './too-long.js';
import { CLOCK, EVENT_BUS, EVENT_STORE, EXECUTOR, HISTORY, READ_MODELS, TOPOLOGY } from './tokens.js';

export interface Parts {
  config: Config;
  engines: Infra;
  clock: Clock;
  log: Log;
  name: string;
  whole: boolean;
  guest?: boolean;
  /** The categories in the history. */
  facts?: readonly string[] | undefined;
  /** Absent if instants are given by a test or a scenario. */
  secondClock?: SecondClock | undefined;
}
const ENGINES = Symbol('ENGINES');

/** Consumers stop before the engines close: first new batches, then running ones, for a limited time. */
@Injectable()
class GracefulStop implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost | undefined,
    @Inject(ENGINES) private readonly engines: Infra,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const patience = this.config.STOP_SECONDS * 1000;
    const server: unknown = this.http?.httpAdapter?.getHttpServer();
    // The server waits for its requests, and ends those that take too long.
    if (hasConnections(server)) setTimeout(() => server.closeAllConnections(), patience).unref();
    await this.transport.close();
  }

  async onApplicationShutdown(): Promise<void> {
    if (await tooLong(this.engines.close(), this.config.STOP_SECONDS))
      this.log.warn('The engines did not close in time');
  }
}

/** The providers of every feature, without HTTP. */
@Module({})
export class ShellModule {
  static with(parts: Parts): DynamicModule {
    const shared = sharedProviders(parts);
    const history = eventHandler({
      group: HISTORY_GROUP,
      name: HISTORY_GROUP,
      categories: historyCategories,
      provide: (token) => ({ provide: token, useExisting: HistoryFeed }),
    });
    return {
      module: ShellModule,
      global: true,
      controllers: [history.controller],
      providers: [
        ...shared,
        { provide: ENGINES, useValue: parts.engines },
        HistoryFeed,
        history.provider,
        EventTransport,
        GracefulStop,
      ],
      exports: [...shared, EventTransport],
    };
  }
}

/** The providers of every feature. */
function sharedProviders({
  config,
  engines,
  clock,
  log,
  name,
  whole,
  guest = false,
  facts = historyCategories,
  secondClock,
}: Parts): Provider[] {
  const registry = new Registry();
  // Without a second clock the instants come from a test or a scenario, in any order.
  const limits = secondClock
    ? { ahead: config.CLOCK_AHEAD_MINUTES * 60_000, idle: config.CLOCK_IDLE_DAYS * 86_400_000 }
    : { ahead: Infinity, idle: Infinity };
  const guard = new ClockGuard(engines.events, clock, secondClock, limits);
  const executor: Provider = {
    provide: EXECUTOR,
    inject: [EVENT_STORE],
    useFactory: (store: EventStore) =>
      createExecutor({ store, clock, versionOf: (type) => eventTypes.get(type)?.version ?? 1, decode: decodeEvent }),
  };
  return [
    { provide: CONFIG, useValue: config },
    { provide: LOG, useValue: log },
    { provide: CLOCK, useValue: clock },
    { provide: TOPOLOGY, useValue: { name, whole, embedded: engines.embedded, guest } },
    { provide: REGISTRY, useValue: registry },
    {
      provide: EVENT_STORE,
      useFactory: () => counting(secondClock ? guarding(engines.events, guard) : engines.events, registry),
    },
    { provide: ClockGuard, useValue: guard },
    ClockCommands,
    { provide: EVENT_BUS, useValue: engines.bus },
    { provide: READ_MODELS, useValue: engines.models },
    {
      provide: HISTORY,
      inject: [Progress],
      useFactory: (progress: Progress) =>
        createFedHistory((position) => progress.reached(position, { of: [HISTORY_GROUP] }), clock, facts),
    },
    {
      provide: FactsSnapshot,
      inject: [EVENT_STORE, HISTORY],
      useFactory: (store: EventStore, fed: FedHistory) =>
        new FactsSnapshot({
          directory: guest ? undefined : snapshotDirectory(config, name),
          categories: facts,
          store,
          history: fed,
          log,
        }),
    },
    executor,
    Alarms,
    Hierarchy,
    Live,
    Names,
    Progress,
    Scopes,
    Jobs,
    Parcels,
    Handovers,
  ];
}

/** The additions for HTTP: identity, errors, and the routes of every service. */
@Module({})
export class HttpShellModule {
  static with({ local, demo, links }: { local: boolean; demo: Demo | null; links: readonly Link[] }): DynamicModule {
    const controllers: Type[] = [
      HomeController,
      HealthController,
      MetricsController,
      ClockController,
      ModelsController,
      ParkedController,
      JobsController,
      LiveController,
    ];
    if (demo) controllers.push(DemoController);
    controllers.push(SessionController, KeysController);
    if (local) controllers.push(LocalSessionController, UsersController);
    return {
      module: HttpShellModule,
      controllers,
      providers: [
        { provide: DEMO, useValue: demo },
        { provide: LINKS, useValue: links },
        { provide: COUNTING, useValue: countingActors(local, demo !== null) },
        Authentication,
        CommandInterceptor,
        EtagInterceptor,
        Credentials,
        KeyRate,
        Keys,
        Metrics,
        ModelComparisons,
        PermitGuard,
        ProblemFilter,
        Sessions,
        SignInBrake,
        SignIns,
        TableInterceptor,
        Users,
      ],
    };
  }
}

function hasConnections(server: unknown): server is { closeAllConnections(): void } {
  return typeof server === 'object' && server !== null && 'closeAllConnections' in server;
}

/**
 * Sessions of a demo's visitors and of local users are invalid if the same tables are served without the demo, or with
 * an identity provider.
 */
function countingActors(local: boolean, demo: boolean): Counting {
  return (actor) => (actor.startsWith('demo:') ? demo : actor.startsWith('user:') ? local : true);
}
