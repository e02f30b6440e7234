import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, type Connecting, type Infra, withoutRoom } from '@attain/adapters';
import type { Clock, EventStore } from '@attain/eventsourcing';
import type { DestinationStream } from 'pino';
import { checkJson } from './body.js';
import { CommandInterceptor } from './command.interceptor.js';
import { BadConfig, CONFIG, type Config, readConfig, type Setting } from './config.js';
import { compress } from './compressed.js';
import { correlate } from './correlation.middleware.js';
import { EtagInterceptor } from './etag.interceptor.js';
import { EventTransport } from './event-transport.js';
import { createSecondClock, type SecondClock } from './clock/second-clock.js';
import type { Link } from './home/links.js';
import type { Demo } from './identity/demo.js';
import { PermitGuard } from './identity/permit.guard.js';
import { Sessions } from './identity/sessions.js';
import { actorOf } from './identity/users.decider.js';
import { Users } from './identity/users.js';
import { createLog, LOG, type Log, nestLogger } from './log.js';
import { refuseOtherHosts } from './platform/host.js';
import { publishOpenApi } from './platform/openapi.js';
import { Metrics } from './platform/metrics.js';
import { serviceNames } from './platform/model-comparisons.js';
import { servePage } from './platform/page.js';
import { recordRequests } from './platform/request-log.js';
import { Malformed } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { Progress } from './progress.js';
import { routesOf } from './routes.js';
import { HttpShellModule, ShellModule } from './shell.module.js';
import { TableInterceptor } from './tables/table.interceptor.js';
import { EVENT_STORE, type Provided } from './tokens.js';
import { answerUnparsed } from './unparsed.js';
import { createValidation } from './validation.js';
import { serveOldPaths, versioning } from './version.js';

export type ServedModules = readonly (Type | DynamicModule)[];

export interface ServeOptions {
  /** The name of the process in logs and in the API's description. */
  name: string;
  /**
   * `together`: all services in this process. Default `apart`: one of several processes, which refuses embedded
   * engines.
   */
  topology?: 'together' | 'apart';
  /** These override the environment. */
  settings?: Readonly<Partial<Record<Setting, string>>>;
  environment?: Readonly<Record<string, string | undefined>>;
  /** The demo company, with a sign-in by one click. */
  demo?: Demo;
  /** The links of the landing page. */
  links?: readonly Link[];
  /** The directory of the built page, which is then served at /app. */
  page?: string | undefined;
  clock?: Clock;
  /**
   * The reference for the clock; by default the file system and the time since the machine started, unless a clock is
   * given.
   */
  secondClock?: SecondClock;
  /** The destination of log lines; stdout by default. */
  logTo?: DestinationStream;
  /** Shows the person who starts the server what must not be in a log; console.log by default. */
  print?: (line: string) => void;
  /**
   * Whether to create an `admin` with a secret that is shown once, if there is no user yet; default yes, never in the
   * demo.
   */
  firstUser?: boolean;
  /** Answers and commands over engines that other processes serve, without read models of its own. */
  guest?: boolean;
  /** The categories of facts that its features need in the history; by default all that affect pay. */
  facts?: readonly string[];
  /** Stop gracefully on SIGINT and SIGTERM; default yes. */
  signals?: boolean;
}

/** The injectable parts of a running process. */
export interface Lookup {
  get<T extends keyof Provided>(token: T): Provided[T];
  /** An injectable class of any of the modules. */
  get<T>(token: abstract new (...args: never[]) => T): T;
  /**
   * Resolves when every consumer has all present events of the store; throws NotReady after `patience` milliseconds
   * (default a minute).
   */
  caughtUp(patience?: number): Promise<void>;
}

export interface Served extends Lookup {
  /** Its address, e.g. http://127.0.0.1:3000. */
  url: string;
  config: Config;
  app: NestExpressApplication;
  /** Stops new requests, drains consumers and closes engines. */
  close(): Promise<void>;
}

/** Starts service modules in one HTTP process. Throws BadConfig with all errors in the settings. */
export async function serve(modules: ServedModules, options: ServeOptions): Promise<Served> {
  const {
    name,
    topology = 'apart',
    settings = {},
    environment = process.env,
    demo = null,
    links = [],
    print = console.log,
    guest = false,
  } = options;
  const config = readConfig(settings, environment, { topology, demo: demo !== null, mute: guest });
  const log = createLog(name, config.LOG_LEVEL, options.logTo);
  const engines = await openEngines(config, log);
  const clock = options.clock ?? (() => new Date().toISOString());
  const secondClock = options.secondClock ?? (options.clock ? undefined : secondClockOf(config));
  const local = config.OIDC_ISSUER === undefined;

  @Module({
    imports: [
      ShellModule.with({
        config,
        engines,
        clock,
        log,
        name,
        whole: topology === 'together' || guest,
        guest,
        facts: options.facts,
        secondClock,
      }),
      HttpShellModule.with({ local, demo, links }),
      ...modules,
    ],
  })
  class Process {}

  const creating = NestFactory.create<NestExpressApplication>(Process, {
    logger: nestLogger(log),
    abortOnError: false,
    bodyParser: false,
    // Services in one process must not hide each other's routes: if two match, the more specific one answers.
    routeConflictPolicy: { duplicate: 'error' },
    routeResolutionStrategy: 'specificity',
  });
  const app = await orClose(creating, engines);
  try {
    dress(app, config, name);
    servePage(app, { directory: options.page, config, demo, services: topology === 'apart' ? serviceNames : [] });
    const strategy = app.get(EventTransport);
    app.connectMicroservice({ strategy });
    if (options.signals ?? true) app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
    answerUnparsed(app.getHttpServer() as Server);
    await app.listen(config.PORT, config.HOST);
    await app.startAllMicroservices();
    refuseUnknownModels(app);
    const first = local && !demo && (options.firstUser ?? true) ? await firstUser(app, config) : undefined;
    if (first !== undefined)
      print(
        `First start: sign in as ${first.name} with ${first.password} (shown only now; attain login signs in, and POST /v1/session/password changes it)`,
      );
  } catch (error) {
    await app.close();
    throw error;
  }
  const { address, family, port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  log.info('listening', { url });
  return { url, config, app, ...lookupIn(app), close: () => app.close() };
}

/** Throws BadConfig if the secret of the first admin is easy to guess. */
async function firstUser(
  app: NestExpressApplication,
  { ADMIN_SECRET }: Config,
): Promise<{ name: string; password: string } | undefined> {
  const users = app.get(Users);
  const changed = await users.changed();
  await app.get(Sessions).endThoseBefore(new Map([...changed].map(([name, at]) => [actorOf(name), at])));
  return users.first(ADMIN_SECRET).catch((error: unknown) => {
    if (!(error instanceof Malformed)) throw error;
    throw new BadConfig([{ setting: 'ADMIN_SECRET', message: error.errors[0]?.message ?? error.message }]);
  });
}

export function lookupIn(app: INestApplicationContext): Lookup {
  return {
    get: (token: never) => app.get(token, { strict: false }),
    caughtUp: async (patience = 60_000) => {
      const head = await app.get<EventStore>(EVENT_STORE, { strict: false }).head();
      const { MODELS_URL } = app.get<Config>(CONFIG, { strict: false });
      const [, directory] = /^sqlite:(.+)$/.exec(MODELS_URL) ?? [];
      await app
        .get(Progress, { strict: false })
        .reached(head, { patience, endsWhenFull: true })
        .catch((error: unknown) => {
          throw directory === undefined ? error : withoutRoom(error, [directory]);
        });
    },
  };
}

/** Beside the data if these belong to this process; a log in memory needs none. */
function secondClockOf({ EVENTS_URL }: Config): SecondClock | undefined {
  const [, scheme, place = ''] = /^(memory|sqlite):(.*)$/.exec(EVENTS_URL) ?? [];
  if (scheme === 'memory' || place === ':memory:') return undefined;
  return createSecondClock(scheme === 'sqlite' ? place : tmpdir());
}

/** If creating fails, the engines are closed, so that nothing stays open or locked. */
export async function orClose<T>(creating: Promise<T>, engines: { close(): Promise<void> }): Promise<T> {
  try {
    return await creating;
  } catch (error) {
    await engines.close();
    throw error;
  }
}

/** Throws BadConfig for addresses that no adapter supports. */
export async function openEngines(config: Config, log: Log): Promise<Infra> {
  const { EVENTS_URL, BUS_URL, MODELS_URL } = config;
  try {
    return await connect({ events: EVENTS_URL, bus: BUS_URL, models: MODELS_URL }, connecting(config, log));
  } catch (error) {
    if (error instanceof RangeError)
      throw new BadConfig([{ setting: 'EVENTS_URL, BUS_URL, MODELS_URL', message: error.message }]);
    throw error;
  }
}

export function connecting({ ENGINES_IN_CLEAR }: Config, log: Log): Connecting {
  return {
    inClear: ENGINES_IN_CLEAR === 'yes',
    onWarning: (message) => log.warn('An engine’s client goes on by itself', { message }),
    onOpenToOthers: (message) => log.warn('The data directory was open to other users', { message }),
  };
}

/** A query that names an unknown model would not wait at all. */
function refuseUnknownModels(app: NestExpressApplication): void {
  const known = app.get(Progress).names();
  for (const { method, path, reads } of routesOf(app)) {
    for (const model of reads)
      if (!known.has(model))
        throw new Error(`${method} ${path} reads ${model}, which no feature of this process keeps`);
  }
}

function dress(app: NestExpressApplication, config: Config, name: string): void {
  const log = app.get(LOG);
  const https = config.PUBLIC_URL?.startsWith('https:') ?? false;
  const nowhere = ["'none'"];
  const here = ["'self'"];
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: nowhere,
        styleSrc: here,
        imgSrc: [...here, 'data:'],
        formAction: here,
        frameAncestors: nowhere,
        baseUri: nowhere,
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https,
  });
  // In addition to the CSRF token: browsers state whether another site caused a request.
  app.enableCsrfProtection();
  app.set('etag', false);
  app.set('trust proxy', config.TRUSTED_PROXIES);
  app.enableVersioning(versioning);
  app.use(correlate);
  app.use(serveOldPaths);
  app.use(compress());
  app.use(recordRequests(log, app.get(Metrics)));
  app.use(refuseOtherHosts(config));
  const json = { limit: config.BODY_LIMIT, verify: checkJson };
  app.useBodyParser('json', json);
  app.useBodyParser('urlencoded', { limit: '10kb', extended: false });
  app.useGlobalFilters(app.get(ProblemFilter));
  app.useGlobalGuards(app.get(PermitGuard));
  app.useGlobalInterceptors(app.get(CommandInterceptor), app.get(EtagInterceptor), app.get(TableInterceptor));
  app.useGlobalPipes(createValidation());
  publishOpenApi(app, name);
}
