import { join, resolve } from 'node:path';
import { createLogBus, createMemoryEventStore, createMemoryReadModels, type EventBus, type EventStore, type FollowedStore, type ReadModels } from '@attain/eventsourcing';
import { MEMORY } from './sqlite/connection.js';
import { lockDirectory } from './sqlite/directory-lock.js';
import { openSqliteEventStore } from './sqlite/event-store.js';
import { openSqliteReadModels } from './sqlite/read-models.js';

/** Where the truth, the carrier and the views live: `sqlite:DIRECTORY`, `sqlite::memory:`, `memory:`. */
export interface Urls {
  events: string;
  /** The events' own when absent: the embedded carrier follows the log itself. */
  bus?: string;
  /** The events' own when absent. */
  models?: string;
}
export interface Infra {
  events: EventStore;
  bus: EventBus;
  models: ReadModels;
  /** One process holds everything; several of one company must refuse this. */
  embedded: boolean;
  /** Drains the carrier, then closes models and store, then gives the directories back. */
  close(): Promise<void>;
}

type Place = { kind: 'memory' } | { kind: 'sqlite'; directory: string | undefined };

/** Throws RangeError on a URL that is not understood or not built in, DirectoryInUse when another process has the directory. */
export async function connect(urls: Urls): Promise<Infra> {
  const events = placeOf('events', urls.events);
  const models = placeOf('models', urls.models ?? urls.events);
  const bus = placeOf('bus', urls.bus ?? urls.events);
  if (JSON.stringify(bus) !== JSON.stringify(events)) throw new RangeError(`bus ${urls.bus}: an embedded carrier follows the event log itself, so it must be ${urls.events}`);

  const locks: { release(): void }[] = [];
  try {
    for (const directory of new Set([events, models].flatMap((place) => (place.kind === 'sqlite' && place.directory ? [place.directory] : [])))) locks.push(lockDirectory(directory));
    const store = openEvents(events);
    const views = openModels(models);
    const carrier = createLogBus(store);
    return {
      events: store,
      bus: carrier,
      models: views,
      embedded: true,
      async close() {
        await carrier.close();
        await views.close();
        await store.close();
        for (const lock of locks) lock.release();
      },
    };
  } catch (error) {
    for (const lock of locks) lock.release();
    throw error;
  }
}

function openEvents(place: Place): FollowedStore {
  if (place.kind === 'memory') return createMemoryEventStore();
  return openSqliteEventStore({ file: place.directory === undefined ? MEMORY : join(place.directory, 'events.db') });
}

function openModels(place: Place): ReadModels {
  if (place.kind === 'memory') return createMemoryReadModels();
  return openSqliteReadModels({ file: place.directory === undefined ? MEMORY : join(place.directory, 'models.db') });
}

function placeOf(what: string, url: string): Place {
  const [, scheme, rest] = /^([a-z0-9+]+):(.*)$/s.exec(url) ?? [];
  switch (scheme) {
    case 'memory':
      return { kind: 'memory' };
    case 'sqlite':
      if (!rest) throw new RangeError(`${what} ${url}: a directory belongs behind sqlite:`);
      return { kind: 'sqlite', directory: rest === MEMORY ? undefined : resolve(rest) };
    case 'esdb':
    case 'kafka':
    case 'mongodb':
    case 'mongodb+srv':
      throw new RangeError(`${what} ${scheme}: not built in yet; use sqlite:DIRECTORY`);
    default:
      throw new RangeError(`${what} ${url}: expected sqlite:DIRECTORY, sqlite::memory: or memory:`);
  }
}
