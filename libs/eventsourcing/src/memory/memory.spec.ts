import { createLogBus } from '../log-bus.js';
import { eventBusContract, eventStoreContract, readModelsContract } from '../testing/index.js';
import { createMemoryEventStore } from './event-store.js';
import { createMemoryReadModels } from './read-models.js';

eventStoreContract('The memory', async () => ({ store: createMemoryEventStore() }));
eventBusContract('A log in memory', async () => {
  const store = createMemoryEventStore();
  return { store, bus: createLogBus(store) };
});
readModelsContract('The memory', async () => ({ models: createMemoryReadModels() }));
