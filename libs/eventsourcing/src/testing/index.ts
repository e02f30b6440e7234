export { eventBusContract, eventually, type OpenedBus } from './event-bus.contract.js';
export { all, event, eventStoreContract, type OpenedStore, recordedAt } from './event-store.contract.js';
export { behaviour, refused } from './given.js';
export { type OpenedModels, readModelsContract } from './read-models.contract.js';
