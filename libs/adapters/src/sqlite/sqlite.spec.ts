import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogBus } from '@attain/eventsourcing';
import { eventBusContract, eventStoreContract, readModelsContract } from '@attain/eventsourcing/testing';
import { openSqliteEventStore } from './event-store.js';
import { openSqliteReadModels } from './read-models.js';

const directory = mkdtempSync(join(tmpdir(), 'attain-sqlite-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const newFile = (): string => join(directory, `${(files += 1)}.db`);

eventStoreContract('SQLite in a file', async () => {
  const file = newFile();
  const store = openSqliteEventStore({ file });
  return {
    store,
    async reopen() {
      await store.close();
      return openSqliteEventStore({ file });
    },
  };
});
eventStoreContract('SQLite in memory', async () => ({ store: openSqliteEventStore({ file: ':memory:' }) }));
eventBusContract('A log in SQLite', async () => {
  const store = openSqliteEventStore({ file: newFile() });
  return { store, bus: createLogBus(store) };
});
readModelsContract('SQLite in a file', async () => {
  const file = newFile();
  const models = openSqliteReadModels({ file });
  return {
    models,
    async reopen() {
      await models.close();
      return openSqliteReadModels({ file });
    },
  };
});
readModelsContract('SQLite in memory', async () => ({ models: openSqliteReadModels({ file: ':memory:' }) }));
