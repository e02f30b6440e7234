import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { Urls } from '@attain/adapters';
import type { Clock, ReadModels } from '@attain/eventsourcing';
import type { DestinationStream } from 'pino';
import { type Config, readConfig } from './config.js';
import { EventTransport } from './event-transport.js';
import { createLog, nestLogger } from './log.js';
import { everybody, type Scope } from './scope.js';
import { dateOf } from '@attain/values';
import { type Lookup, lookupIn, openEngines, orClose, type ServedModules } from './serve.js';
import { ShellModule } from './shell.module.js';

export interface InstanceOptions {
  /** The places of events and models; absent for memory, which ends with the instance. */
  urls?: Urls;
  clock?: Clock;
  /** Rebuilds every read model from the log; documents without events stay. */
  rebuild?: boolean;
  /** Default `error`. */
  logLevel?: Config['LOG_LEVEL'];
  /** Default stderr, since stdout is the command line's. */
  logTo?: DestinationStream;
}

/** The modules of services without HTTP, as the command line and the scenario runner use them. */
export interface Instance extends Lookup {
  /** Everybody's rows, because the person who runs it has the data. */
  readonly scope: Scope;
  close(): Promise<void>;
}

/** The same modules, commands, store, projections and engine as `serve`, in this process and without a port. */
export async function createInstance(modules: ServedModules, options: InstanceOptions = {}): Promise<Instance> {
  const { urls = { events: 'memory:' }, logLevel = 'error', logTo = process.stderr } = options;
  const settings = {
    EVENTS_URL: urls.events,
    BUS_URL: urls.bus ?? urls.events,
    MODELS_URL: urls.models ?? urls.events,
    LOG_LEVEL: logLevel,
  };
  const config = readConfig(settings, {}, { topology: 'together', demo: false });
  const log = createLog('attain', logLevel, logTo);
  const clock = options.clock ?? (() => new Date().toISOString());
  const opened = await openEngines(config, log);
  const engines = options.rebuild ? { ...opened, models: rebuilding(opened.models) } : opened;

  @Module({ imports: [ShellModule.with({ config, engines, clock, log, name: 'attain', whole: true }), ...modules] })
  class Process {}

  const creating = NestFactory.createMicroservice<AsyncMicroserviceOptions>(Process, {
    inject: [EventTransport],
    useFactory: (strategy: EventTransport) => ({ strategy }),
    logger: nestLogger(log),
    abortOnError: false,
  });
  const app = await orClose(creating, engines);
  await orClose(app.listen(), engines);
  return { ...lookupIn(app), scope: everybody(dateOf(clock(), 'UTC')), close: () => app.close() };
}

/** The first writer of a model finds it empty. */
function rebuilding(models: ReadModels): ReadModels {
  const begun = new Set<string>();
  return {
    ...models,
    async writer(declaration) {
      const version = `${declaration.name}@${declaration.version}`;
      if (!declaration.durable && !begun.has(version)) await models.forget(declaration);
      begun.add(version);
      return models.writer(declaration);
    },
  };
}
