import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { type ReadModels, Transient } from '@attain/eventsourcing';
import { eventually } from '@attain/eventsourcing/testing';
import { engineFor } from '../testing/engines.js';
import { openMongoModels } from './read-models.js';
import { databaseAt, freshDatabase, startMongo } from './testing/database.js';
import { destroyBeforeWriting, wayTo } from './testing/faults.js';
import { parseMongoUrl } from './url.js';

jest.setTimeout(120_000);
const engine = await engineFor('Connections to MongoDB', 'TEST_MODELS_URL', startMongo);
const tls = await engineFor('MongoDB over TLS', 'TEST_MODELS_TLS_URL');

async function put(models: ReadModels, id: string): Promise<void> {
  const writer = await models.writer({ name: 'deals', version: 1, indexes: [] });
  const after = await writer.position();
  await writer.commit({ after, position: after + 1n, documents: new Map([[id, { document: { id }, position: after + 1n }]]) });
}

if (engine) {
  const database = freshDatabase(engine.url);
  afterAll(async () => {
    await database.close();
    await engine.stop();
  });

  describe('A connection to MongoDB', () => {
    it('that is lost fails in clear, and is there again with the server, without a restart', async () => {
      const way = await wayTo(engine.url);
      const models = await openMongoModels({ url: databaseAt(way.url, parseMongoUrl(await database.next()).database) });
      await put(models, 'a');
      await way.cut();
      await expect(models.model('deals').find()).rejects.toBeInstanceOf(Transient);
      await expect(put(models, 'b')).rejects.toBeInstanceOf(Transient);
      await way.open();
      await eventually(() => models.model('deals').count().then((n) => n === 1, () => false));
      await put(models, 'b');
      expect(await models.model('deals').count()).toBe(2);
      await models.close();
      await way.cut();
    });

    it('whose driver waits for ever for a socket that was just destroyed is opened anew', async () => {
      const way = await wayTo(engine.url);
      const models = await openMongoModels({ url: databaseAt(way.url, parseMongoUrl(await database.next()).database) });
      await put(models, 'a');
      const planted = destroyBeforeWriting(way.url);
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
      await eventually(() => models.model('deals').count().then((n) => n === 1, () => false), 60_000);
      await asked;
      await models.close();
      await way.cut();
    });

    it('is refused where nothing answers', async () => {
      const way = await wayTo(engine.url);
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
      const models = await openMongoModels({ url });
      await put(models, 'a');
      expect(await models.model('deals').get('a')).toEqual({ id: 'a' });
      await models.close();
      await expect(openMongoModels({ url: url.replace(/&?tlsCAFile=[^&]*/, '') })).rejects.toThrow(/certificate/);
    });
  });
}
