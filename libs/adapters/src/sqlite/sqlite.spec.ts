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
readModelsContract('SQLite with a thread for counts and sums', async () => {
  const file = newFile();
  const models = openSqliteReadModels({ file, large: 0 });
  return {
    models,
    async reopen() {
      await models.close();
      return openSqliteReadModels({ file, large: 0 });
    },
  };
});
readModelsContract('SQLite in memory', async () => ({ models: openSqliteReadModels({ file: ':memory:' }) }));

describe('A large model in SQLite', () => {
  it('is summed while the process does other work', async () => {
    const models = openSqliteReadModels({ file: newFile() });
    const declared = { name: 'deals', version: 1, indexes: [] };
    const writer = await models.writer(declared);
    const documents = new Map(
      Array.from({ length: 20_000 }, (_, n) => [
        `d${n}`,
        { position: 1n, document: { owner: `rep${n % 50}`, amount: n, text: 'x'.repeat(500) } },
      ]),
    );
    await writer.commit({ after: 0n, position: 1n, documents });
    await models.serve(declared);
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    turn();
    const sums = await models.model('deals').aggregate({ groupBy: ['owner'], measures: { sum: { sum: 'amount' } } });
    isOver = true;
    expect(sums).toHaveLength(50);
    expect(turns).toBeGreaterThan(3);
    await models.close();
  });

  it('reports a failed query, and answers the next one', async () => {
    const file = newFile();
    const models = openSqliteReadModels({ file, large: 0 });
    const declared = { name: 'deals', version: 1, indexes: [] };
    await models.writer(declared);
    await models.serve(declared);
    const db = new DatabaseSync(file);
    db.exec(`ALTER TABLE "deals@1" RENAME TO "away"`);
    await expect(models.model('deals').count({ owner: 'ann' })).rejects.toThrow(/no such table/);
    db.exec(`ALTER TABLE "away" RENAME TO "deals@1"`);
    db.close();
    expect(await models.model('deals').count({ owner: 'ann' })).toBe(0);
    await models.close();
  });
});

describe('A new version of a model in SQLite', () => {
  it('gets its indexes when it is filled and begins to serve, also after an interruption in between', async () => {
    const file = newFile();
    const indexes = () => {
      const db = new DatabaseSync(file, { readOnly: true });
      const rows = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`);
      const names = rows.all().map(({ name }) => name);
      db.close();
      return names;
    };
    const declared = (version: number) => ({ name: 'deals', version, indexes: [['owner'], ['stage']] });
    let models = openSqliteReadModels({ file });
    await models.writer(declared(1));
    await models.serve(declared(1));
    expect(indexes()).toEqual(['deals@1:owner', 'deals@1:stage']);
    let writer = await models.writer(declared(2));
    const documents = (from: number) =>
      new Map(
        Array.from({ length: 1500 }, (_, n) => {
          const position = BigInt(from + n + 1);
          return [`D${(n * 7919) % 1500}-${from}`, { position, document: { owner: `o${n % 7}`, stage: `s${n % 3}` } }];
        }),
      );
    await writer.commit({ after: 0n, position: 1500n, documents: documents(0) });
    expect(indexes()).toEqual(['deals@1:owner', 'deals@1:stage']);
    await models.close();
    models = openSqliteReadModels({ file });
    writer = await models.writer(declared(2));
    await writer.commit({ after: 1500n, position: 3000n, documents: documents(1500) });
    expect(indexes()).toEqual(['deals@1:owner', 'deals@1:stage']);
    await models.serve(declared(2));
    expect(indexes()).toEqual(['deals@2:owner', 'deals@2:stage']);
    expect(await models.model('deals').count({ owner: 'o3' })).toBe(2 * Math.ceil((1500 - 3) / 7));
    await models.close();
  });
});

describe('Jobs that wait together for the thread that writes models', () => {
  it('are committed each by itself where one of them fails, and in their order', async () => {
    const file = newFile();
    const models = openSqliteReadModels({ file });
    const writer = await models.writer({ name: 'deals', version: 1, indexes: [] });
    const placed = (key: string, position: bigint) => new Map([[key, { position, document: { key } }]]);
    const answers = await Promise.allSettled([
      writer.commit({ after: 0n, position: 1n, documents: placed('a', 1n) }),
      writer.commit({ after: 0n, position: 2n, documents: placed('b', 2n) }),
      writer.commit({ after: 1n, position: 3n, documents: placed('c', 3n) }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((answers[1] as PromiseRejectedResult).reason).toMatchObject({ message: 'deals@1 is not at 0' });
    expect([...(await writer.getMany(['a', 'b', 'c'])).keys()]).toEqual(['a', 'c']);
    expect(await writer.position()).toBe(3n);
    const last = writer.commit({ after: 3n, position: 4n, documents: placed('d', 4n) });
    await models.close();
    await last;
    await expect(writer.commit({ after: 4n, position: 5n, documents: new Map() })).rejects.toThrow('are closed');
    const reopened = openSqliteReadModels({ file });
    expect(await (await reopened.writer({ name: 'deals', version: 1, indexes: [] })).position()).toBe(4n);
    await reopened.close();
  });
});

describe('Read models of the first version of their file', () => {
  it('are opened unchanged, and have no seal yet', async () => {
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
    // A projection that has learnt since then which members to leave out reads the old documents, too.
    const sparse = { name: 'deals', version: 1, indexes: [], blank: { owner: null } };
    const models = openSqliteReadModels({ file });
    const writer = await models.writer(sparse);
    const documents = new Map([['b', { position: 8n, document: { id: 'b', owner: null } }]]);
    await writer.commit({ after: 7n, position: 8n, documents });
    expect(await models.model('deals').find()).toEqual([
      { id: 'a', owner: null },
      { id: 'b', owner: null },
    ]);
    await models.close();
    rmSync(directory, { recursive: true });
  });
});

describe('A model in SQLite that is filled in bulk', () => {
  const declared = { name: 'deals', version: 1, indexes: [['owner'], ['stage']] };
  const bulk = (from: number, count: number) =>
    new Map(
      Array.from({ length: count }, (_, n) => {
        const document = { owner: `o${n % 7}`, stage: `s${n % 3}` };
        return [`D${from + n}`, { position: BigInt(from + n + 1), document }];
      }),
    );
  const indexesOf = (file: string) => {
    const db = new DatabaseSync(file, { readOnly: true });
    const rows = db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`)
      .all();
    db.close();
    return rows.map(({ name }) => name);
  };

  it('has no indexes until a query needs them, and keeps those of a full table', async () => {
    const file = newFile();
    const models = openSqliteReadModels({ file });
    const writer = await models.writer(declared);
    await models.serve(declared);
    await writer.commit({ after: 0n, position: 5000n, documents: bulk(0, 5000) });
    expect(indexesOf(file)).toEqual([]);
    await writer.commit({ after: 5000n, position: 15_000n, documents: bulk(5000, 10_000) });
    expect(await models.model('deals').count()).toBe(15_000);
    expect(indexesOf(file)).toEqual([]);
    expect(await models.model('deals').count({ owner: 'o3' })).toBe(714 + 1429);
    expect(indexesOf(file)).toEqual(['deals@1:owner', 'deals@1:stage']);
    await writer.commit({ after: 15_000n, position: 16_000n, documents: bulk(15_000, 1000) });
    expect(indexesOf(file)).toEqual(['deals@1:owner', 'deals@1:stage']);
    await models.close();
  });

  it('gets its indexes soon after the last large commit, or at the next start', async () => {
    const file = newFile();
    let models = openSqliteReadModels({ file });
    let writer = await models.writer(declared);
    await writer.commit({ after: 0n, position: 5000n, documents: bulk(0, 5000) });
    await models.close();
    expect(indexesOf(file)).toEqual([]);
    models = openSqliteReadModels({ file });
    writer = await models.writer(declared);
    expect(indexesOf(file)).toEqual(['deals@1:owner', 'deals@1:stage']);
    await writer.commit({ after: 5000n, position: 10_000n, documents: bulk(5000, 5000) });
    expect(indexesOf(file)).toEqual([]);
    while (indexesOf(file).length < 2) await new Promise((resume) => setTimeout(resume, 20));
    await models.close();
  });
});
