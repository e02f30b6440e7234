import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectPublisher } from '@attain/adapters';
import {
  type EventStore,
  forgetStray,
  type ReadModels,
  type Relay,
  RELAY_PLACE,
  runRelay,
} from '@attain/eventsourcing';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { BadConfig, type Config, readConfig } from './config.js';
import { createLog, type Log } from './log.js';
import { connecting, openEngines, orClose, type ServeOptions } from './serve.js';
import { tooLong } from './too-long.js';

export interface ServedRelay {
  url: string;
  close(): Promise<void>;
}

/**
 * The relay as its own process: it publishes the events of the store on the bus. `/health/ready` and `/metrics` show
 * its progress. A second relay at the same time is wasteful but not wrong. Throws BadConfig.
 */
export async function serveRelay(
  options: Pick<ServeOptions, 'settings' | 'environment' | 'logTo' | 'signals'> = {},
): Promise<ServedRelay> {
  const { settings = {}, environment = process.env, signals = true } = options;
  const config = readConfig(settings, environment, { topology: 'apart', demo: false, mute: true });
  const log = createLog('relay', config.LOG_LEVEL, options.logTo);
  const engines = await openEngines(config, log);
  const publisher = await orClose(publisherOf(config, log), engines);
  const starting = runRelay({
    log: engines.events,
    publisher,
    models: engines.models,
    onError: (error) => log.failure('A batch was not relayed and is tried again', error),
  });
  const relay = await orClose(orClose(starting, publisher), engines);
  const metrics = metricsOf(relay);
  const server = createServer(async (request, response) => {
    const [status, type, text] = await answer(request.url ?? '', relay, metrics).catch(
      (error: unknown) =>
        [503, 'application/json', JSON.stringify({ status: 'not running', detail: String(error) })] as const,
    );
    response.writeHead(status, { 'Content-Type': type }).end(text);
  });
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening');

  let closing: Promise<void> | undefined;
  const end = async () => {
    server.close();
    server.closeAllConnections();
    if (await tooLong(relay.stop(), config.STOP_SECONDS))
      log.warn('The batch in hand did not end in time; it is relayed again at the next start');
    await publisher.close();
    await engines.close();
  };
  const close = () => (closing ??= end());
  if (signals)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void close().then(() => process.exit(0)));
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.HOST}:${port}`;
  log.info('listening', { url });
  return { url, close };
}

/** Lets the relay start again if its position is not in the log; returns whether it did. */
export function forgetStrayRelay(models: ReadModels, store: EventStore): Promise<boolean> {
  return forgetStray(RELAY_PLACE, models, store);
}

async function publisherOf(config: Config, log: Log) {
  try {
    return await connectPublisher(config.BUS_URL, connecting(config, log));
  } catch (error) {
    throw error instanceof RangeError ? new BadConfig([{ setting: 'BUS_URL', message: error.message }]) : error;
  }
}

function metricsOf(relay: Relay): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'attain_relay_behind_positions',
    help: 'Positions of the store that the relay has yet to bring to the bus',
    registers: [registry],
    async collect() {
      this.set(Number(await relay.lag()));
    },
  });
  return registry;
}

async function answer(path: string, relay: Relay, metrics: Registry): Promise<readonly [number, string, string]> {
  if (path === '/health/live') return [200, 'application/json', JSON.stringify({ status: 'live' })];
  if (path === '/metrics') return [200, metrics.contentType, await metrics.metrics()];
  if (path !== '/health/ready') return [404, 'application/json', JSON.stringify({ status: 'unknown' })];
  const body = { status: 'ready', position: String(relay.position()), behind: String(await relay.lag()) };
  return [200, 'application/json', JSON.stringify(body)];
}
