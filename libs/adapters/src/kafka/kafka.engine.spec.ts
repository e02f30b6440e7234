import { eventBusContract } from '@attain/eventsourcing/testing';
import { createMemoryEventStore, createMemoryReadModels, runRelay } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { engineFor } from '../testing/engines.js';
import { openKafkaBus } from './bus.js';
import { openKafkaPublisher } from './publisher.js';

const engine = await engineFor('Kafka', 'TEST_BUS_URL');
if (engine) {
  eventBusContract('Kafka behind a relay', async () => {
    const url = `${engine.url}/test-${newUuid()}`;
    const store = createMemoryEventStore();
    const publisher = await openKafkaPublisher({ url });
    const relay = await runRelay({ log: store, publisher, models: createMemoryReadModels() });
    const bus = await openKafkaBus({ url });
    return {
      store,
      bus: {
        subscribe: bus.subscribe,
        async close() {
          await bus.close();
          await relay.stop();
          await publisher.close();
        },
      },
    };
  });
}
