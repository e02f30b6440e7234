import { afterAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import { createLogBus, type FollowedStore } from '@attain/eventsourcing';
import { eventBusContract, eventStoreContract } from '@attain/eventsourcing/testing';
import { engineFor } from '../testing/engines.js';
import { openEventStoreDb } from './event-store.js';

const IMAGE = process.env.EVENTSTORE_IMAGE ?? 'eventstore/eventstore:24.10';

const engine = await engineFor('EventStoreDB', 'TEST_EVENTS_URL', async () => {
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_MEM_DB: 'true' })
    .withExposedPorts(2113)
    .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
    .start();
  return {
    url: `esdb://${container.getHost()}:${container.getMappedPort(2113)}?tls=false`,
    stop: async () => void (await container.stop()),
  };
});

if (engine) {
  const { url } = engine;
  const opened: FollowedStore[] = [];
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await engine.stop();
  });
  const open = async (namespace: string): Promise<FollowedStore> => {
    const store = await openEventStoreDb({ url, namespace });
    opened.push(store);
    return store;
  };
  const fresh = (): string => `t${randomBytes(6).toString('hex')}`;

  eventStoreContract('EventStoreDB', async () => {
    const namespace = fresh();
    const store = await open(namespace);
    return {
      store,
      async reopen() {
        await store.close();
        return open(namespace);
      },
    };
  });
  eventBusContract('A log in EventStoreDB', async () => {
    const store = await open(fresh());
    return { store, bus: createLogBus(store) };
  });
}
