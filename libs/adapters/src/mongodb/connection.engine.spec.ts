import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { type ReadModels, Transient } from '@attain/eventsourcing';
import { eventually } from '@attain/eventsourcing/testing';
import { engineFor } from '../testing/engines.js';
import { openMongoModels } from './read-models.js';
import { databaseAt, freshDatabase, startMongo } from './testing/database.js';
import { destroyBeforeWriting, type Way, wayTo } from './testing/faults.js';
import { parseMongoUrl } from './url.js';

const engine = await engineFor('Connections to MongoDB', 'TEST_MODELS_URL', startMongo);
const tls = await engineFor('MongoDB over TLS', 'TEST_MODELS_TLS_URL');

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});
async function open(url: string): Promise<ReadModels> {
  const models = await openMongoModels({ url });
  opened.unshift(() => models.close());
  return models;
}
async function aWayTo(url: string): Promise<Way> {
  const way = await wayTo(url);
  opened.push(() => way.cut());
  return way;
}

async function put(models: ReadModels, id: string): Promise<void> {
  const writer = await models.writer({ name: 'deals', version: 1, indexes: [] });
  const after = await writer.position();
  await writer.commit({
    after,
    position: after + 1n,
    documents: new Map([[id, { document: { id }, position: after + 1n }]]),
  });
}

if (engine) {
  const database = freshDatabase(engine.url);
  afterAll(async () => {
    await database.close();
    await engine.stop();
  });

  describe('A connection to MongoDB', () => {
    it('that is lost fails with a clear error, and recovers with the server, without a restart', async () => {
      const way = await aWayTo(engine.url);
      const models = await open(databaseAt(way.url, parseMongoUrl(await database.next()).database));
      await put(models, 'a');
      await way.cut();
      await expect(models.model('deals').find()).rejects.toBeInstanceOf(Transient);
      await expect(put(models, 'b')).rejects.toBeInstanceOf(Transient);
      await way.open();
      await eventually(() =>
        models
          .model('deals')
          .count()
          .then(
            (n) => n === 1,
            () => false,
          ),
      );
      await put(models, 'b');
      expect(await models.model('deals').count()).toBe(2);
    });

    it('whose driver waits for ever for a socket that was just destroyed is reopened', async () => {
      const way = await aWayTo(engine.url);
      const models = await open(databaseAt(way.url, parseMongoUrl(await database.next()).database));
      await put(models, 'a');
      const planted = destroyBeforeWriting(way.url);
      opened.unshift(async () => planted.restore());
      // Both, a question and the driver's own look whether the server is there.
      const asked = expect(models.model('deals').find()).rejects.toBeInstanceOf(Transient);
      await eventually(() => planted.destroyed() > 1, 30_000);
      planted.restore();
      // Who is cut off in the middle of a question takes the server for lost.
      expect(await models.model('deals').count()).toBe(1);
      const cutOff = expect(models.model('deals').count()).rejects.toBeInstanceOf(Transient);
      await way.asked();
      await way.cut();
      await cutOff;
      await way.open();
      await eventually(
        () =>
          models
            .model('deals')
            .count()
            .then(
              (n) => n === 1,
              () => false,
            ),
        60_000,
      );
      await asked;
    });

    it('is refused where nothing answers', async () => {
      const way = await aWayTo(engine.url);
      await way.cut();
      await expect(openMongoModels({ url: way.url })).rejects.toBeInstanceOf(Transient);
    });
  });
}

if (tls) {
  const database = freshDatabase(tls.url);
  afterAll(() => database.close());

  describe('A connection to MongoDB over TLS', () => {
    it('is encrypted, to a server that the CA vouches for', async () => {
      const url = await database.next();
      expect(parseMongoUrl(url)).toMatchObject({ encrypted: true });
      const models = await open(url);
      await put(models, 'a');
      expect(await models.model('deals').get('a')).toEqual({ id: 'a' });
      await expect(openMongoModels({ url: url.replace(/&?tlsCAFile=[^&]*/, '') })).rejects.toThrow(/certificate/);
    });
  });
}
