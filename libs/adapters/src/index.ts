export { connect, type Infra, type Urls } from './connect.js';
export { DirectoryInUse } from './sqlite/directory-lock.js';
export { openSqliteEventStore } from './sqlite/event-store.js';
export { openSqliteReadModels } from './sqlite/read-models.js';
