import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

describe('Read models of the first version of their file', () => {
  it('are opened as they stand, and know no seal yet', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'attain-upgrade-'));
    const file = join(directory, 'models.db');
    const old = new DatabaseSync(file);
    old.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;
      CREATE TABLE model(name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, serving INTEGER NOT NULL, PRIMARY KEY(name, version)) WITHOUT ROWID;
      CREATE TABLE parked("group" TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY("group", position, key)) WITHOUT ROWID;
      CREATE TABLE "deals@1"(key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL);
      INSERT INTO model VALUES ('deals', 1, 7, 1); INSERT INTO "deals@1" VALUES ('a', 7, '{"id":"a"}');
      PRAGMA application_id = ${0x4174746d}; PRAGMA user_version = 1`);
    old.close();
    for (const seal of [undefined, 'abc']) {
      const models = openSqliteReadModels({ file });
      const writer = await models.writer({ name: 'deals', version: 1, indexes: [] });
      expect([await models.model('deals').get('a'), await writer.position(), await writer.seal()]).toEqual([
        { id: 'a' },
        7n,
        seal,
      ]);
      await writer.commit({ after: 7n, position: 7n, seal: 'abc', documents: new Map() });
      await models.close();
    }
    rmSync(directory, { recursive: true });
  });
});
