import { join, resolve } from 'node:path';
import {
  createLogBus,
  createMemoryEventStore,
  createMemoryReadModels,
  type EventBus,
  type FollowedStore,
  type Publisher,
  type ReadModels,
} from '@attain/eventsourcing';
import { parseEventStoreUrl } from './eventstoredb/url.js';
import { parseKafkaUrl } from './kafka/url.js';
import { isLoopback } from './loopback.js';
import { parseMongoUrl } from './mongodb/url.js';
import { MEMORY } from './sqlite/connection.js';
import { lockDirectory } from './sqlite/directory-lock.js';
import { makePrivate } from './sqlite/private.js';
import { withoutRoom } from './sqlite/no-room.js';
import { openSqliteEventStore } from './sqlite/event-store.js';
import { openSqliteReadModels } from './sqlite/read-models.js';

/**
 * The places of log, bus and models. Embedded: `sqlite:DIRECTORY`, `sqlite::memory:`, `memory:`. Shared by several
 * processes: `esdb://…` for events, `kafka://…` for the bus, `mongodb://…` for models.
 */
export interface Urls {
  events: string;
  /** The events' own when absent: a bus that follows the log itself. */
  bus?: string;
  /** The events' own when absent. */
  models?: string;
}
export interface Connecting {
  /** Allows connections without TLS to engines on other machines. */
  inClear?: boolean;
  /** Receives the messages of an engine's client, which continues by itself. */
  onWarning?(message: string): void;
  /** Reports the parts of a data directory that other users of the machine could access. */
  onOpenToOthers?(message: string): void;
}
export interface Infra {
  events: FollowedStore;
  bus: EventBus;
  models: ReadModels;
  /** Only one process may use these engines; several processes of one company must reject this. */
  embedded: boolean;
  /** Drains the bus, closes models and store, then releases the directories. */
  close(): Promise<void>;
}

type Scheme = 'memory' | 'sqlite' | 'eventstoredb' | 'kafka' | 'mongodb';
interface Place {
  scheme: Scheme;
  url: string;
  /** Of `sqlite:`; undefined in memory. */
  directory?: string;
}
const engines: Readonly<Record<keyof Urls, { scheme: Scheme; such: string }>> = {
  events: { scheme: 'eventstoredb', such: 'esdb://HOST:2113' },
  bus: { scheme: 'kafka', such: 'kafka://HOST:9092' },
  models: { scheme: 'mongodb', such: 'mongodb://HOST/DATABASE' },
};

/**
 * Throws RangeError on a URL that is invalid, does not fit the others or leads to another machine without TLS, DirectoryInUse if
 * another process has the directory, NoRoom if its disk is too full to open it. Loads only the clients of the URLs' engines.
 */
export async function connect(urls: Urls, connecting: Connecting = {}): Promise<Infra> {
  const events = placeOf('events', urls.events);
  const models = placeOf('models', urls.models ?? urls.events);
  const bus = placeOf('bus', urls.bus ?? urls.events);
  const followsLog = bus.scheme === events.scheme && bus.url === events.url && bus.directory === events.directory;
  if (bus.scheme !== 'kafka' && !followsLog)
    throw new RangeError(
      `bus ${shown(urls.bus ?? '')}: a carrier that follows the event log itself must be that log, ${shown(urls.events)}`,
    );
  if (bus.scheme === 'kafka' && isEmbedded(events))
    throw new RangeError(
      `bus kafka: carries the events of a store that several processes reach, not of ${events.scheme}:`,
    );
  refuseInClear('events', events, connecting);
  refuseInClear('models', models, connecting);
  refuseInClear('bus', bus, connecting);

  const opened: { close(): Promise<void> }[] = [];
  const open = async <T extends { close(): Promise<void> }>(opening: T | Promise<T>): Promise<T> => {
    const one = await opening;
    opened.unshift(one);
    return one;
  };
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  const directories = [...new Set([events, models].flatMap(({ directory }) => (directory ? [directory] : [])))];
  try {
    for (const directory of directories) {
      const lock = lockDirectory(directory);
      await open({ close: async () => lock.release() });
      tellOfModes(makePrivate(directory), connecting);
    }
    const store = await open(openEvents(events, connecting));
    const views = await open(openModels(models));
    const carrier = await open(bus.scheme === 'kafka' ? openBus(bus.url, connecting) : createLogBus(store));
    return { events: store, bus: carrier, models: views, embedded: isEmbedded(events) && isEmbedded(models), close };
  } catch (error) {
    await close();
    throw withoutRoom(error, directories);
  }
}

/** The publisher of a relay. Throws RangeError if the URL does not name a bus with its own log. */
export async function connectPublisher(url: string, connecting: Connecting = {}): Promise<Publisher> {
  const place = placeOf('bus', url);
  if (place.scheme !== 'kafka')
    throw new RangeError(`bus ${shown(url)}: there is nothing to relay to; expected ${engines.bus.such}`);
  refuseInClear('bus', place, connecting);
  const { openKafkaPublisher } = await import('./kafka/publisher.js');
  return openKafkaPublisher({ url, log: warning(connecting) });
}

function tellOfModes({ closed, open }: ReturnType<typeof makePrivate>, { onOpenToOthers }: Connecting): void {
  if (closed.length > 0) onOpenToOthers?.(`Other users could read ${closed.join(', ')}; now the owner alone can.`);
  if (open.length > 0)
    onOpenToOthers?.(
      `Other users can read ${open.join(', ')}, which this process may not change; give it a directory of its own.`,
    );
}

async function openEvents({ scheme, url, directory }: Place, { onWarning }: Connecting): Promise<FollowedStore> {
  if (scheme === 'memory') return createMemoryEventStore();
  if (scheme === 'sqlite')
    return openSqliteEventStore({ file: directory === undefined ? MEMORY : join(directory, 'events.db') });
  const { openEventStoreDb } = await import('./eventstoredb/event-store.js');
  return openEventStoreDb({ url, onError: (error) => onWarning?.(String(error)) });
}

async function openModels({ scheme, url, directory }: Place): Promise<ReadModels> {
  if (scheme === 'memory') return createMemoryReadModels();
  if (scheme === 'sqlite')
    return openSqliteReadModels({ file: directory === undefined ? MEMORY : join(directory, 'models.db') });
  const { openMongoModels } = await import('./mongodb/read-models.js');
  return openMongoModels({ url });
}

async function openBus(url: string, connecting: Connecting): Promise<EventBus> {
  const { openKafkaBus } = await import('./kafka/bus.js');
  return openKafkaBus({ url, log: warning(connecting) });
}

function warning({ onWarning }: Connecting): (level: string, message: string) => void {
  return (level, message) => {
    if (level !== 'info') onWarning?.(message);
  };
}

/** Pay and passwords must be encrypted between machines, unless the operator declares the network as trusted. */
function refuseInClear(what: keyof Urls, place: Place, { inClear = false }: Connecting): void {
  const { hosts, encrypted } = reached(place);
  const other = hosts.find((host) => !isLoopback(host));
  if (encrypted || inClear || other === undefined) return;
  throw new RangeError(
    `${what}: ${other} is another machine and the URL does not ask for TLS: add tls=true to the URL, or set ENGINES_IN_CLEAR=yes if nobody can listen on the network between`,
  );
}

/** Throws RangeError on a URL that the engine's client would reject. */
function reached({ scheme, url }: Place): { hosts: readonly string[]; encrypted: boolean } {
  if (scheme === 'eventstoredb') return parseEventStoreUrl(url);
  if (scheme === 'mongodb') return parseMongoUrl(url);
  if (scheme === 'kafka') {
    const { brokers, encrypted } = parseKafkaUrl(url);
    return { hosts: brokers, encrypted };
  }
  return { hosts: [], encrypted: true };
}

function isEmbedded({ scheme }: Place): boolean {
  return scheme === 'memory' || scheme === 'sqlite';
}

/** The URL without its user and password. */
function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//***@').replace(/\?.*$/, '');
}

function placeOf(what: keyof Urls, url: string): Place {
  const [, scheme, rest] = /^([a-z0-9+]+):(.*)$/s.exec(url) ?? [];
  switch (scheme) {
    case 'memory':
      return { scheme, url: '' };
    case 'sqlite':
      if (!rest) throw new RangeError(`${what} ${url}: a directory belongs behind sqlite:`);
      return rest === MEMORY ? { scheme, url: '' } : { scheme, url: '', directory: resolve(rest) };
  }
  const { scheme: engine, such } = engines[what];
  const schemes: Readonly<Record<string, Scheme>> = {
    esdb: 'eventstoredb',
    'esdb+discover': 'eventstoredb',
    kurrentdb: 'eventstoredb',
    'kurrentdb+discover': 'eventstoredb',
    kafka: 'kafka',
    mongodb: 'mongodb',
    'mongodb+srv': 'mongodb',
  };
  const found = schemes[scheme ?? ''];
  if (found === engine || (what === 'bus' && found === 'eventstoredb')) return { scheme: found, url };
  throw new RangeError(`${what} ${shown(url)}: expected ${such}, sqlite:DIRECTORY, sqlite::memory: or memory:`);
}
